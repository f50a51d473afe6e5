// sweep: one recipe at many points.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "base/file.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/progress_line.h"
#include "cli/run_to_end.h"
#include "session/session_path.h"
#include "session/session_store.h"
#include "sweep/recipe_check.h"
#include "sweep/sweep_runner.h"
#include "sweep/sweep_table.h"

namespace frostline::cli {

namespace {

using Clock = std::chrono::steady_clock;

/// Shows a sweep on standard error: a bar for the run that is made now on a terminal, and a line for each
/// that is done.
class SweepLine : public SweepObserver {
public:
    void onRunBegins(const SweepProgress& progress) override { m_progress = progress; }
    void onStep(const MetricPoint& point, const RunProgress& progress) override
    {
        const auto now = Clock::now();
        if (!m_isTerminal || now - m_drawn < std::chrono::milliseconds(100))
            return;
        m_drawn = now;
        const double done = static_cast<double>(progress.step) / static_cast<double>(progress.steps);
        clear();
        std::fprintf(stderr, "%s  [%s] epoch %d/%d  loss %.4f  %s left", runText().c_str(),
                     barText(done).c_str(), progress.epoch, progress.epochs, point.loss,
                     leftText(done).c_str());
        std::fflush(stderr);
    }
    void onPaused(Step step, const std::string& reason) override
    {
        clear();
        std::fprintf(stderr, "paused at step %ld: %s; trying again until it works, Ctrl+C stops\n",
                     static_cast<long>(step), reason.c_str());
    }
    void onRunEnded(const SweepProgress& progress, const SweepRunRecord& run) override
    {
        clear();
        m_progress = progress;
        std::fprintf(stderr, "%s: %s", runText().c_str(), outcomeText(run).c_str());
        if (run.state != SweepState::Stopped && progress.left > 1)
            std::fprintf(stderr, "; %s left", leftText(1.0).c_str());
        std::fputs("\n", stderr);
    }

private:
    void clear() const
    {
        if (m_isTerminal)
            std::fputs("\r\033[K", stderr);
    }
    std::string runText() const
    {
        const auto place = textOf(m_progress.place);
        return "run " + std::to_string(m_progress.run + 1) + " of " + std::to_string(m_progress.runs) + ", " +
               place + (place.empty() ? "" : ", ") + "seed " + std::to_string(m_progress.seed);
    }
    static std::string outcomeText(const SweepRunRecord& run)
    {
        if (run.state == SweepState::Failed)
            return "failed: " + run.error;
        if (!run.figures)
            return std::string(nameOf(run.state));
        char text[96];
        std::string scores;
        if (const auto& validation = run.figures->validation) {
            const bool isCounted = std::isfinite(validation->accuracy);
            std::snprintf(text, sizeof text, isCounted ? "validation %.2f %%, " : "validation loss %.4f, ",
                          isCounted ? 100.0 * validation->accuracy : validation->loss);
            scores = text;
        }
        return scores + durationText(run.figures->seconds);
    }
    /// As if the runs to come took as long as those that were made, of which `fraction` of one is under way.
    std::string leftText(double fraction) const
    {
        const double elapsed = std::chrono::duration<double>(Clock::now() - m_began).count();
        const double done = static_cast<double>(m_progress.doneHere) + fraction;
        const double left = static_cast<double>(m_progress.left) - fraction;
        return durationText(elapsed * left / std::max(done, 1e-6));
    }

    bool m_isTerminal = ::isatty(STDERR_FILENO) == 1;
    Clock::time_point m_began = Clock::now();
    Clock::time_point m_drawn;
    SweepProgress m_progress;
};

Result<SweepRequest> requestOf(const SweepArguments& arguments)
{
    SweepRequest request;
    auto set = overridesOf(arguments.set);
    if (!set)
        return tl::unexpected(set.error());
    request.recipe = arguments.recipe;
    request.set = std::move(*set);
    if (arguments.run.epochs > 0)
        request.set.emplace_back("epochs", std::to_string(arguments.run.epochs));
    request.depths = arguments.depths;
    request.grids = arguments.grids;
    request.seeds = arguments.seeds;
    request.steps = arguments.run.steps;
    return request;
}

/// Files that cannot be written are known of before hours of training.
Status checkPlaces(const SweepArguments& arguments)
{
    for (const auto& name : {arguments.csv, arguments.svg}) {
        if (name.empty())
            continue;
        const auto folder = std::filesystem::absolute(name).parent_path();
        std::error_code code;
        if (!std::filesystem::is_directory(folder, code))
            return badInput("cannot write " + name + ": the folder " + folder.string() + " does not exist");
    }
    return {};
}

Status writeReports(const SweepRecord& record, const SweepArguments& arguments)
{
    if (!arguments.csv.empty()) {
        if (const auto written = writeFile(arguments.csv, sweepCsv(record)); !written)
            return written;
    }
    const auto picture = sweepSvg(record);
    return arguments.svg.empty() || picture.empty() ? Status() : writeFile(arguments.svg, picture);
}

void print(const SweepRecord& record, const std::filesystem::path& folder, bool json)
{
    if (json) {
        auto table = sweepJson(record);
        table["sweep"] = folder.string();
        std::printf("%s\n", jsonText(table).c_str());
        return;
    }
    const auto text = sweepText(record);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::printf("%s\n", folder.c_str());
}

int outcomeOf(const SweepRecord& record)
{
    const auto finished = record.runsIn(SweepState::Finished);
    const auto failed = record.runsIn(SweepState::Failed);
    if (failed > 0)
        std::fprintf(stderr, "%zu of %zu runs failed; the table leaves them out\n", failed, record.runs());
    if (finished + failed < record.runs())
        std::fprintf(stderr, "stopped: %zu of %zu runs are done; the same command goes on\n",
                     finished + failed, record.runs());
    return failed > 0 ? kRunFailed : kDone;
}

} // namespace

int sweep(const SweepArguments& arguments)
{
    const auto request = requestOf(arguments);
    if (!request)
        return report(request.error());
    RecipeCheck check;
    const auto plan = checkPlaces(arguments).and_then([&] {
        return planSweep(*request, [&check](const Recipe& recipe) { return check.layersOf(recipe); });
    });
    if (!plan)
        return report(plan.error());
    check = {}; // The data it holds are read again by the runs.
    const auto run = optionsOf(arguments.run);
    if (!run)
        return report(run.error());
    const auto usual = SessionStore::defaultFolder() / ("sweep-" + plainFileName(plan->base.name));
    const auto folder = std::filesystem::absolute(
                            arguments.run.out.empty() ? usual : std::filesystem::path(arguments.run.out))
                            .lexically_normal();
    SweepLine line;
    const auto record = runSweep(*plan, {folder, *run}, line, stopOnInterrupt());
    if (!record)
        return report(record.error());
    if (const auto written = writeReports(*record, arguments); !written)
        return report(written.error());
    print(*record, folder, arguments.run.json);
    return outcomeOf(*record);
}

} // namespace frostline::cli
