#pragma once

#include <vector>

#include "training/range_test.h"

class QCPAxisRect;
class QCustomPlot;
class QFont;
class QPalette;
class QPoint;

namespace frostline {

class RangeMarkLayer;

/// A suggested rate, and the smoothed loss there.
struct RangeMark {
    RateMethod method = RateMethod::Valley;
    double rate = 0.0;
    double loss = 0.0;
};

/// Suggested rates on the curve: a shape at its height, a line up to a label above the plot. What draws is
/// owned by the canvas. GUI thread.
class RangeMarks {
public:
    RangeMarks(QCustomPlot& canvas, QCPAxisRect& rect);

    void set(std::vector<RangeMark> marks);
    void applyStyle(const QPalette& palette, const QFont& font);
    /// Of the labels above the plot, however near their rates are.
    static int stripHeight(const QFont& font);
    /// Where a method's shape is on the canvas; null where it has none.
    QPoint positionOf(RateMethod method) const;

private:
    RangeMarkLayer* m_layer;
};

} // namespace frostline
