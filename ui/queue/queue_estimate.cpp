#include "queue/queue_estimate.h"

#include <algorithm>

namespace frostline {

namespace {

/// Epochs done, with the part of the one that goes on.
double epochsDone(const QueueItem& item)
{
    const auto& progress = item.progress;
    if (progress.steps <= 0)
        return 0.0;
    return static_cast<double>(progress.step) * progress.epochs / static_cast<double>(progress.steps);
}

std::optional<double> secondsPerEpoch(const QueueItem& item)
{
    const double done = epochsDone(item);
    return done > 0.0 && item.seconds > 0.0 ? std::optional(item.seconds / done) : std::nullopt;
}

/// How well one run's speed tells another's; 0 where it does not.
int likeness(const Recipe& first, const Recipe& second)
{
    if (first.data != second.data || first.model != second.model || first.batchSize != second.batchSize ||
        first.compute != second.compute)
        return 0;
    const bool isSame =
        first.layers == second.layers && first.phases == second.phases && first.optimizer == second.optimizer;
    return isSame ? 2 : 1;
}

/// Of the run most like it; among equals of the one furthest down, which ran last.
std::optional<double> likelySecondsPerEpoch(const QueueItem& item, std::span<const QueueItem> items)
{
    std::optional<double> found;
    int best = 1;
    for (const auto& other : items) {
        const int like = likeness(item.recipe, other.recipe);
        const auto measured = like >= best ? secondsPerEpoch(other) : std::nullopt;
        if (!measured)
            continue;
        found = measured;
        best = like;
    }
    return found;
}

double epochsOf(const QueueItem& item)
{
    return item.progress.steps > 0 ? item.progress.epochs : item.recipe.epochs;
}

bool isDue(const QueueItem& item)
{
    return item.isCurrent() || item.state == QueueItem::State::Waiting;
}

} // namespace

std::optional<double> secondsLeft(const QueueItem& item, std::span<const QueueItem> items)
{
    if (!isDue(item))
        return std::nullopt;
    auto pace = secondsPerEpoch(item);
    if (!pace)
        pace = likelySecondsPerEpoch(item, items);
    if (!pace)
        return std::nullopt;
    return std::max(0.0, epochsOf(item) - epochsDone(item)) * *pace;
}

QueueTotals totalsOf(std::span<const QueueItem> items)
{
    QueueTotals totals;
    double done = 0.0;
    double all = 0.0;
    for (const auto& item : items) {
        ++totals.all;
        totals.finished += item.state == QueueItem::State::Finished;
        totals.failed += item.state == QueueItem::State::Failed;
        totals.broken +=
            item.state == QueueItem::State::Stopped || item.state == QueueItem::State::Interrupted;
        const bool isFinished = item.state == QueueItem::State::Finished;
        if (isFinished || isDue(item)) {
            all += epochsOf(item);
            done += isFinished ? epochsOf(item) : epochsDone(item);
        }
        if (!isDue(item))
            continue;
        ++totals.due;
        const auto left = secondsLeft(item, items);
        totals.unmeasured += !left;
        totals.secondsLeft += left.value_or(0.0);
    }
    totals.share = all > 0.0 ? done / all : 0.0;
    return totals;
}

} // namespace frostline
