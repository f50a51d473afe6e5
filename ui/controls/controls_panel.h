#pragma once

#include <vector>

#include <QStringList>
#include <QWidget>

#include "training/cost.h"
#include "training/intervention.h"
#include "training/recipe.h"

namespace frostline {

class CostGroup;
class FoldBox;
class OptimizerGroup;
class PruningGroup;
class RateGroup;
class RecipeGroup;
class RunGroup;
class ScheduleGroup;
struct SessionEnvironment;

/// The Controls dock: the recipe's fields in groups that fold. While a run goes on, what a running network
/// takes is asked for as changes, and everything else is locked. GUI thread.
class ControlsPanel : public QWidget {
    Q_OBJECT
public:
    explicit ControlsPanel(QWidget* parent = nullptr);

    /// A double click on the learning rate brings back this recipe's.
    void setRecipe(const Recipe& recipe);
    /// Takes over when what happens, and how the run begins: phases, epochs, schedule, ends, optimizer.
    void setPlan(const Recipe& recipe);
    /// Shows what a phase has changed, where it began.
    void follow(const Change& change);
    /// As edited; what is invalid in a field counts as its last valid content.
    Recipe recipe() const;
    /// What stands in a field and cannot be, in one sentence; empty where all fields are right.
    QString problem() const;
    /// Sets the learning rate as a hand would; not where the panel is read-only.
    void chooseLearningRate(double rate);
    void setRunning(bool running);
    void setReadOnly(bool readOnly);
    /// Whether the recipe is of a branch: what its parent's steps depend on is locked.
    void setBranch(bool isBranch);

    /// Counts and costs are those of these layers.
    void setTable(const LayerTable& table);
    /// Before a run: what it would cost.
    void setEstimatedCost(const CostReport& report);
    /// While it runs: what it costs, beside what was expected.
    void setMeasuredCost(const CostReport& report);
    /// Of a whole epoch with the layers as they are, at its highest.
    void setMeasuredMemory(std::int64_t bytes);
    /// Until it is measured again nothing is known of it.
    void clearCost();
    /// What is in force, shown where it is not what is set. The rate is `base` times the schedule's factor.
    void setLiveRate(double base, double learningRate);
    void setLiveSparsity(double sparsityTarget);
    void setEnvironment(const SessionEnvironment& environment);

    /// Names of the groups that are folded away, to be kept between starts.
    QStringList foldedGroups() const;
    void setFoldedGroups(const QStringList& names);

    QSize sizeHint() const override;

Q_SIGNALS:
    void recipeEdited(); ///< Not while running.
    void changesRequested(const std::vector<frostline::Change>& changes);
    /// Everything up to this layer of the table shall be frozen and all after it train; -1 freezes nothing.
    void freezeRequested(int node);

private:
    void createGroups();
    void addGroup(const QString& name, const QString& title, QWidget* group);
    void connectGroup(RecipeGroup* group);
    void updateAccess();

    Recipe m_recipe;
    bool m_running = false;
    bool m_readOnly = false;
    bool m_isBranch = false;
    RateGroup* m_rate = nullptr;
    PruningGroup* m_pruning = nullptr;
    RunGroup* m_run = nullptr;
    ScheduleGroup* m_schedule = nullptr;
    OptimizerGroup* m_optimizer = nullptr;
    CostGroup* m_cost = nullptr;
    std::vector<RecipeGroup*> m_groups;
    std::vector<FoldBox*> m_boxes;
};

} // namespace frostline
