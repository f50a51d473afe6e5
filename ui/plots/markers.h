#pragma once

#include <vector>

#include <QColor>
#include <QList>
#include <QPoint>
#include <QString>

class QCPAxisRect;
class QCustomPlot;
class QFont;
class QPalette;

namespace frostline {

/// Where an intervention stands and what it says.
struct Marker {
    int index = 0; ///< Its name outside.
    double x = 0.0;
    QString label;
    QString text; ///< Whole, for the tooltip.
    QColor colour;
};

class MarkerLayer;

/// Vertical lines through all plots, labelled above the first of them. What draws is owned by the canvas.
/// GUI thread.
class Markers {
public:
    Markers(QCustomPlot& canvas, QList<QCPAxisRect*> rects);

    /// In ascending order of x.
    void set(std::vector<Marker> markers);
    void highlight(int index);
    int highlighted() const;
    /// Of the strip above the plots that the labels need.
    static int stripHeight(const QFont& font);
    void applyPalette(const QPalette& palette, const QFont& font);

    /// Index of the marker whose label or line lies there; -1 for none.
    int at(const QPointF& position) const;
    /// Texts of all markers that a label or line there stands for.
    QString textAt(const QPointF& position) const;
    /// A place where the marker can be clicked; null if it is out of view.
    QPoint positionOf(int index) const;
    /// Index of the nearest marker beyond `x`; -1 for none.
    int neighbour(double x, bool forward) const;
    double xOf(int index) const;

private:
    MarkerLayer* m_layer;
};

} // namespace frostline
