#pragma once

#include "plots/metric_history.h"
#include "plots/plot_scaling.h"

class QRect;
class QWidget;

namespace frostline {

/// The steps along a plot, for what stands under it to the pixel.
class StepAxis {
public:
    virtual ~StepAxis() = default;

    virtual const QWidget& stepWidget() const = 0;
    /// Where the steps stand in it.
    virtual QRect stepArea() const = 0;
    virtual XAxis axis() const = 0;
    virtual Interval xRange() const = 0;
    virtual double xOf(Step step) const = 0;
    virtual Step stepAt(double x) const = 0;
};

} // namespace frostline
