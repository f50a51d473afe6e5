#include "training/compute_choice.h"

#include <algorithm>

namespace frostline {

namespace {

constexpr double kLongPass = 0.025; ///< Seconds that eight rows take where threads pay in any case.
constexpr double kWorthIt = 0.95;   ///< Another choice has to save as much: measurements are noisy.
constexpr std::int64_t kFewRows = 8;
constexpr std::int64_t kRowsForFormat = 16; ///< Enough to tell, and soon over.
constexpr int kPasses = 4;                  ///< The best of them counts; the first warms up.

bool isRecorded(const RunStart& start)
{
    return !start.recordedOn.device.empty();
}

/// A small network waits longer for a second thread than that saves.
int measuredThreads(Trainer& trainer, ComputeSettings compute, std::int64_t batchSize, int cores)
{
    compute.threads = cores;
    trainer.setCompute(compute);
    if (cores == 1 || !trainer.hasTrainable() || trainer.timePasses(kFewRows, 2) > kLongPass)
        return cores;
    const double all = trainer.timePasses(batchSize, kPasses);
    compute.threads = 1;
    trainer.setCompute(compute);
    return trainer.timePasses(batchSize, kPasses) < all * kWorthIt ? 1 : cores;
}

MemoryFormat measuredFormat(Trainer& trainer, ComputeSettings compute)
{
    if (!trainer.hasTrainable())
        return MemoryFormat::Contiguous;
    double seconds[2] = {};
    for (const auto format : {MemoryFormat::Contiguous, MemoryFormat::ChannelsLast}) {
        compute.format = format;
        trainer.setCompute(compute);
        seconds[static_cast<int>(format)] = trainer.timePasses(kRowsForFormat, kPasses);
    }
    return seconds[1] < seconds[0] * kWorthIt ? MemoryFormat::ChannelsLast : MemoryFormat::Contiguous;
}

} // namespace

void chooseCompute(Trainer& trainer, const RunStart& start, int askedThreads, int cores)
{
    auto compute = trainer.options().compute;
    const auto& recipe = start.recipe.compute;
    if (askedThreads > 0)
        compute.threads = askedThreads;
    else if (isRecorded(start))
        compute.threads = start.recordedOn.threads;
    else
        compute.threads = recipe.threads ? *recipe.threads
                                         : measuredThreads(trainer, compute, start.recipe.batchSize, cores);
    if (isRecorded(start))
        compute.format = start.recordedOn.memoryFormat == nameOf(MemoryFormat::ChannelsLast)
                             ? MemoryFormat::ChannelsLast
                             : MemoryFormat::Contiguous;
    else
        compute.format = recipe.format ? *recipe.format : measuredFormat(trainer, compute);
    trainer.setCompute(compute);
}

} // namespace frostline
