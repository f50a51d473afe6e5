#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <thread>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/progress_line.h"
#include "cli/run_to_end.h"
#include "session/session_parts.h"

namespace frostline::cli {

namespace {

std::atomic<int> interrupted = 0;

/// Ctrl+C stops the run and keeps the session; a second one ends the program at once.
class InterruptWatch {
public:
    InterruptWatch()
    {
        std::signal(SIGINT, &InterruptWatch::onSignal);
        std::signal(SIGTERM, &InterruptWatch::onSignal);
        m_watch = std::jthread([this](const std::stop_token& ended) {
            while (!ended.stop_requested() && interrupted == 0)
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            if (interrupted != 0)
                m_stop.request_stop();
        });
    }
    std::stop_token token() const { return m_stop.get_token(); }

private:
    static void onSignal(int number)
    {
        interrupted = 1;
        std::signal(number, SIG_DFL);
    }

    std::stop_source m_stop;
    std::jthread m_watch;
};

Json jsonOf(const std::optional<Scores>& scores)
{
    return scores ? scoresJson(*scores) : Json();
}

/// With --json, a line for each epoch on standard output as well.
class TrainObserver : public ProgressLine {
public:
    explicit TrainObserver(bool json) : m_json(json) {}

    void onEpoch(const EpochRecord& epoch, const RunProgress& progress) override
    {
        ProgressLine::onEpoch(epoch, progress);
        if (!m_json)
            return;
        const Json line{{"epoch", epoch.epoch},
                        {"step", epoch.step},
                        {"train", jsonOf(epoch.train)},
                        {"validation", jsonOf(epoch.validation)},
                        {"seconds", epoch.seconds}};
        std::printf("%s\n", jsonText(line).c_str());
        std::fflush(stdout);
    }
    void onStarted(const std::filesystem::path& sessionFolder, const LayerTable& /*table*/) override
    {
        m_folder = sessionFolder;
    }
    const std::filesystem::path& folder() const { return m_folder; }

private:
    bool m_json;
    std::filesystem::path m_folder;
};

void printResult(const Session& session, const std::filesystem::path& folder, bool json)
{
    if (!json) {
        std::printf("%s\n", folder.c_str());
        return;
    }
    const auto& summary = session.summary;
    Json line{{"state", nameOf(session.state)}, {"steps", summary.steps}, {"seconds", summary.seconds}};
    line["best_epoch"] = summary.bestEpoch;
    const auto accuracy = summary.bestAccuracy();
    line["best_validation_accuracy"] = accuracy ? Json(*accuracy) : Json();
    if (std::isfinite(summary.bestValidationLoss))
        line["best_validation_loss"] = summary.bestValidationLoss;
    line["last_validation"] = jsonOf(summary.lastValidation);
    line["session"] = folder.string();
    std::printf("%s\n", jsonText(line).c_str());
}

} // namespace

int runToEnd(const Recipe& recipe, const RunOptions& options, bool json)
{
    const auto run = Run::prepare(recipe, options);
    if (!run)
        return report(run.error());
    const InterruptWatch interrupt;
    TrainObserver observer(json);
    const auto session = (*run)->execute(observer, interrupt.token());
    if (!session) {
        auto error = session.error();
        if (!observer.folder().empty())
            error.message += "; what was trained is kept in " + observer.folder().string();
        return report(error);
    }
    if (session->state == SessionState::Stopped && interrupted != 0)
        std::fprintf(stderr, "stopped at step %ld; what was trained is kept\n",
                     static_cast<long>(session->summary.steps));
    printResult(*session, observer.folder(), json);
    return kDone;
}

std::stop_token stopOnInterrupt()
{
    static const InterruptWatch watch;
    return watch.token();
}

} // namespace frostline::cli
