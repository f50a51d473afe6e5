#include "training/replay.h"

#include <algorithm>

#include "session/session_path.h"
#include "session/session_store.h"
#include "training/checkpoint.h"
#include "training/run_loop.h"
#include "training/torch_errors.h"

namespace frostline {

namespace {

double largestDifference(const torch::Tensor& first, const torch::Tensor& second)
{
    return (first.to(torch::kDouble) - second.to(torch::kDouble)).abs().max().item<double>();
}

/// `block1.conv` of `block1.conv.weight`, `optimizer/first/block1.conv.weight` or
/// `pruning/hides/block1.conv`.
std::string layerOf(const std::string& tensor)
{
    const auto name = tensor.substr(tensor.rfind('/') + 1);
    return tensor.starts_with("pruning/") ? name : name.substr(0, name.rfind('.'));
}

/// Compares what is computed again with the record, until something differs and a checkpoint has shown in
/// which layer.
class Comparer : public RunObserver {
public:
    Comparer(const Session& recorded, const std::filesystem::path& folder, ReplayReport& report,
             std::stop_source& stop, const std::function<void(const RunProgress&)>& progress)
        : m_recorded(recorded),
          m_folder(folder),
          m_report(report),
          m_stop(stop),
          m_progress(progress)
    {
    }

    void onStep(const MetricPoint& point, const RunProgress& progress) override
    {
        const auto& recorded = m_recorded.steps[static_cast<std::size_t>(point.step)];
        compare(point.step, "training loss", recorded.loss, point.loss);
        compare(point.step, "training accuracy", recorded.accuracy, point.accuracy);
        compare(point.step, "training error", recorded.mae, point.mae);
        compare(point.step, "learning rate", recorded.learningRate, point.learningRate);
        compare(point.step, "sparsity", recorded.sparsity, point.sparsity);
        ++m_report.steps;
        if (m_progress)
            m_progress(progress);
    }
    void onEpoch(const EpochRecord& epoch, const RunProgress&) override
    {
        const auto recorded = std::ranges::find(m_recorded.epochs, epoch.epoch, &EpochRecord::epoch);
        if (recorded == m_recorded.epochs.end() || !recorded->validation)
            return;
        compareScores(epoch.step, "epoch's training ", recorded->train, epoch.train);
        compareScores(epoch.step, "validation ", *recorded->validation, *epoch.validation);
        compareLayers(*recorded, epoch);
        ++m_report.epochs;
    }

    /// At each state that a checkpoint may have kept.
    void inspect(Step step, std::size_t interventions, Trainer& trainer)
    {
        const auto kept = std::ranges::find_if(m_recorded.checkpoints, [&](const CheckpointRecord& each) {
            return each.step == step && each.interventions == interventions;
        });
        if (kept == m_recorded.checkpoints.end() || m_lastInspected == kept->file)
            return;
        m_lastInspected = kept->file;
        const auto recorded =
            fileInside(m_folder, kept->file).and_then([&](const std::filesystem::path& file) {
                return loadCheckpoint(file, kept->sha256);
            });
        if (!recorded) {
            m_problem = recorded.error();
            m_stop.request_stop();
            return;
        }
        compareWeights(*recorded, trainer.checkpoint(step, interventions));
        ++m_report.checkpoints;
        if (m_report.difference)
            m_stop.request_stop();
    }
    const std::optional<Error>& problem() const { return m_problem; }

private:
    void compare(Step step, const std::string& what, double recorded, double replayed)
    {
        if (isSameFigure(recorded, replayed) || m_report.difference)
            return;
        m_report.difference = ReplayDifference{step, what, recorded, replayed, "", 0, 0.0};
    }
    void compareScores(Step step, const std::string& of, const Scores& recorded, const Scores& replayed)
    {
        compare(step, of + "loss", recorded.loss, replayed.loss);
        compare(step, of + "accuracy", recorded.accuracy, replayed.accuracy);
        compare(step, of + "error", recorded.mae, replayed.mae);
    }
    void compareLayers(const EpochRecord& recorded, const EpochRecord& replayed)
    {
        for (const auto& [before, now] : zipped(recorded.layers, replayed.layers)) {
            compare(replayed.step, "drift of " + now->path, before->drift, now->drift);
            compare(replayed.step, "gradient norm of " + now->path, before->gradientNorm, now->gradientNorm);
            compare(replayed.step, "sparsity of " + now->path, before->sparsity, now->sparsity);
        }
    }
    static std::vector<std::pair<const LayerMeasure*, const LayerMeasure*>>
    zipped(const std::vector<LayerMeasure>& first, const std::vector<LayerMeasure>& second)
    {
        std::vector<std::pair<const LayerMeasure*, const LayerMeasure*>> pairs;
        for (const auto& each : second) {
            const auto found = std::ranges::find(first, each.path, &LayerMeasure::path);
            if (found != first.end())
                pairs.emplace_back(&*found, &each);
        }
        return pairs;
    }
    void compareWeights(const Checkpoint& recorded, const Checkpoint& replayed)
    {
        for (const auto& [name, tensor] : replayed.tensors) {
            const auto other = std::ranges::find(recorded.tensors, name, &NamedTensor::name);
            const bool isThere = other != recorded.tensors.end();
            if (isThere && torch::equal(other->tensor, tensor.cpu()))
                continue;
            const auto step = replayed.settings.step;
            if (!m_report.difference)
                m_report.difference = ReplayDifference{step, "weights", 0.0, 0.0, "", 0, 0.0};
            m_report.difference->layer = layerOf(name);
            m_report.difference->layerStep = step;
            m_report.difference->largestDifference = isThere && other->tensor.sizes() == tensor.sizes()
                                                         ? largestDifference(other->tensor, tensor.cpu())
                                                         : 0.0;
            return;
        }
    }

    const Session& m_recorded;
    std::filesystem::path m_folder;
    ReplayReport& m_report;
    std::stop_source& m_stop;
    const std::function<void(const RunProgress&)>& m_progress;
    std::string m_lastInspected;
    std::optional<Error> m_problem;
};

std::vector<std::string> differences(const SessionEnvironment& recorded, const SessionEnvironment& now)
{
    std::vector<std::string> sentences;
    const auto compare = [&](const char* what, const std::string& then, const std::string& today) {
        if (then != today)
            sentences.push_back(std::string(what) + ": " + then + " when it was recorded, " + today + " now");
    };
    compare("threads", std::to_string(recorded.threads), std::to_string(now.threads));
    compare("memory format", recorded.memoryFormat, now.memoryFormat);
    compare("LibTorch", recorded.libtorch, now.libtorch);
    compare("device", recorded.device, now.device);
    compare("CPU", recorded.cpu, now.cpu);
    compare("Frostline", recorded.frostline, now.frostline);
    return sentences;
}

RunStart startAgain(const Session& session)
{
    RunStart start;
    start.recipe = start.current = start.known.recipe = session.recipe;
    start.recordedOn = session.environment;
    for (const auto& made : session.interventions)
        start.due.push_back({made, false});
    return start;
}

} // namespace

Result<ReplayReport> replay(const std::filesystem::path& sessionFolder, const RunOptions& options,
                            std::stop_token stop, const std::function<void(const RunProgress&)>& progress)
{
    if (SessionStore::isRunning(sessionFolder))
        return badInput(sessionFolder.string() + " is running; it can be replayed when it has ended");
    const auto session = SessionStore::load(sessionFolder);
    if (!session)
        return tl::unexpected(session.error());
    if (session->steps.empty())
        return badInput(sessionFolder.string() + " has no steps to replay");
    auto own = options;
    own.maximumSteps = static_cast<Step>(session->steps.size());
    own.origin.reset();
    own.planned.clear();
    own.featureCache.reset(); // A proof takes nothing over from what it is to prove.
    auto loop = prepareLoop(startAgain(*session), own);
    if (!loop)
        return tl::unexpected(loop.error());
    ReplayReport report;
    report.environment = differences(session->environment, (*loop)->environment());
    std::stop_source until;
    const std::stop_callback forward(stop, [&until] { until.request_stop(); });
    Comparer comparer(*session, sessionFolder, report, until, progress);
    (*loop)->setInspector([&comparer](Step step, std::size_t interventions, Trainer& trainer) {
        comparer.inspect(step, interventions, trainer);
    });
    const auto again = (*loop)->execute(comparer, until.get_token(), false);
    if (comparer.problem())
        return tl::unexpected(*comparer.problem());
    report.stopped = stop.stop_requested() && !report.difference;
    if (!again && !report.difference && session->state != SessionState::Failed)
        return tl::unexpected(again.error());
    return report;
}

} // namespace frostline
