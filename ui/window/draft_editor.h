#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QTimer>

#include "data/data_set.h"
#include "session/session.h"
#include "training/run.h"
#include "window/recipe_draft.h"
#include "window/window_parts.h"

namespace frostline {

/// Routes between the panels and the draft while nothing runs: what is ticked and set goes into the draft,
/// and what it would cost comes back. GUI thread.
class DraftEditor : public QObject {
    Q_OBJECT
public:
    explicit DraftEditor(const WindowParts& parts, QObject* parent = nullptr);

    const RecipeDraft& draft() const { return m_draft; }
    /// The draft's, once it was prepared; null before.
    const std::shared_ptr<const DataSplits>& data() const { return m_data; }
    /// Steps of an epoch; 0 while the data is unknown.
    Step stepsPerEpoch() const;

    void open(const Recipe& recipe, const QString& file);
    /// A branch: `recipe` is as recipeAt() gives it, `layers` names those of its network.
    void openBranch(const Recipe& recipe, const LayerTable& layers, const RunOrigin& origin);
    /// A session that is being resumed; nothing is prepared, for the run does that.
    void openResumed(const Recipe& recipe, const LayerTable& layers, const RunOrigin& origin);
    /// Where the draft begins if not at step 0.
    const std::optional<RunOrigin>& origin() const { return m_origin; }
    /// After a run: what the panels show now is what the next Start begins with. One with phases begins again
    /// as it began.
    void takeOver(const Session& session);
    /// Why Start cannot be; empty where it can.
    QString obstacle() const;

Q_SIGNALS:
    void obstacleChanged();

private:
    void take(const Recipe& recipe, const QString& file, const std::optional<RunOrigin>& origin);
    void connectPanels();
    void connectPreparation();
    void applyChanges(const std::vector<Change>& changes);
    void takeEdits();
    void takePlan(const Recipe& recipe);
    void showPrepared(const LayerTable& layers, const std::shared_ptr<const DataSplits>& data,
                      const SessionEnvironment& environment);
    void showTable();
    void showPlan();
    void scheduleEstimate();
    void scheduleLoad();

    WindowParts m_parts;
    RecipeDraft m_draft;
    std::optional<RunOrigin> m_origin;
    QTimer m_estimateTimer;
    QTimer m_loadTimer;
    std::shared_ptr<const DataSplits> m_data;
    QString m_failure; ///< Why the draft could not be prepared.
};

} // namespace frostline
