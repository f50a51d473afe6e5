#include "training/run.h"

#include <ATen/Parallel.h>

#include "advice/advice_probe.h"
#include "base/machine.h"
#include "evaluation/evaluate.h"
#include "training/batch_ends.h"
#include "training/compute_choice.h"
#include "training/device.h"
#include "training/range_tester.h"
#include "training/run_loop.h"
#include "training/torch_errors.h"

namespace frostline {

namespace {

std::string preparedText(const Recipe& recipe, const Trainer& trainer)
{
    const auto totals = totalsOf(trainer.table());
    const auto data = trainer.data();
    return "Prepared " + recipe.name + ": " + std::to_string(data->train.size()) + " training and " +
           std::to_string(data->validation.size()) + " validation images, " + recipe.model.architecture +
           " with " + std::to_string(totals.parameters) + " parameters, " + std::to_string(totals.trainable) +
           " of them trainable" +
           (recipe.model.weights.empty() ? "" : ", weights from " + recipe.model.weights);
}

/// `auto` goes on where the origin ran: another device computes other bits.
std::string deviceFor(const RunOptions& options, const RunStart& start)
{
    if (options.device != "auto" || !start.origin)
        return options.device;
    return start.recordedOn.device.starts_with("cuda") ? "cuda" : "cpu";
}

/// More epochs must not stretch what the schedule did in the steps before a branch.
void keepScheduleLength(RunStart& start, std::int64_t samples)
{
    auto& schedule = start.recipe.schedule;
    const bool goesByLength = schedule.kind == ScheduleKind::Cosine ||
                              schedule.kind == ScheduleKind::OneCycle ||
                              schedule.kind == ScheduleKind::CosineRestarts;
    if (!goesByLength || schedule.length || start.scheduledEpochs == 0 ||
        start.scheduledEpochs == start.recipe.epochs)
        return;
    const auto perEpoch = static_cast<Step>(batchEnds(samples, start.recipe.batchSize).size());
    const auto warmup = static_cast<double>(warmupSteps(schedule.warmup, perEpoch));
    schedule.length = std::max(1e-6, start.scheduledEpochs - warmup / static_cast<double>(perEpoch));
}

SessionEnvironment environmentOf(const MachineReport& machine, const Trainer& trainer, const Recipe& recipe)
{
    const auto& compute = trainer.options().compute;
    return {machine.frostline,
            machine.libtorch,
            compute.device.str(),
            compute.threads,
            machine.cpu,
            std::string(nameOf(recipe.compute.precision)),
            std::string(nameOf(compute.format))};
}

} // namespace

Run::Run(std::unique_ptr<RunLoop> loop) : m_loop(std::move(loop)) {}
Run::~Run() = default;

Result<std::unique_ptr<RunLoop>> prepareLoop(RunStart start, const RunOptions& options)
{
    const auto device = chooseDevice(deviceFor(options, start));
    if (!device)
        return tl::unexpected(device.error());
    const auto machine = describeMachine();
    at::set_num_threads(machine.cores);
    Trainer::Options own{{*device, machine.cores, MemoryFormat::Contiguous},
                         options.featureCache ? options.featureCache : makeFeatureCache(options.features),
                         options.log};
    auto trainer = caught([&] { return Trainer::create(start.current, std::move(own)); });
    if (!trainer)
        return tl::unexpected(trainer.error());
    if (options.log)
        options.log(LogLevel::Info, preparedText(start.recipe, **trainer));
    if (options.log && device->is_cpu() && start.recipe.compute.precision == Precision::Bf16 &&
        machine.bf16 == "none")
        options.log(LogLevel::Warning,
                    "this processor has no instructions for bf16: it will be slower than fp32");
    // A session may have frozen what was pruned before.
    if (const auto reaches = (*trainer)->checkSparsityReaches(); !reaches && !start.origin)
        return tl::unexpected(reaches.error());
    keepScheduleLength(start, (*trainer)->data()->train.size());
    const auto chosen = caught([&]() -> Status {
        chooseCompute(**trainer, start, options.threads, machine.cores);
        return {};
    });
    if (!chosen)
        return tl::unexpected(chosen.error());
    auto environment = environmentOf(machine, **trainer, start.recipe);
    return std::make_unique<RunLoop>(std::move(start), options, std::move(*trainer), std::move(environment));
}

std::shared_ptr<FeatureCache> makeFeatureCache(const FeatureOptions& options)
{
    return std::make_shared<FeatureCache>(options);
}

Result<std::unique_ptr<Run>> Run::prepare(const Recipe& recipe, const RunOptions& options)
{
    return startOf(recipe, options)
        .and_then([&](RunStart start) { return prepareLoop(std::move(start), options); })
        .map([](std::unique_ptr<RunLoop> loop) { return std::unique_ptr<Run>(new Run(std::move(loop))); });
}

const LayerTable& Run::layers() const
{
    return m_loop->trainer().table();
}

std::shared_ptr<const DataSplits> Run::data() const
{
    return m_loop->trainer().data();
}

const SessionEnvironment& Run::environment() const
{
    return m_loop->environment();
}

RunProgress Run::progress() const
{
    return m_loop->progress();
}

Result<CostReport> Run::estimateCost()
{
    return caught([this]() -> Result<CostReport> { return m_loop->trainer().estimateCost(); });
}

Result<RangeTest> Run::testRange(const RangeTestOptions& options,
                                 const std::function<void(const RangePoint&)>& tell,
                                 const std::stop_token& stop)
{
    return caught([&] { return RangeTester(*m_loop).test(options, tell, stop); });
}

Result<AdviceProbe> Run::probe(const std::function<void(int, int)>& progress, const std::stop_token& stop)
{
    return caught([&] { return m_loop->trainer().probe(progress, stop); });
}

Result<Session> Run::execute(RunObserver& observer, std::stop_token stop, bool pauseOnFailure)
{
    return m_loop->execute(observer, stop, pauseOnFailure);
}

Result<Evaluation> Run::evaluate(const EvaluationRequest& request, const std::stop_token& stop)
{
    auto evaluation = caught([&] { return m_loop->trainer().evaluate(request, stop); });
    if (evaluation)
        evaluation->step = m_loop->progress().step;
    return evaluation;
}

std::filesystem::path Run::sessionFolder() const
{
    return m_loop->folder();
}

void Run::request(Change change)
{
    m_loop->commands().request(std::move(change));
}

void Run::requestPause()
{
    m_loop->commands().pause();
}

void Run::requestResume()
{
    m_loop->commands().resume();
}

void Run::requestSingleStep()
{
    m_loop->commands().singleStep();
}

} // namespace frostline
