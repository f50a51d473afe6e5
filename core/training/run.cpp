#include "training/run.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/machine.h"
#include "base/random.h"
#include "model/layer_changes.h"
#include "training/commands.h"
#include "training/device.h"
#include "training/session_recorder.h"
#include "training/trainer.h"
#include "weights/safetensors.h"

namespace frostline {

namespace {

std::string summaryOf(const Recipe& recipe, const Trainer& trainer)
{
    const auto totals = totalsOf(trainer.table());
    const auto data = trainer.data();
    return "Prepared " + recipe.name + ": " + std::to_string(data->train.size()) + " training and " +
           std::to_string(data->validation.size()) + " validation images, " + recipe.model.architecture +
           " with " + std::to_string(totals.parameters) + " parameters, " + std::to_string(totals.trainable) +
           " of them trainable" +
           (recipe.model.weights.empty() ? "" : ", weights from " + recipe.model.weights);
}

/// What torch throws, as a value with one readable line. This is the only place where it is caught.
template <class Function>
auto caught(Function function) -> decltype(function())
{
    try {
        return function();
    } catch (const c10::Error& error) {
        return failure(ErrorCode::RunFailed, error.what_without_backtrace());
    } catch (const std::exception& error) {
        return failure(ErrorCode::RunFailed, error.what());
    }
}

/// Counts the time that training takes, pauses left out.
class RunClock {
public:
    double seconds() const
    {
        const std::chrono::duration<double> running =
            m_since ? Clock::now() - *m_since : Clock::duration::zero();
        return m_before + running.count();
    }
    void start() { m_since = Clock::now(); }
    void stop()
    {
        m_before = seconds();
        m_since.reset();
    }

private:
    using Clock = std::chrono::steady_clock;
    double m_before = 0.0;
    std::optional<Clock::time_point> m_since;
};

} // namespace

class Run::Impl {
public:
    Impl(Recipe recipe, RunOptions options, std::unique_ptr<Trainer> trainer, SessionEnvironment environment)
        : m_recipe(std::move(recipe)),
          m_options(std::move(options)),
          m_trainer(std::move(trainer)),
          m_environment(environment),
          m_recorder(m_recipe, std::move(environment))
    {
        std::ranges::stable_sort(m_options.planned, {}, &Intervention::step);
        m_batchEnds = batchEnds();
        m_progress.epochs = m_recipe.epochs;
        m_progress.steps = static_cast<Step>(m_batchEnds.size()) * m_recipe.epochs;
        if (m_options.maximumSteps > 0)
            m_progress.steps = std::min(m_progress.steps, m_options.maximumSteps);
    }

    Result<Session> execute(RunObserver& observer, const std::stop_token& stop, bool pauseOnFailure);

    Trainer& trainer() { return *m_trainer; }
    Commands& commands() { return m_commands; }
    const Recipe& recipe() const { return m_recipe; }
    const SessionEnvironment& environment() const { return m_environment; }
    const RunProgress& progress() const { return m_progress; }
    const std::filesystem::path& folder() const { return m_recorder.folder(); }

private:
    enum class Next { Go, Stop, Failed };

    std::vector<std::int64_t> batchEnds() const;
    Next trainAll();
    Next trainEpoch();
    Next oneStep(std::span<const std::int64_t> indices, Scores& sums);
    Next endEpoch(const Scores& train, double began);
    Next beforeStep();
    Next pausedFor(const std::string& reason);
    Next failedOrPaused(const std::string& problem);
    Next whenSaved(const std::function<Status()>& save);
    void applyPlanned();
    void applyRequested();
    Next divergedAt(const Trainer::StepOutcome& outcome);
    void record(const Intervention& intervention);
    Status checkStart() const;
    Status applyNow(const Change& change, Origin origin, const std::string& at);
    Status saveWeights();
    Result<Session> finish(Next ended);

    Recipe m_recipe;
    RunOptions m_options;
    std::unique_ptr<Trainer> m_trainer;
    SessionEnvironment m_environment;
    SessionRecorder m_recorder;
    Commands m_commands;
    RunProgress m_progress;
    RunClock m_clock;
    std::vector<std::int64_t> m_batchEnds;
    std::size_t m_planned = 0; ///< How many of the planned changes were made.
    std::optional<Error> m_error;
    RunObserver* m_observer = nullptr;
    std::stop_token m_stop;
    bool m_pauseOnFailure = false;
};

/// Where each batch of an epoch ends. A last batch of one sample joins the one before: norms need two.
std::vector<std::int64_t> Run::Impl::batchEnds() const
{
    const auto samples = m_trainer->data()->train.size();
    std::vector<std::int64_t> ends;
    for (std::int64_t end = m_recipe.batchSize; end < samples; end += m_recipe.batchSize)
        ends.push_back(end);
    if (!ends.empty() && samples - ends.back() == 1)
        ends.pop_back();
    ends.push_back(samples);
    return ends;
}

Result<Session> Run::Impl::execute(RunObserver& observer, const std::stop_token& stop, bool pauseOnFailure)
{
    m_observer = &observer;
    m_stop = stop;
    m_pauseOnFailure = pauseOnFailure;
    const auto begun = checkStart().and_then([this] {
        return caught([this] { return m_recorder.begin(m_options.sessionsFolder, m_trainer->table()); });
    });
    if (!begun)
        return tl::unexpected(begun.error());
    resetPeakMemory();
    m_clock.start();
    observer.onStarted(m_recorder.folder(), m_trainer->table());
    const auto ended = caught([this]() -> Result<Next> { return trainAll(); });
    if (!ended)
        m_error = Error{ErrorCode::RunFailed,
                        "step " + std::to_string(m_progress.step) + ": " + ended.error().message};
    m_clock.stop();
    return finish(ended.value_or(Next::Failed));
}

/// What can be known to fail is said before anything is written.
Status Run::Impl::checkStart() const
{
    if (m_options.planned.empty() && !m_trainer->hasTrainable())
        return badInput(m_recipe.source +
                        "nothing is trainable: every layer is frozen; make at least one trainable");
    auto table = m_trainer->table();
    for (const auto& planned : m_options.planned) {
        const auto where = "at step " + std::to_string(planned.step) + ", " + toText(planned.change) + ": ";
        if (planned.step >= m_progress.steps)
            return badInput(where + "the run has only " + std::to_string(m_progress.steps) + " steps, 0 to " +
                            std::to_string(m_progress.steps - 1));
        const auto kind = planned.change.kind;
        const bool onLayers = kind == ChangeKind::Trainable || kind == ChangeKind::RateMultiplier ||
                              kind == ChangeKind::Statistics || kind == ChangeKind::Sparsity;
        if (onLayers) {
            if (const auto applied = applyChange(table, planned.change); !applied)
                return badInput(where + applied.error().message);
        }
    }
    return {};
}

Run::Impl::Next Run::Impl::trainAll()
{
    for (int epoch = 1; epoch <= m_recipe.epochs; ++epoch) {
        m_progress.epoch = epoch;
        if (const auto next = trainEpoch(); next != Next::Go)
            return next;
    }
    return Next::Go;
}

Run::Impl::Next Run::Impl::trainEpoch()
{
    const double began = m_clock.seconds();
    const auto samples = m_trainer->data()->train.size();
    const auto order = permutation(
        samples, streamSeed(m_recipe.seed, Purpose::Shuffle, static_cast<std::uint64_t>(m_progress.epoch)));
    m_progress.phase = RunPhase::Training;
    Scores sums;
    std::int64_t from = 0;
    for (const auto end : m_batchEnds) {
        const auto batch =
            std::span(order).subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(end - from));
        if (const auto next = oneStep(batch, sums); next != Next::Go)
            return next;
        from = end;
    }
    const auto count = static_cast<double>(samples);
    return endEpoch({sums.loss / count, sums.accuracy / count}, began);
}

Run::Impl::Next Run::Impl::oneStep(std::span<const std::int64_t> indices, Scores& sums)
{
    const auto count = static_cast<double>(indices.size());
    for (;;) {
        if (const auto next = beforeStep(); next != Next::Go)
            return next;
        const auto outcome = m_trainer->step(m_progress.step, indices);
        if (outcome.problem.empty()) {
            const MetricPoint point{m_progress.step,
                                    m_progress.epoch,
                                    outcome.loss,
                                    static_cast<double>(outcome.correct) / count,
                                    m_trainer->learningRate(),
                                    m_trainer->sparsity(),
                                    m_clock.seconds()};
            sums.loss += outcome.loss * count;
            sums.accuracy += static_cast<double>(outcome.correct);
            ++m_progress.step;
            m_recorder.addStep(point);
            m_observer->onStep(point, m_progress);
            return Next::Go;
        }
        if (const auto next = divergedAt(outcome); next != Next::Go)
            return next;
    }
}

/// The last good state is kept, the session says so, and the same step is tried again after a pause.
Run::Impl::Next Run::Impl::divergedAt(const Trainer::StepOutcome& outcome)
{
    const auto what = outcome.problem + "; the step was not applied" +
                      (outcome.undid ? " and the update before it was taken back" : "");
    record({m_progress.step, {ChangeKind::Note, "", what}, Origin::Schedule, timestamp()});
    return failedOrPaused("step " + std::to_string(m_progress.step) + ": " + what +
                          ". Lower the learning rate or clip the gradient");
}

/// Puts changes in force that are due, and waits while the run is paused.
Run::Impl::Next Run::Impl::beforeStep()
{
    if (m_options.maximumSteps > 0 && m_progress.step >= m_options.maximumSteps)
        return Next::Stop;
    applyPlanned();
    applyRequested();
    if (m_commands.shallPause()) {
        if (const auto next = pausedFor(""); next != Next::Go)
            return next;
    }
    if (m_error)
        return Next::Failed;
    if (m_stop.stop_requested())
        return Next::Stop;
    while (!m_trainer->hasTrainable()) {
        const auto next =
            failedOrPaused("step " + std::to_string(m_progress.step) +
                           ": nothing is trainable any more; make at least one layer trainable");
        if (next != Next::Go)
            return next;
    }
    return Next::Go;
}

Run::Impl::Next Run::Impl::pausedFor(const std::string& reason)
{
    m_clock.stop();
    m_trainer->measure();
    m_observer->onLayers(m_trainer->table());
    m_observer->onPaused(m_progress.step, reason);
    do {
        m_commands.waitForCommand(m_stop);
        applyRequested();
    } while (!m_stop.stop_requested() && m_commands.shallPause());
    m_clock.start();
    if (m_stop.stop_requested())
        return Next::Stop;
    m_observer->onResumed(m_progress.step);
    return Next::Go;
}

Run::Impl::Next Run::Impl::failedOrPaused(const std::string& problem)
{
    if (!m_pauseOnFailure) {
        m_error = Error{ErrorCode::RunFailed, problem};
        return Next::Failed;
    }
    m_commands.pause();
    return pausedFor(problem);
}

void Run::Impl::applyPlanned()
{
    for (; m_planned < m_options.planned.size() && m_options.planned[m_planned].step <= m_progress.step;
         ++m_planned) {
        const auto& planned = m_options.planned[m_planned];
        if (const auto applied = applyNow(planned.change, planned.origin, planned.at); !applied && !m_error)
            m_error = Error{ErrorCode::BadInput, "at step " + std::to_string(planned.step) + ", " +
                                                     toText(planned.change) + ": " + applied.error().message};
    }
}

void Run::Impl::applyRequested()
{
    for (const auto& request : m_commands.takeRequests()) {
        if (const auto applied = applyNow(request.change, Origin::User, request.at); !applied)
            m_observer->onRefused(request.change, applied.error());
    }
}

Status Run::Impl::applyNow(const Change& change, Origin origin, const std::string& at)
{
    if (const auto applied = m_trainer->apply(change); !applied)
        return applied;
    record({m_progress.step, change, origin, at});
    return {};
}

void Run::Impl::record(const Intervention& intervention)
{
    m_recorder.addIntervention(intervention);
    m_observer->onIntervention(intervention, m_trainer->table());
}

Run::Impl::Next Run::Impl::endEpoch(const Scores& train, double began)
{
    const auto trained = m_clock.seconds();
    m_progress.phase = RunPhase::Validating;
    m_observer->onValidating(m_progress);
    EpochRecord record;
    record.epoch = m_progress.epoch;
    record.step = m_progress.step;
    record.train = train;
    record.validation = m_trainer->evaluate(m_trainer->data()->validation, m_stop);
    record.learningRate = m_trainer->learningRate();
    record.seconds = m_clock.seconds() - began;
    record.samplesPerSecond =
        static_cast<double>(m_trainer->data()->train.size()) / std::max(1e-9, trained - began);
    record.peakMemoryBytes = peakMemoryBytes();
    m_trainer->measure();
    for (const auto& layer : m_trainer->table()) {
        if (layer.isLeaf && layer.hasParameters())
            record.layers.push_back({layer.path, layer.drift, layer.gradientNorm, layer.sparsity});
    }
    const auto next = whenSaved([&] { return m_recorder.addEpoch(record, m_trainer->table()); });
    m_observer->onEpoch(record, m_progress);
    m_observer->onLayers(m_trainer->table());
    return next == Next::Go && !record.validation ? Next::Stop : next;
}

/// A record that cannot be written pauses the run, or ends it where nobody can mend the folder.
Run::Impl::Next Run::Impl::whenSaved(const std::function<Status()>& save)
{
    const auto saved = save();
    return saved ? Next::Go : failedOrPaused("the session cannot be saved: " + saved.error().message);
}

Status Run::Impl::saveWeights()
{
    auto digits = std::to_string(m_progress.step);
    digits.insert(0, 6 - std::min<std::size_t>(6, digits.size()), '0');
    const auto file = std::filesystem::path("checkpoints") / ("step-" + digits + ".safetensors");
    const TensorFile tensors{m_trainer->weights(),
                             {{"frostline", "weights/1"}, {"step", std::to_string(m_progress.step)}}};
    if (const auto saved = saveSafetensors(tensors, m_recorder.folder() / file); !saved)
        return saved;
    return m_recorder.addCheckpoint(file, m_progress.step, m_progress.epoch);
}

Result<Session> Run::Impl::finish(Next ended)
{
    const auto saved = caught([this] {
        m_trainer->measure();
        return saveWeights();
    });
    if (!saved && !m_error)
        m_error = Error{ErrorCode::RunFailed, saved.error().message};
    m_observer->onLayers(m_trainer->table());
    const auto state = m_error               ? SessionState::Failed
                       : ended == Next::Stop ? SessionState::Stopped
                                             : SessionState::Finished;
    const auto recorded = caught([&] {
        return m_recorder.end(state, m_error ? m_error->message : "", m_trainer->table(), m_clock.seconds());
    });
    if (!recorded && !m_error)
        m_error = Error{ErrorCode::RunFailed, recorded.error().message};
    if (m_error)
        return tl::unexpected(*m_error);
    return m_recorder.session();
}

Run::Run(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Run::~Run() = default;

Result<std::unique_ptr<Run>> Run::prepare(const Recipe& recipe, const RunOptions& options)
{
    const auto device = chooseDevice(options.device);
    if (!device)
        return tl::unexpected(device.error());
    const auto machine = describeMachine();
    const int threads = options.threads > 0 ? options.threads : machine.cores;
    at::set_num_threads(threads);
    auto trainer = caught([&] { return Trainer::create(recipe, *device); });
    if (!trainer)
        return tl::unexpected(trainer.error());
    if (options.log)
        options.log(LogLevel::Info, summaryOf(recipe, **trainer));
    SessionEnvironment environment{machine.frostline, machine.libtorch, device->str(), threads, machine.cpu};
    return std::unique_ptr<Run>(
        new Run(std::make_unique<Impl>(recipe, options, std::move(*trainer), std::move(environment))));
}

const LayerTable& Run::layers() const
{
    return m_impl->trainer().table();
}

std::shared_ptr<const ImageSplits> Run::data() const
{
    return m_impl->trainer().data();
}

const SessionEnvironment& Run::environment() const
{
    return m_impl->environment();
}

RunProgress Run::progress() const
{
    return m_impl->progress();
}

Result<CostEstimate> Run::estimateCost()
{
    return caught([this]() -> Result<CostEstimate> {
        return m_impl->trainer().estimateCost(m_impl->recipe().batchSize);
    });
}

Result<Session> Run::execute(RunObserver& observer, std::stop_token stop, bool pauseOnFailure)
{
    return m_impl->execute(observer, stop, pauseOnFailure);
}

std::filesystem::path Run::sessionFolder() const
{
    return m_impl->folder();
}

void Run::request(Change change)
{
    m_impl->commands().request(std::move(change));
}

void Run::requestPause()
{
    m_impl->commands().pause();
}

void Run::requestResume()
{
    m_impl->commands().resume();
}

void Run::requestSingleStep()
{
    m_impl->commands().singleStep();
}

} // namespace frostline
