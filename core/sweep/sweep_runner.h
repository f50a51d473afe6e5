#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

#include "base/error.h"
#include "sweep/sweep_plan.h"
#include "sweep/sweep_record.h"
#include "training/run.h"

namespace frostline {

struct SweepOptions {
    /// Of the sweep: holds sweep.json and the sessions. What was done of the same sweep there is kept.
    std::filesystem::path folder;
    RunOptions run; ///< Of every run; its sessions' folder and origin are set for each.
};

/// Where a sweep is. Runs are counted in the order in which they are made.
struct SweepProgress {
    std::size_t run = 0;      ///< The one that is made now, from 0.
    std::size_t runs = 0;     ///< All of the sweep.
    std::size_t doneHere = 0; ///< Since it was started, or started again.
    std::size_t left = 0;     ///< The one that is made now among them.
    SweepPlace place;
    std::uint64_t seed = 1;
    bool isResumed = false;
};

/// Hears of a sweep and of each of its runs, on the thread that runs it.
class SweepObserver : public RunObserver {
public:
    virtual void onRunBegins(const SweepProgress&) {}
    virtual void onRunEnded(const SweepProgress&, const SweepRunRecord&) {}

    void onStarted(const std::filesystem::path& sessionFolder, const LayerTable& table) override
    {
        if (m_onSession)
            m_onSession(sessionFolder);
        RunObserver::onStarted(sessionFolder, table);
    }

private:
    friend class SweepRunner;
    std::function<void(const std::filesystem::path&)> m_onSession;
};

/// Makes the runs of a sweep that are not done yet, one after another, and gives back the record with what
/// they came to. A run that fails does not keep the others from being made. Stopping is an outcome: the run
/// that was stopped goes on when the sweep is started again.
Result<SweepRecord> runSweep(const SweepPlan& plan, const SweepOptions& options, SweepObserver& observer,
                             const std::stop_token& stop = {});

} // namespace frostline
