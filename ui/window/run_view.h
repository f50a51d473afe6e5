#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QTimer>

#include "session/session.h"
#include "training/metrics.h"
#include "training/run.h"
#include "window/window_parts.h"

namespace frostline {

/// What a run begins with.
struct RunBeginning {
    Recipe recipe;
    Step stepsPerEpoch = 0; ///< 0 while unknown.
    std::optional<RunOrigin> origin;
    std::shared_ptr<const Session> before; ///< The steps before its first one, where it goes on from some.
};

/// Routes between the run and the panels while one runs: what is ticked and set is asked of the run, and
/// what became of it is shown. GUI thread.
class RunView : public QObject {
    Q_OBJECT
public:
    explicit RunView(const WindowParts& parts, QObject* parent = nullptr);

    void begin(const RunBeginning& beginning);

Q_SIGNALS:
    void ended(std::shared_ptr<const frostline::Session> session);

private:
    void connectPanels();
    void connectTransport();
    void connectFacts();
    void request(const std::vector<Change>& changes);
    void setRunning(bool running);
    void showBefore(const RunBeginning& beginning);
    void showTable(const LayerTable& layers);
    void showPlan(const RunBeginning& beginning);
    void showPhase(int phase, Step began);
    void showRate(double learningRate);
    void showIntervention(const Intervention& intervention, const LayerTable& layers);
    void showRefusal(const Change& change, const QString& why);
    void showPause(Step step, const QString& reason);
    void showEpoch(const EpochRecord& epoch);
    void showCost();
    void showFailure(const QString& why);

    WindowParts m_parts;
    Recipe m_recipe;
    double m_rate = 0.0;              ///< Base rate in force.
    int m_phase = -1;                 ///< Of the recipe's; -1 before the first.
    Step m_target = 0;                ///< Of going back.
    std::optional<CostReport> m_cost; ///< Still to be shown.
    QTimer m_costTimer;
    bool m_isMixedEpoch = false; ///< Something was changed in the middle of it.
};

} // namespace frostline
