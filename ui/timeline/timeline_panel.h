#pragma once

#include <QTimer>
#include <QWidget>

#include "timeline/freeze_track.h"

class QSplitter;
class QTreeView;
class QToolButton;

namespace frostline {

class InterventionModel;
class MetricPlot;
class TimelineStrip;

/// The Timeline dock: what was trainable when, under the curves, and the changes as a list. GUI thread.
class TimelinePanel : public QWidget {
    Q_OBJECT
public:
    /// Shows the steps that `plot` shows; the plot has to outlive it.
    explicit TimelinePanel(MetricPlot& plot, QWidget* parent = nullptr);

    void clear();
    /// Fills everything from a saved session.
    void showSession(const Session& session);
    /// A run begins, or goes on after the session that is shown.
    void begin(const LayerTable& table);
    void setSteps(Step done);
    void addIntervention(const Intervention& intervention, const LayerTable& after);

    /// Why nothing can be branched from; empty where it can.
    void setBranchObstacle(const QString& why);
    /// Index of the intervention that is selected; -1 for none.
    int selected() const;
    const FreezeTrack& track() const { return m_track; }

    QSize sizeHint() const override;

public Q_SLOTS:
    /// Selects an intervention; -1 selects none.
    void select(int index);

Q_SIGNALS:
    void interventionSelected(int index); ///< By mouse or key, here.
    void branchRequested(frostline::Step step);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* createSide();
    void createList();
    void showListMenu(const QPoint& position);
    void takeListSelection();
    void updateBranchButton();
    /// Has the plot leave room for the names of layers, and the strip end where the plot ends.
    void lineUp();
    bool eventFilter(QObject* watched, QEvent* event) override;

    MetricPlot& m_plot;
    FreezeTrack m_track;
    InterventionModel* m_model;
    TimelineStrip* m_strip;
    QSplitter* m_splitter;
    QTreeView* m_list;
    QToolButton* m_branch;
    QString m_branchObstacle;
    QTimer m_lineUpSoon; ///< When the layouts around have settled.
    bool m_isSplitByHand = false;
};

} // namespace frostline
