#pragma once

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <string>
#include <vector>

#include "core/run_witness.h"

namespace frostline::tests {

/// What must be the same to the bit; times are no part of it.
inline void compareRecords(const Session& first, const Session& second)
{
    QCOMPARE(lossesOf(first), lossesOf(second));
    for (std::size_t i = 0; i < first.steps.size(); ++i)
        QCOMPARE(first.steps[i].learningRate, second.steps[i].learningRate);
    QCOMPARE(first.epochs.size(), second.epochs.size());
    for (std::size_t i = 0; i < first.epochs.size(); ++i) {
        QCOMPARE(first.epochs[i].train.loss, second.epochs[i].train.loss);
        QCOMPARE(first.epochs[i].learningRate, second.epochs[i].learningRate);
        QCOMPARE(first.epochs[i].train.accuracy, second.epochs[i].train.accuracy);
        QCOMPARE(first.epochs[i].validation->loss, second.epochs[i].validation->loss);
        for (std::size_t j = 0; j < first.epochs[i].layers.size(); ++j) {
            QCOMPARE(first.epochs[i].layers[j].drift, second.epochs[i].layers[j].drift);
            QCOMPARE(first.epochs[i].layers[j].gradientNorm, second.epochs[i].layers[j].gradientNorm);
        }
    }
    QCOMPARE(first.interventions.size(), second.interventions.size());
    for (std::size_t i = 0; i < first.interventions.size(); ++i) {
        QCOMPARE(first.interventions[i].step, second.interventions[i].step);
        QVERIFY(first.interventions[i].change == second.interventions[i].change);
    }
    QCOMPARE(first.checkpoints.back().step, second.checkpoints.back().step);
    QCOMPARE(first.checkpoints.back().sha256, second.checkpoints.back().sha256);
}

/// Runs recipes into a folder of its own, on one thread, and hears their warnings.
class RunCase : public QObject {
protected:
    QTemporaryDir m_folder;
    std::vector<std::string> m_warnings;

    RunOptions options()
    {
        RunOptions options;
        options.threads = 1;
        options.sessionsFolder = m_folder.path().toStdString();
        options.log = [this](LogLevel level, const std::string& text) {
            if (level == LogLevel::Warning)
                m_warnings.push_back(text);
        };
        return options;
    }
    /// Runs to the end or to `steps`; the session's folder stands in `folder`.
    Result<Session> run(const Recipe& recipe, const RunOptions& options,
                        std::filesystem::path* folder = nullptr, Witness* witness = nullptr,
                        std::stop_token stop = {})
    {
        Witness own;
        auto prepared = Run::prepare(recipe, options);
        if (!prepared)
            return tl::unexpected(prepared.error());
        auto session = (*prepared)->execute(witness ? *witness : own, stop);
        if (folder)
            *folder = (*prepared)->sessionFolder();
        return session;
    }
    Result<Session> resume(const std::filesystem::path& folder, std::vector<Intervention> planned,
                           Witness* witness = nullptr)
    {
        auto rest = options();
        rest.origin = RunOrigin{RunOrigin::Kind::Resume, folder, 0, false};
        rest.planned = std::move(planned);
        return run({}, rest, nullptr, witness);
    }
    Result<Session> branch(const std::filesystem::path& folder, Step step, const Recipe& recipe,
                           bool keepLater = false)
    {
        auto rest = options();
        rest.origin = RunOrigin{RunOrigin::Kind::Branch, folder, step, keepLater};
        return run(recipe, rest);
    }
};

} // namespace frostline::tests
