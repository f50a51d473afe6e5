#include "training/run_start.h"

#include <algorithm>

#include "base/clock.h"
#include "session/session_at.h"
#include "session/session_store.h"

namespace frostline {

namespace {

void addPlanned(RunStart& start, std::vector<Intervention> planned)
{
    std::ranges::stable_sort(planned, {}, &Intervention::step);
    for (const auto& each : planned)
        start.due.push_back({each, false});
    // What the origin still had planned and what was asked for now may interleave.
    const auto own = std::ranges::find(start.due, false, &DueChange::isKnown);
    std::ranges::stable_sort(own, start.due.end(), {},
                             [](const DueChange& due) { return due.intervention.step; });
    start.known.planned.insert(start.known.planned.end(), planned.begin(), planned.end());
}

/// The planned changes that the record does not tell of yet.
std::vector<Intervention> stillPlanned(const Session& session)
{
    auto next = session.planned.begin();
    for (const auto& made : session.interventions) {
        if (next != session.planned.end() && made == *next)
            ++next;
    }
    return {next, session.planned.end()};
}

Result<Session> endedSession(const RunOptions& options)
{
    const auto& folder = options.origin->folder;
    if (SessionStore::isRunning(folder))
        return badInput(folder.string() + " is running; stop it first");
    std::vector<std::string> remarks;
    auto session = SessionStore::load(folder, &remarks);
    for (const auto& remark : remarks) {
        if (options.log)
            options.log(LogLevel::Warning, remark);
    }
    return session;
}

Result<RunStart> resumed(Session session, const RunOptions& options)
{
    if (session.state == SessionState::Finished)
        return badInput(
            options.origin->folder.string() +
            " is finished: there is nothing to resume; branch from its last step with more epochs");
    RunStart start;
    start.current = recipeAtEnd(session);
    start.recipe = session.recipe;
    for (const auto& made : session.interventions)
        start.due.push_back({made, true});
    auto planned = stillPlanned(session);
    start.checkpoints = session.checkpoints;
    start.recordedOn = session.environment;
    start.known = std::move(session);
    start.known.planned.resize(start.known.planned.size() - planned.size());
    planned.insert(planned.end(), options.planned.begin(), options.planned.end());
    addPlanned(start, std::move(planned));
    return start;
}

/// What the branch's record begins with: all of the parent's before the step.
Session before(const Session& parent, Step step)
{
    Session known;
    known.recipe = parent.recipe;
    known.parent = SessionParent{parent.id, step};
    known.layers = parent.layers;
    known.steps.assign(parent.steps.begin(), parent.steps.begin() + step);
    std::ranges::copy_if(parent.epochs, std::back_inserter(known.epochs),
                         [step](const EpochRecord& epoch) { return epoch.step <= step; });
    std::ranges::copy_if(parent.interventions, std::back_inserter(known.interventions),
                         [step](const Intervention& made) { return made.step < step; });
    return known;
}

Result<RunStart> branched(const Session& parent, const Recipe& recipe, const RunOptions& options)
{
    const auto& origin = *options.origin;
    const auto there = recipeAt(parent, origin.step);
    if (!there)
        return tl::unexpected(there.error());
    auto changes = changesTo(parent.layers, *there, recipe);
    if (!changes)
        return tl::unexpected(changes.error());
    RunStart start;
    start.known = before(parent, origin.step);
    for (const auto& made : start.known.interventions)
        start.due.push_back({made, true});
    auto& own = start.known.recipe;
    start.scheduledEpochs = own.epochs;
    own.epochs = recipe.epochs;
    own.earlyStopping = recipe.earlyStopping;
    own.name = recipe.name;
    own.title = recipe.title;
    own.notes = recipe.notes;
    own.checkpoints = recipe.checkpoints;
    own.source = recipe.source;
    start.recipe = own;
    start.current = recipe;
    start.checkpoints = parent.checkpoints;
    start.recordedOn = parent.environment;
    std::vector<Intervention> planned;
    for (auto& change : *changes)
        planned.push_back({origin.step, std::move(change), Origin::User, timestamp()});
    if (origin.keepLater) {
        for (const auto& made : parent.interventions) {
            // Phases and schedules come by themselves.
            const bool isGiven = made.origin == Origin::User || made.change.kind == ChangeKind::Diverged;
            if (made.step >= origin.step && isGiven)
                planned.push_back(made);
        }
        const auto later = stillPlanned(parent);
        planned.insert(planned.end(), later.begin(), later.end());
    }
    planned.insert(planned.end(), options.planned.begin(), options.planned.end());
    addPlanned(start, std::move(planned));
    return start;
}

} // namespace

Result<RunStart> startOf(const Recipe& recipe, const RunOptions& options)
{
    if (!options.origin) {
        RunStart start{recipe, recipe, {}, {}, {}, {}, {}, 0};
        start.known.recipe = recipe;
        addPlanned(start, options.planned);
        return start;
    }
    auto session = endedSession(options);
    if (!session)
        return tl::unexpected(session.error());
    auto start = options.origin->kind == RunOrigin::Kind::Resume ? resumed(std::move(*session), options)
                                                                 : branched(*session, recipe, options);
    return start.map([&](RunStart made) {
        made.step = static_cast<Step>(made.known.steps.size());
        made.origin = options.origin;
        made.origin->folder = std::filesystem::absolute(options.origin->folder).lexically_normal();
        return made;
    });
}

} // namespace frostline
