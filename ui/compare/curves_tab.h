#pragma once

#include <QWidget>

#include "compare/compared_run.h"
#include "session/comparison.h"

class QComboBox;
class QDoubleSpinBox;
class QToolButton;

namespace frostline {

class HoverLink;
class OverlayPlot;
class ToolRow;

/// The overlaid curves with the tools to look at them. GUI thread.
class CurvesTab : public QWidget {
    Q_OBJECT
public:
    explicit CurvesTab(HoverLink& hover, QWidget* parent = nullptr);

    void setSessions(const ComparedRuns& sessions);
    OverlayPlot& plot() const { return *m_plot; }

    /// Writes a PNG, SVG or PDF picture or a CSV table, as the suffix says; a sentence on what went wrong, or
    /// nothing. The table is written on another thread: what goes wrong there is told by messageRequested().
    QString exportTo(const QString& file);

public Q_SLOTS:
    void copyPicture();
    void exportFigures();

Q_SIGNALS:
    void messageRequested(const QString& message);
    void exported(const QString& file);

private:
    void createTools();
    void createAxisChoice();
    void createOutput();
    void prepare();
    void exportTable(const QString& file);

    ToolRow* m_tools;
    OverlayPlot* m_plot;
    QComboBox* m_alignment = nullptr;
    QDoubleSpinBox* m_smoothing = nullptr;
    QToolButton* m_band = nullptr;
    ComparedRuns m_sessions;
    bool m_isPreparing = false;
    bool m_isStale = false;
};

} // namespace frostline
