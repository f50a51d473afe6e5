#pragma once

#include <vector>

#include <QCoreApplication>
#include <QString>

#include "compare/run_style.h"

class QCPLayoutElement;
class QCustomPlot;
class QFont;
class QPalette;
class QPointF;

namespace frostline {

class LegendElement;

/// What the colours, shapes and lines of the overlay mean: names that flow over as many rows as they need,
/// and no more than a few on screen. Owned by the canvas. GUI thread.
class OverlayLegend {
    Q_DECLARE_TR_FUNCTIONS(frostline::OverlayLegend)
public:
    struct Entry {
        QString folder;
        QString name;
        RunStyle style;
    };

    explicit OverlayLegend(QCustomPlot& canvas);

    QCPLayoutElement& element() const;
    void setEntries(std::vector<Entry> entries, bool showsTraining);
    void applyStyle(const QString& lit, const QPalette& palette, const QFont& font);
    /// Lays out for a width; in a picture all names are shown.
    void fit(int width, bool isPicture);
    /// Folder of the name that lies there; empty for none.
    QString at(const QPointF& place) const;

private:
    LegendElement* m_element;
};

} // namespace frostline
