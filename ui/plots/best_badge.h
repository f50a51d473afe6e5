#pragma once

#include <QCoreApplication>

class QCPGraph;
class QCPItemText;
class QCustomPlot;
class QFont;
class QPalette;

namespace frostline {

class CurveModel;
class PlotPanel;

/// A star on the epoch with the highest validation accuracy, with its name beside it. GUI thread.
class BestBadge {
    Q_DECLARE_TR_FUNCTIONS(frostline::BestBadge)
public:
    BestBadge(QCustomPlot& canvas, const PlotPanel& accuracy);

    void sync(const CurveModel& model);
    void applyPalette(const QPalette& palette, const QFont& font);

private:
    void placeLabel(double x, double accuracy);

    const PlotPanel& m_panel;
    QCPGraph* m_star; ///< Owned by the canvas, as is the label.
    QCPItemText* m_label;
};

} // namespace frostline
