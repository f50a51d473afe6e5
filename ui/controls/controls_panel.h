#pragma once

#include <optional>
#include <vector>

#include <QStringList>
#include <QWidget>

#include "training/recipe.h"
#include "training/run.h"

namespace frostline {

class CostGroup;
class FoldBox;
class PruningGroup;
class RateGroup;
class RecipeGroup;
class RunGroup;

/// The Controls dock: the recipe's fields in groups that fold. While a run goes on, what a running network
/// takes is asked for as changes, and everything else is locked. GUI thread.
class ControlsPanel : public QWidget {
    Q_OBJECT
public:
    explicit ControlsPanel(QWidget* parent = nullptr);

    /// A double click on the learning rate brings back this recipe's.
    void setRecipe(const Recipe& recipe);
    /// As edited; what is invalid in a field counts as its last valid content.
    Recipe recipe() const;
    /// What stands in a field and cannot be, in one sentence; empty where all fields are right.
    QString problem() const;
    void setRunning(bool running);
    void setReadOnly(bool readOnly);
    /// Whether the recipe is of a branch: what its parent's steps depend on is locked.
    void setBranch(bool isBranch);

    void setTotals(const LayerTotals& totals);
    void setEstimate(const std::optional<CostEstimate>& estimate);
    /// What a step took and the most memory in use, beside what was estimated.
    void setMeasured(double stepSeconds, std::int64_t memoryBytes);
    /// What is in force, shown where it is not what is set.
    void setLive(double learningRate, double sparsityTarget);
    void setDevice(const QString& device, int threads);

    /// Names of the groups that are folded away, to be kept between starts.
    QStringList foldedGroups() const;
    void setFoldedGroups(const QStringList& names);

    QSize sizeHint() const override;

Q_SIGNALS:
    void recipeEdited(); ///< Not while running.
    void changesRequested(const std::vector<frostline::Change>& changes);

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
    CostGroup* m_cost = nullptr;
    std::vector<RecipeGroup*> m_groups;
    std::vector<FoldBox*> m_boxes;
};

} // namespace frostline
