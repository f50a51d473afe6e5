#pragma once

#include <vector>

#include <QWidget>

#include "model/layer_info.h"
#include "training/intervention.h"

class QAction;
class QLabel;
class QLineEdit;
class QMenu;
class QToolBar;
class QToolButton;
class QUndoStack;

namespace frostline {

enum class LayerAction;
class LayerActionSet;
class LayerFilter;
class LayerModel;
class LayerTotalsView;
class LayerTreeView;

/// The Layers dock: filter, actions, tree, totals. It asks for changes and shows the table it is given;
/// while a run goes on, what was asked for shows as pending until a table comes that has it. GUI thread.
class LayerPanel : public QWidget {
    Q_OBJECT
public:
    explicit LayerPanel(QWidget* parent = nullptr);
    ~LayerPanel() override;

    /// Other layers than before also clear what can be undone.
    void setTable(const LayerTable& table);
    /// As last set: what is pending is not in it.
    const LayerTable& table() const { return m_table; }
    /// `nextStep` is the step before which a change asked for now takes effect.
    void setRunning(bool running, Step nextStep);
    /// Shows these changes as coming at `step`, added to those that are pending already.
    void showPending(const std::vector<Change>& changes, Step step);
    void clearPending();
    /// Asks for everything up to this layer frozen and all after it trainable; -1 freezes nothing.
    void freezeUpTo(int tableIndex);
    void setReadOnly(bool readOnly);
    /// Asks for these changes and a learning rate at once, to be taken back at once.
    void requestWithRate(const std::vector<Change>& changes, double rateBefore, double rate,
                         const QString& text);
    /// Another button for the tool row.
    void addTool(QAction* action);

    QUndoStack* undoStack() const { return m_undo; }
    /// For the Edit menu too, so that their keys are not taken twice.
    QAction* undoAction() const { return m_undoAction; }
    QAction* redoAction() const { return m_redoAction; }
    LayerTreeView* tree() const { return m_tree; }

    QByteArray headerState() const;
    bool restoreHeaderState(const QByteArray& state);

Q_SIGNALS:
    void changesRequested(const std::vector<frostline::Change>& changes);
    void messageRequested(const QString& message);

protected:
    void changeEvent(QEvent* event) override;

private:
    void createFilterRow();
    void createActions();
    void createToolBar();
    void createTree();
    void createLayout();
    QMenu* createContextMenu();
    void addStatisticsMenu(QMenu* menu);
    QAction* addTreeAction(const QString& text, const QKeySequence& key);

    void applyFilter();
    void showMatchCount();
    void showShownTable();
    void refreshIcons();
    void updateUsable();
    void showContextMenu(const QPoint& position);

    void requestAction(LayerAction action);
    void requestToggle();
    void requestStatistics(Statistics statistics);
    /// From a cell: the same for everything that is selected with it.
    void requestFromCell(const std::vector<Change>& changes);
    void request(const std::vector<Change>& changes, const QString& text);
    void execute(const std::vector<Change>& changes);

    LayerTable m_table;
    LayerTable m_shown; ///< With what is pending.
    std::vector<Change> m_pending;
    Step m_pendingStep = 0;
    Step m_nextStep = 0;
    bool m_running = false;
    bool m_readOnly = false;

    LayerModel* m_model = nullptr;
    LayerFilter* m_filter = nullptr;
    LayerActionSet* m_actions = nullptr;
    QUndoStack* m_undo = nullptr;
    QAction* m_undoAction = nullptr;
    QAction* m_redoAction = nullptr;
    QAction* m_toggleAction = nullptr;
    QAction* m_editRateAction = nullptr;
    QAction* m_editSparsityAction = nullptr;
    QAction* m_expandAction = nullptr;
    QAction* m_collapseAction = nullptr;
    QLabel* m_filterLabel = nullptr;
    QLineEdit* m_filterEdit = nullptr;
    QAction* m_filterIcon = nullptr;
    QToolButton* m_regexButton = nullptr;
    QLabel* m_matchCount = nullptr;
    QToolBar* m_toolBar = nullptr;
    LayerTreeView* m_tree = nullptr;
    LayerTotalsView* m_totals = nullptr;
};

} // namespace frostline
