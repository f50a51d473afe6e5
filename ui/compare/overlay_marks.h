#pragma once

#include <optional>
#include <vector>

#include <QColor>

#include "compare/overlay_run.h"

class QCustomPlot;
class QPalette;

namespace frostline {

class OverlayPanel;
class MarkLayer;
class CursorLayer;

/// Stars on best epochs, forks where branches leave, and a line under the pointer. What draws is owned by the
/// canvas. GUI thread.
class OverlayMarks {
public:
    OverlayMarks(QCustomPlot& canvas, const OverlayPanel& loss, const OverlayPanel& accuracy);

    void setRuns(const std::vector<OverlayRun>& runs);
    void applyStyle(const QString& lit, const QPalette& palette);
    /// Nothing hides it. Repaints the line alone.
    void setCursor(std::optional<double> x);
    std::optional<double> cursor() const;

private:
    std::vector<MarkLayer*> m_layers;
    std::vector<CursorLayer*> m_cursors;
};

} // namespace frostline
