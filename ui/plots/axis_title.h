#pragma once

class QCPAxisRect;
class QColor;
class QCustomPlot;
class QFont;
class QString;

namespace frostline {

class AxisTitleLayer;

/// Title of a value axis, upright at the outer edge: axis labels of QCustomPlot follow the width of their own
/// tick labels, so that those of stacked plots would not line up. Owned by the canvas. GUI thread.
class AxisTitle {
public:
    AxisTitle(QCustomPlot& canvas, QCPAxisRect& rect, const QString& text);

    void setText(const QString& text);
    void setStyle(const QFont& font, const QColor& colour);

private:
    QCPAxisRect& m_rect;
    AxisTitleLayer* m_layer;
};

} // namespace frostline
