#include "training/run.h"

#include <ATen/Parallel.h>

#include "base/machine.h"
#include "training/device.h"
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

int threadsFor(const RunOptions& options, const RunStart& start, const MachineReport& machine)
{
    if (options.threads > 0)
        return options.threads;
    return start.origin ? start.recordedOn.threads : machine.cores;
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
    const int threads = threadsFor(options, start, machine);
    at::set_num_threads(threads);
    auto trainer = caught([&] { return Trainer::create(start.current, *device); });
    if (!trainer)
        return tl::unexpected(trainer.error());
    if (options.log)
        options.log(LogLevel::Info, preparedText(start.recipe, **trainer));
    SessionEnvironment environment{machine.frostline, machine.libtorch, device->str(), threads, machine.cpu};
    return std::make_unique<RunLoop>(std::move(start), options, *device, std::move(*trainer),
                                     std::move(environment));
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

std::shared_ptr<const ImageSplits> Run::data() const
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

Result<CostEstimate> Run::estimateCost()
{
    return caught([this]() -> Result<CostEstimate> {
        return m_loop->trainer().estimateCost(m_loop->recipe().batchSize);
    });
}

Result<Session> Run::execute(RunObserver& observer, std::stop_token stop, bool pauseOnFailure)
{
    return m_loop->execute(observer, stop, pauseOnFailure);
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
