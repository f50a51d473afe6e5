#include "sweep/sweep_runner.h"

#include <algorithm>
#include <cstring>

#include "base/clock.h"
#include "base/json.h"
#include "evaluation/evaluate.h"
#include "fetch/folder_lock.h"
#include "session/freeze_history.h"
#include "session/session_path.h"
#include "session/session_store.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

SweepRecord newRecord(const SweepPlan& plan)
{
    SweepRecord record;
    record.name = plan.base.name;
    record.created = timestamp();
    record.plan = toJson(plan);
    for (const auto& point : plan.points) {
        record.points.push_back({point.place, {}});
        for (int seed = 0; seed < plan.request.seeds; ++seed) {
            SweepRunRecord run;
            run.seed = plan.seedAt(seed);
            record.points.back().runs.push_back(std::move(run));
        }
    }
    return record;
}

/// `/recipe/epochs is 5 there and 6 here`
std::string firstDifference(const Json& there, const Json& here)
{
    const auto flatThere = there.flatten();
    const auto flatHere = here.flatten();
    const auto textOf = [](const Json& flat, const std::string& place) {
        return flat.contains(place) ? shortened(jsonText(flat.at(place))) : std::string("not set");
    };
    for (const auto* flat : {&flatHere, &flatThere}) {
        for (const auto& [place, value] : flat->items()) {
            if (textOf(flatThere, place) != textOf(flatHere, place))
                return place + " is " + textOf(flatThere, place) + " there and " + textOf(flatHere, place) +
                       " here";
        }
    }
    return "its points are others";
}

bool hasSamePoints(const SweepRecord& first, const SweepRecord& second)
{
    return std::ranges::equal(first.points, second.points, [](const auto& mine, const auto& theirs) {
        return mine.place == theirs.place &&
               std::ranges::equal(mine.runs, theirs.runs, {}, &SweepRunRecord::seed, &SweepRunRecord::seed);
    });
}

/// The record of the same sweep in the folder, or a new one.
Result<SweepRecord> recordIn(const fs::path& folder, const SweepPlan& plan)
{
    auto fresh = newRecord(plan);
    std::error_code code;
    if (!fs::exists(folder / kSweepFile, code))
        return fresh;
    auto known = loadSweep(folder);
    if (!known)
        return known;
    if (known->plan != fresh.plan || !hasSamePoints(*known, fresh))
        return badInput(folder.string() +
                        " holds another sweep: " + firstDifference(known->plan, fresh.plan) +
                        "; give this one another folder with --out");
    return known;
}

/// Where a sample of either set is kept; two views of one place compare equal.
std::string_view sampleOf(const DataSet& set, std::int64_t index)
{
    if (set.values.empty()) {
        const auto image = set.image(index);
        return {reinterpret_cast<const char*>(image.data()), image.size_bytes()};
    }
    const auto values = set.valuesOf(index);
    return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

bool isSameSample(const DataSet& first, std::int64_t mine, const DataSet& second, std::int64_t theirs)
{
    if (first.labels[static_cast<std::size_t>(mine)] != second.labels[static_cast<std::size_t>(theirs)])
        return false;
    if (!first.origins.empty() && !second.origins.empty())
        return first.origins[static_cast<std::size_t>(mine)] ==
               second.origins[static_cast<std::size_t>(theirs)];
    if (first.stream && second.stream)
        return first.stream->file(mine) == second.stream->file(theirs);
    return !first.stream && !second.stream && sampleOf(first, mine) == sampleOf(second, theirs);
}

/// Whether there is a test split that validation is no part of. Samples taken from it keep their order.
bool isTestApart(const DataSplits& data)
{
    if (data.test.size() == 0)
        return false;
    std::int64_t next = 0;
    for (std::int64_t i = 0; i < data.validation.size(); ++i, ++next) {
        while (next < data.test.size() && !isSameSample(data.validation, i, data.test, next))
            ++next;
        if (next == data.test.size())
            return true;
    }
    return false;
}

} // namespace

class SweepRunner {
public:
    SweepRunner(const SweepPlan& plan, const SweepOptions& options, SweepObserver& observer,
                std::stop_token stop)
        : m_plan(plan),
          m_options(options),
          m_observer(observer),
          m_stop(std::move(stop))
    {
        if (!m_options.run.featureCache)
            m_options.run.featureCache = makeFeatureCache(m_options.run.features);
        m_options.run.sessionsFolder = m_options.folder;
        m_options.run.maximumSteps = plan.request.steps;
    }

    Result<SweepRecord> run()
    {
        const auto lock = FolderLock::take(m_options.folder);
        if (!lock)
            return tl::unexpected(lock.error());
        auto record = recordIn(m_options.folder, m_plan);
        if (!record)
            return record;
        m_record = std::move(*record);
        if (const auto threads = settleThreads(); !threads)
            return tl::unexpected(threads.error());
        m_observer.m_onSession = [this](const fs::path& folder) { began(folder); };
        const auto done = runAll();
        m_observer.m_onSession = nullptr;
        if (!done)
            return tl::unexpected(done.error());
        return std::move(m_record);
    }

private:
    /// All runs are made with as many threads as the first: that is what makes their times comparable, and
    /// what lies under their frost lines the same to the bit.
    Status settleThreads()
    {
        auto& asked = m_options.run.threads;
        if (m_record.threads > 0 && asked > 0 && asked != m_record.threads)
            return badInput(m_options.folder.string() + ": the sweep was begun with --threads " +
                            std::to_string(m_record.threads) + " and cannot go on with " +
                            std::to_string(asked) + "; leave --threads out");
        asked = m_record.threads > 0 ? m_record.threads : asked;
        return {};
    }
    Status runAll()
    {
        if (const auto saved = save(); !saved)
            return saved;
        const auto order = runOrder(m_plan);
        m_progress.runs = order.size();
        m_progress.left = order.size() - m_record.runsIn(SweepState::Finished);
        for (const auto& each : order) {
            m_run = &m_record.points[each.point].runs[static_cast<std::size_t>(each.seed)];
            if (m_run->state != SweepState::Finished && !m_stop.stop_requested()) {
                if (const auto done = runOne(m_plan.points[each.point]); !done)
                    return done;
            }
            ++m_progress.run;
        }
        return {};
    }
    Status runOne(const SweepPoint& point)
    {
        auto recipe = point.recipe;
        recipe.seed = m_run->seed;
        const auto before = findSession(recipe);
        if (!before)
            return tl::unexpected(before.error());
        m_progress.place = point.place;
        m_progress.seed = recipe.seed;
        m_progress.isResumed = before->has_value();
        m_observer.onRunBegins(m_progress);
        const auto done =
            *before && (*before)->state == SessionState::Finished ? evaluateAgain(recipe) : train(recipe);
        if (!done)
            return done;
        const auto saved = save();
        m_observer.onRunEnded(m_progress, *m_run);
        ++m_progress.doneHere;
        --m_progress.left;
        return saved;
    }

    /// The session that this run has begun already, if any. One whose beginning was not written down any more
    /// is known by its recipe.
    Result<std::optional<SessionHead>> findSession(const Recipe& recipe)
    {
        std::error_code code;
        if (!m_run->session.empty() && fs::exists(sessionFolder() / "session.json", code)) {
            auto head = SessionStore::loadHead(sessionFolder());
            if (!head)
                return tl::unexpected(head.error());
            return std::optional(std::move(*head));
        }
        m_run->session.clear();
        for (auto& listing : SessionStore(m_options.folder).list()) {
            const auto name = listing.folder.filename().string();
            if (!listing.session || isTaken(name) || toJson(listing.session->recipe) != toJson(recipe))
                continue;
            m_run->session = name;
            return std::optional(std::move(*listing.session));
        }
        return std::optional<SessionHead>();
    }
    bool isTaken(const std::string& session) const
    {
        return std::ranges::any_of(m_record.points, [&](const SweepPointRecord& point) {
            return std::ranges::find(point.runs, session, &SweepRunRecord::session) != point.runs.end();
        });
    }
    fs::path sessionFolder() const { return m_options.folder / m_run->session; }

    Status train(const Recipe& recipe)
    {
        auto options = m_options.run;
        if (!m_run->session.empty())
            options.origin = RunOrigin{RunOrigin::Kind::Resume, sessionFolder(), 0, false};
        const auto run = Run::prepare(recipe, options);
        if (!run)
            return tl::unexpected(run.error());
        m_record.threads = m_options.run.threads = (*run)->environment().threads;
        const auto session = (*run)->execute(m_observer, m_stop);
        if (m_stop.stop_requested() && (!session || session->state != SessionState::Finished)) {
            m_run->state = SweepState::Stopped;
            return {};
        }
        if (!session)
            return failed(session.error());
        return finish(*session, isTestApart(*(*run)->data()));
    }
    /// The program ended between the session's end and its being written down here.
    Status evaluateAgain(const Recipe& recipe)
    {
        const auto session = SessionStore::load(sessionFolder());
        if (!session)
            return tl::unexpected(session.error());
        auto options = m_options.run;
        options.threads = session->environment.threads;
        const auto run = Run::prepare(recipe, options);
        if (!run)
            return tl::unexpected(run.error());
        return finish(*session, isTestApart(*(*run)->data()));
    }
    /// A run may fail for reasons of its own, as one that diverges; what is wrong with all of them ends the
    /// sweep.
    Status failed(const Error& error)
    {
        if (error.code != ErrorCode::RunFailed)
            return tl::unexpected(error);
        m_run->state = SweepState::Failed;
        m_run->error = error.message;
        return {};
    }
    Status finish(const Session& session, bool hasTest)
    {
        SweepFigures figures;
        figures.bestEpoch = session.summary.bestEpoch;
        const auto best = std::ranges::find(session.epochs, figures.bestEpoch, &EpochRecord::epoch);
        if (best != session.epochs.end())
            figures.validation = best->validation;
        figures.seconds = session.summary.seconds;
        figures.trainableShare = meanTrainableShare(session);
        if (hasTest) {
            const auto test = testFigures(session);
            if (!test)
                return tl::unexpected(test.error());
            if (!*test) {
                m_run->state = SweepState::Stopped;
                return {};
            }
            figures.test = **test;
        }
        m_run->figures = figures;
        m_run->state = SweepState::Finished;
        m_run->error.clear();
        return {};
    }
    /// Of the best state, or of the last where none was kept. Nothing where it was stopped on the way.
    Result<std::optional<Scores>> testFigures(const Session& session) const
    {
        EvaluationRequest request;
        request.split = Split::Test;
        request.keepsOutputs = false;
        EvaluationOptions options;
        options.device = m_options.run.device;
        options.isBest = std::ranges::any_of(session.checkpoints, &CheckpointRecord::best);
        options.log = m_options.run.log;
        return evaluateSession(sessionFolder(), request, options, m_stop).map([](const Evaluation& made) {
            return made.isStopped ? std::nullopt : std::optional(made.scores);
        });
    }

    void began(const fs::path& session)
    {
        m_run->session = session.filename().string();
        m_run->state = SweepState::Running;
        m_run->error.clear();
        // A disk that is full keeps nothing from being found again: the session says whose it is.
        static_cast<void>(save());
    }
    Status save() const { return saveSweep(m_record, m_options.folder); }

    const SweepPlan& m_plan;
    SweepOptions m_options;
    SweepObserver& m_observer;
    std::stop_token m_stop;
    SweepRecord m_record;
    SweepProgress m_progress;
    SweepRunRecord* m_run = nullptr;
};

Result<SweepRecord> runSweep(const SweepPlan& plan, const SweepOptions& options, SweepObserver& observer,
                             const std::stop_token& stop)
{
    return SweepRunner(plan, options, observer, stop).run();
}

} // namespace frostline
