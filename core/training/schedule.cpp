#include "training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace frostline {

namespace {

constexpr double kTiny = 1e-9; // Lengths in epochs become whole steps again.

/// The schedule's own clock after the warm-up, in epochs or steps.
struct Clock {
    double now;
    double perEpoch;  ///< How far it goes in an epoch.
    double remaining; ///< Of the phase after the warm-up, in epochs.
};

Clock clockOf(const ScheduleRecipe& schedule, const ScheduleTime& time, Step warmup)
{
    const auto perEpoch = static_cast<double>(time.stepsPerEpoch);
    const auto steps = static_cast<double>(std::max<Step>(0, time.step - warmup));
    const double remaining = std::max(1.0 / perEpoch, time.epochs - static_cast<double>(warmup) / perEpoch);
    if (schedule.clockInForce() == ScheduleRecipe::Clock::Steps)
        return {steps, perEpoch, remaining};
    return {std::floor(steps / perEpoch), 1.0, remaining};
}

double cosine(double from, double to, double share)
{
    return to + (from - to) * (1.0 + std::cos(std::numbers::pi * std::clamp(share, 0.0, 1.0))) / 2.0;
}

double straight(double from, double to, double share)
{
    return from + (to - from) * std::clamp(share, 0.0, 1.0);
}

double restartedCosine(const ScheduleRecipe& schedule, const Clock& clock, double base)
{
    double since = clock.now;
    double length = schedule.length.value_or(clock.remaining) * clock.perEpoch;
    if (schedule.lengthen == 1)
        since -= length * std::floor(since / length + kTiny);
    for (; since + kTiny >= length; length *= schedule.lengthen)
        since -= length;
    return cosine(base, schedule.minimum, since / length);
}

double oneCycle(const ScheduleRecipe& schedule, const Clock& clock, double base)
{
    const double total = std::round(schedule.length.value_or(clock.remaining) * clock.perEpoch);
    const double top = schedule.rise * total - 1.0;
    const double start = base / schedule.startDivisor;
    const auto between = schedule.linear ? straight : cosine;
    if (clock.now <= top)
        return top > 0.0 ? between(start, base, clock.now / top) : base;
    const double down = total - 1.0 - top;
    return between(base, start / schedule.endDivisor, down > 0.0 ? (clock.now - top) / down : 1.0);
}

double afterWarmup(const ScheduleRecipe& schedule, const Clock& clock, int drops, double base)
{
    switch (schedule.kind) {
    case ScheduleKind::Decay:
        return base *
               std::pow(schedule.factor, std::floor(clock.now / (schedule.every * clock.perEpoch) + kTiny));
    case ScheduleKind::MultiStep:
        return base * std::pow(schedule.factor, std::ranges::count_if(schedule.milestones, [&](double epoch) {
                                   return epoch * clock.perEpoch <= clock.now + kTiny;
                               }));
    case ScheduleKind::Exponential:
        return base * std::pow(schedule.factor, clock.now / clock.perEpoch);
    case ScheduleKind::Cosine:
        return cosine(base, schedule.minimum,
                      clock.now / (schedule.length.value_or(clock.remaining) * clock.perEpoch));
    case ScheduleKind::CosineRestarts:
        return restartedCosine(schedule, clock, base);
    case ScheduleKind::OneCycle:
        return oneCycle(schedule, clock, base);
    case ScheduleKind::Plateau:
        return std::max(base * std::pow(schedule.factor, drops), schedule.minimum);
    case ScheduleKind::Constant:
        break;
    }
    return base;
}

} // namespace

Step warmupSteps(const WarmupRecipe& warmup, Step stepsPerEpoch)
{
    return warmup.steps > 0 ? warmup.steps : std::llround(warmup.epochs * static_cast<double>(stepsPerEpoch));
}

double scheduledRate(const ScheduleRecipe& schedule, const ScheduleTime& time, double base)
{
    if (schedule.kind == ScheduleKind::Constant && schedule.warmup.isNone())
        return base;
    const auto warmup = warmupSteps(schedule.warmup, time.stepsPerEpoch);
    const double rate = base <= schedule.minimum
                            ? base
                            : afterWarmup(schedule, clockOf(schedule, time, warmup), time.drops, base);
    if (time.step >= warmup)
        return rate;
    return rate *
           straight(schedule.warmup.from, 1.0, static_cast<double>(time.step) / static_cast<double>(warmup));
}

void PlateauCount::add(double value)
{
    if (isBetter(value)) {
        m_best = value;
        m_badEpochs = 0;
    } else {
        ++m_badEpochs;
    }
}

bool PlateauCount::isBetter(double value) const
{
    if (!std::isfinite(value) || !std::isfinite(m_best))
        return std::isfinite(value);
    const bool large = m_watched.prefersLarge();
    if (m_isRelative)
        return large ? value > m_best * (1.0 + m_threshold) : value < m_best * (1.0 - m_threshold);
    return large ? value > m_best + m_threshold : value < m_best - m_threshold;
}

} // namespace frostline
