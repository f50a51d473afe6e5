#pragma once

#include <vector>

#include <QWidget>

#include "training/metrics.h"

class QStackedWidget;

namespace frostline {

class MetricPlot;
class PlotToolbar;
struct Session;

/// The window's Live tab: the curves of the run at hand, or of a saved one, with the tools to look at them.
/// GUI thread.
class LivePage : public QWidget {
    Q_OBJECT
public:
    explicit LivePage(QWidget* parent = nullptr);

    void clear();
    void setTitle(const QString& title);
    /// Lets the epoch axis be right before the first epoch has ended.
    void setStepsPerEpoch(Step steps);
    /// Redraws at most once, and not at all while hidden.
    void append(const std::vector<MetricPoint>& points);
    void addEpoch(const EpochRecord& record);
    void addIntervention(const Intervention& intervention);
    /// Fills everything from a saved session.
    void showSession(const Session& session);

    /// Writes a PNG, SVG or PDF picture or a CSV table, as the suffix says; a sentence on what went wrong, or
    /// nothing.
    QString exportTo(const QString& file);

    MetricPlot& plot() const { return *m_plot; }

public Q_SLOTS:
    void copyPicture();
    /// Asks for a place and exports there.
    void exportPicture();
    /// Highlights the marker of an intervention; -1 highlights none.
    void selectMarker(int index);

Q_SIGNALS:
    /// `index` counts interventions in the order they were added.
    void markerClicked(int index);
    void markerSelected(int index); ///< By mouse or key.
    void branchRequested(frostline::Step step);
    void messageRequested(const QString& message);

private:
    QWidget* createHint();
    void connectToolbar();
    void showWhatThereIs();

    PlotToolbar* m_toolbar;
    QStackedWidget* m_stack;
    MetricPlot* m_plot;
    QString m_title;
};

} // namespace frostline
