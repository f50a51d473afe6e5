#pragma once

#include <QCoreApplication>

class QCustomPlot;
class QFont;
class QPalette;

namespace frostline {

class BestLayer;
class CurveModel;
class PlotPanel;

/// A star on the epoch with the highest validation accuracy, or on that with the least loss where the task
/// has no accuracy, with its name beside it. Owned by the canvas. GUI thread.
class BestBadge {
    Q_DECLARE_TR_FUNCTIONS(frostline::BestBadge)
public:
    BestBadge(QCustomPlot& canvas, const PlotPanel& loss, const PlotPanel& accuracy);

    void sync(const CurveModel& model);
    void applyPalette(const QPalette& palette, const QFont& font);

private:
    const PlotPanel& m_loss;
    const PlotPanel& m_accuracy;
    BestLayer* m_layer;
};

} // namespace frostline
