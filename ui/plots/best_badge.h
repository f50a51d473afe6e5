#pragma once

#include <QCoreApplication>

class QCustomPlot;
class QFont;
class QPalette;

namespace frostline {

class BestLayer;
class CurveModel;
class PlotPanel;

/// A star on the epoch with the highest validation accuracy, with its name beside it. Owned by the canvas.
/// GUI thread.
class BestBadge {
    Q_DECLARE_TR_FUNCTIONS(frostline::BestBadge)
public:
    BestBadge(QCustomPlot& canvas, const PlotPanel& accuracy);

    void sync(const CurveModel& model);
    void applyPalette(const QPalette& palette, const QFont& font);

private:
    BestLayer* m_layer;
};

} // namespace frostline
