#pragma once

#include <chrono>
#include <string>

#include "training/run.h"

namespace frostline::cli {

/// "######------": as much of it filled as is done.
std::string barText(double fraction);
/// "3.2 s", "4:05"
std::string durationText(double seconds);

/// Shows a run on standard error: a bar that stays on its line on a terminal, a line for each epoch
/// otherwise.
class ProgressLine : public RunObserver {
public:
    ProgressLine();

    void onRecomputing(const RunProgress& progress) override;
    void onPaused(Step step, const std::string& reason) override;
    void onResumed(Step step) override;
    void onStep(const MetricPoint& point, const RunProgress& progress) override;
    void onEpoch(const EpochRecord& epoch, const RunProgress& progress) override;
    void onIntervention(const Intervention& intervention, const LayerTable& table) override;

private:
    void clear() const;

    bool m_isTerminal;
    std::chrono::steady_clock::time_point m_started;
    std::chrono::steady_clock::time_point m_drawn;
};

} // namespace frostline::cli
