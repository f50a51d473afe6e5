#pragma once

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "sample_run.h"
#include "session/session.h"
#include "session/session_store.h"

namespace frostline::test {

/// A small network: four blocks of a convolution and a norm, and a head.
inline LayerTable sampleLayers()
{
    LayerTable table;
    const auto add = [&table](const std::string& path, const std::string& kind, int parent, bool isLeaf) {
        LayerInfo layer;
        layer.path = path;
        layer.name = path.substr(path.rfind('.') + 1);
        layer.kind = kind;
        layer.parent = parent;
        layer.isLeaf = isLeaf;
        layer.isNormalisation = kind == "BatchNorm2d";
        layer.parameters = !isLeaf ? 0 : layer.isNormalisation ? 64 : 9000;
        layer.statisticValues = layer.isNormalisation ? 64 : 0;
        layer.statisticTensors = layer.isNormalisation ? 2 : 0;
        layer.parameterTensors = isLeaf ? 2 : 0;
        table.push_back(layer);
        return static_cast<int>(table.size()) - 1;
    };
    for (const auto* block : {"block1", "block2", "block3", "block4"}) {
        const int parent = add(block, "Block", -1, false);
        add(std::string(block) + ".conv", "Conv2d", parent, true);
        add(std::string(block) + ".norm", "BatchNorm2d", parent, true);
    }
    add("head", "Linear", -1, true);
    return table;
}

inline Intervention sampleChange(Step step, const std::string& pattern, bool on)
{
    return {step, {ChangeKind::Trainable, pattern, on}, Origin::User, "2026-11-21T16:30:05Z"};
}

/// A finished run of `steps` steps, `stepsPerEpoch` an epoch; runs with another `skill` end elsewhere.
inline Session sampleSession(const std::string& name, Step steps, double skill = 0.0, Step stepsPerEpoch = 50)
{
    Session session;
    session.name = name;
    session.recipe.name = "trial";
    session.recipe.data.path = "dataset:fashion-mnist";
    session.recipe.model.architecture = "convnet";
    session.recipe.epochs = static_cast<int>(steps / stepsPerEpoch);
    session.recipe.layers = {LayerRule{"*", false, {}, {}, {}}, LayerRule{"head", true, {}, {}, {}}};
    session.environment = {"0.1", "1.13.0", "cpu", 1, "A CPU"};
    session.state = SessionState::Finished;
    session.layers = sampleLayers();
    session.interventions = {sampleChange(steps / 3, "block4.*", true)};
    for (Step step = 0; step < steps; ++step) {
        auto point = samplePoint(step, stepsPerEpoch);
        point.loss = point.loss * (1.0 - 0.2 * skill) + 0.02 * noise(step + static_cast<Step>(skill * 977.0));
        point.accuracy += 0.03 * skill;
        session.steps.push_back(point);
    }
    const double scale = 50.0 / static_cast<double>(stepsPerEpoch);
    for (int epoch = 1; epoch <= session.recipe.epochs; ++epoch) {
        EpochRecord record;
        record.epoch = epoch;
        record.step = epoch * stepsPerEpoch;
        const double position = static_cast<double>(record.step) * scale;
        Scores scores;
        scores.loss = 0.34 + 1.9 * std::exp(-position / (95.0 - 25.0 * skill)) - 0.05 * skill;
        scores.accuracy = 0.90 + 0.03 * skill - 0.7 * std::exp(-position / (85.0 - 20.0 * skill)) +
                          0.004 * noise(epoch + static_cast<Step>(skill * 131.0));
        record.train = scores;
        record.validation = scores;
        record.learningRate = 1e-3;
        record.seconds = 25.0;
        session.epochs.push_back(record);
        if (session.summary.bestEpoch == 0 || scores.accuracy > session.summary.bestValidationAccuracy) {
            session.summary.bestEpoch = epoch;
            session.summary.bestValidationAccuracy = scores.accuracy;
        }
        session.summary.lastValidation = scores;
    }
    session.summary.steps = steps;
    session.summary.seconds = session.steps.empty() ? 0.0 : session.steps.back().seconds;
    return session;
}

/// Puts it into `sessions`, and gives its folder.
inline std::filesystem::path keep(const std::filesystem::path& sessions, Session& session)
{
    const SessionStore store(sessions);
    const auto folder = store.create(session).value();
    if (!SessionStore::save(session, folder))
        std::abort();
    return folder;
}

/// A session that cannot be read.
inline std::filesystem::path keepDamaged(const std::filesystem::path& sessions, const std::string& id)
{
    const auto folder = sessions / id;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "session.json") << "{\"frostline\": \"session/1\", \"id\": ";
    return folder;
}

} // namespace frostline::test
