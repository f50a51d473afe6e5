#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "session/session.h"
#include "training/run.h"

namespace frostline::tests {

/// Collects what a run tells, and can steer it from inside, as a hand would between two steps.
class Witness : public RunObserver {
public:
    std::function<void(Step)> atStep;
    std::function<void()> atValidation;
    std::function<void(Step, const std::string&)> whenPaused;
    std::vector<MetricPoint> points;
    std::vector<Intervention> interventions;
    std::vector<Error> refusals;
    LayerTable layers;
    int resumed = 0;
    int recomputed = 0;

    void onRecomputing(const RunProgress&) override { ++recomputed; }
    void onStep(const MetricPoint& point, const RunProgress&) override
    {
        points.push_back(point);
        if (atStep)
            atStep(point.step);
    }
    void onValidating(const RunProgress&) override
    {
        if (atValidation)
            atValidation();
    }
    void onIntervention(const Intervention& intervention, const LayerTable&) override
    {
        interventions.push_back(intervention);
    }
    void onRefused(const Change&, const Error& error) override { refusals.push_back(error); }
    void onLayers(const LayerTable& table) override { layers = table; }
    void onPaused(Step step, const std::string& reason) override
    {
        if (whenPaused)
            whenPaused(step, reason);
    }
    void onResumed(Step) override { ++resumed; }

    const LayerInfo& layer(const char* path) const
    {
        return *std::ranges::find(layers, path, &LayerInfo::path);
    }
};

inline std::vector<double> lossesOf(const Session& session)
{
    std::vector<double> losses;
    for (const auto& point : session.steps)
        losses.push_back(point.loss);
    return losses;
}

/// A planned or made change, as a hand would.
inline Intervention at(Step step, ChangeKind kind, const char* target, ChangeValue value)
{
    return {step, {kind, target, std::move(value)}, Origin::User, ""};
}

} // namespace frostline::tests
