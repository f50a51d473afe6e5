#pragma once

#include <QWidget>

#include "plan/phase_form_dialog.h"
#include "session/session.h"
#include "training/recipe.h"

class QAction;
class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;
class QUndoStack;

namespace frostline {

class PlanModel;
class PlanPreview;
class PlanTable;

/// The Plan page: phases and schedule of a run in a table, and below it what they come to. GUI thread.
class PlanPage : public QWidget {
    Q_OBJECT
public:
    explicit PlanPage(QWidget* parent = nullptr);
    ~PlanPage() override;

    /// What Start would run. `table` holds the layers at step 0, empty while unknown; `stepsPerEpoch` is 0
    /// while unknown. In a branch the plan is its parent's.
    void setDraft(const Recipe& recipe, const LayerTable& table, Step stepsPerEpoch, bool isBranch);
    /// What was planned for a saved session; nothing of it can be edited.
    void showSession(const Session& session);
    /// What is planned for a run that begins. `start` holds the layers at step 0.
    void showRun(const Recipe& recipe, const LayerTable& start, Step stepsPerEpoch);
    void setRunning(bool running);
    /// Another recipe: nothing can be taken back.
    void forgetEdits();
    /// The phase in force and the step at which it began; -1 for none.
    void setPhase(int phase, Step began);
    void setStep(Step step);

    /// As edited.
    const Recipe& recipe() const { return m_recipe; }
    /// Why it cannot be run, in one sentence; empty where it can.
    QString problem() const;

    PlanModel* model() const { return m_model; }
    PlanTable* table() const { return m_table; }
    PlanPreview* preview() const { return m_preview; }

Q_SIGNALS:
    void planEdited(const frostline::Recipe& recipe);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void createActions();
    QAction* addTool(const char* icon, const QString& text, const QString& help, const QKeySequence& key);
    QWidget* createTools();
    QWidget* createRunLine();
    void showRecipe(const Recipe& recipe, const LayerTable& table, Step stepsPerEpoch);
    void refresh();
    void updateUsable();
    void updateRunLine();
    QString obstacle() const;
    void tell(const QString& problem);

    void push(const Recipe& after, const QString& what);
    void take(const Recipe& recipe, bool withLayers, bool withOptimizer);
    int currentRow() const;
    void selectRow(int row);
    void addPhase();
    void clonePhase();
    void removePhase();
    void movePhase(int by);
    void openForm(PhaseFormDialog::Form form);
    void editFields(const QModelIndex& index);
    void editRunSchedule();
    void editRunEnd();
    void takeBest();

    Recipe m_recipe;
    LayerTable m_layers;
    Step m_stepsPerEpoch = 0;
    bool m_running = false;
    bool m_saved = false;
    bool m_isBranch = false;
    int m_phase = -1;
    Step m_phaseBegan = 0;
    PlanModel* m_model;
    PlanTable* m_table;
    PlanPreview* m_preview;
    QUndoStack* m_undo;
    QLabel* m_problem;
    QLabel* m_obstacle;
    QWidget* m_runLine = nullptr;
    QPushButton* m_runSchedule = nullptr;
    QPushButton* m_runEnd = nullptr;
    QCheckBox* m_restoresBest = nullptr;
    QComboBox* m_bestBy = nullptr;
    QAction* m_add = nullptr;
    QAction* m_clone = nullptr;
    QAction* m_remove = nullptr;
    QAction* m_up = nullptr;
    QAction* m_down = nullptr;
    QAction* m_undoAction = nullptr;
    QAction* m_redoAction = nullptr;
    QToolButton* m_twoPhase = nullptr;
    QToolButton* m_gradual = nullptr;
};

} // namespace frostline
