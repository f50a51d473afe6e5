#include "cli/progress_line.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace frostline::cli {

namespace {

using Clock = std::chrono::steady_clock;

} // namespace

std::string barText(double fraction)
{
    constexpr int kWidth = 24;
    const auto filled = std::clamp(static_cast<int>(fraction * kWidth), 0, kWidth);
    std::string text;
    for (int i = 0; i < kWidth; ++i)
        text += i < filled ? "#" : "-";
    return text;
}

std::string durationText(double seconds)
{
    char text[32];
    const auto whole = static_cast<long>(seconds + 0.5);
    if (whole < 60)
        std::snprintf(text, sizeof text, "%.1f s", seconds);
    else
        std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
    return text;
}

namespace {

/// Accuracy, or the mean error of tasks without it.
std::string qualityText(double accuracy, double mae, int decimals)
{
    char text[64];
    if (std::isnan(accuracy) && !std::isnan(mae))
        std::snprintf(text, sizeof text, "MAE %.4f", mae);
    else
        std::snprintf(text, sizeof text, "accuracy %.*f %%", decimals, 100.0 * accuracy);
    return text;
}

std::string scoresText(const Scores& scores)
{
    char text[32];
    std::snprintf(text, sizeof text, "loss %.4f ", scores.loss);
    auto all = text + qualityText(scores.accuracy, scores.mae, 2);
    if (std::isfinite(scores.psnr)) {
        std::snprintf(text, sizeof text, " PSNR %.2f dB", scores.psnr);
        all += text;
    }
    if (std::isfinite(scores.clipAccuracy)) {
        std::snprintf(text, sizeof text, " by clip %.2f %%", 100.0 * scores.clipAccuracy);
        all += text;
    }
    return all;
}

} // namespace

ProgressLine::ProgressLine() : m_isTerminal(::isatty(STDERR_FILENO) == 1), m_started(Clock::now()) {}

void ProgressLine::clear() const
{
    if (m_isTerminal)
        std::fputs("\r\033[K", stderr);
}

void ProgressLine::onStep(const MetricPoint& point, const RunProgress& progress)
{
    const auto now = Clock::now();
    if (!m_isTerminal || now - m_drawn < std::chrono::milliseconds(100))
        return;
    m_drawn = now;
    const double elapsed = std::chrono::duration<double>(now - m_started).count();
    const double fraction = static_cast<double>(progress.step) / static_cast<double>(progress.steps);
    clear();
    std::fprintf(stderr, "epoch %d/%d [%s] step %ld/%ld  loss %.4f  %s  %s left", progress.epoch,
                 progress.epochs, barText(fraction).c_str(), static_cast<long>(progress.step),
                 static_cast<long>(progress.steps), point.loss,
                 qualityText(point.accuracy, point.mae, 1).c_str(),
                 durationText(elapsed * (1.0 - fraction) / std::max(fraction, 1e-9)).c_str());
    std::fflush(stderr);
}

void ProgressLine::onRecomputing(const RunProgress& progress)
{
    const auto now = Clock::now();
    if (!m_isTerminal || now - m_drawn < std::chrono::milliseconds(100))
        return;
    m_drawn = now;
    clear();
    std::fprintf(stderr, "going back: step %ld is computed again", static_cast<long>(progress.step));
    std::fflush(stderr);
}

void ProgressLine::onPaused(Step step, const std::string& reason)
{
    clear();
    std::fprintf(stderr, "paused at step %ld: %s; trying again until it works, Ctrl+C stops\n",
                 static_cast<long>(step), reason.c_str());
}

void ProgressLine::onResumed(Step step)
{
    std::fprintf(stderr, "goes on at step %ld\n", static_cast<long>(step));
}

void ProgressLine::onEpoch(const EpochRecord& epoch, const RunProgress& progress)
{
    clear();
    std::fprintf(stderr, "epoch %d/%d  train %s", epoch.epoch, progress.epochs,
                 scoresText(epoch.train).c_str());
    if (epoch.validation)
        std::fprintf(stderr, "  validation %s", scoresText(*epoch.validation).c_str());
    std::fprintf(stderr, "  %s\n", durationText(epoch.seconds).c_str());
}

void ProgressLine::onIntervention(const Intervention& intervention, const LayerTable& /*table*/)
{
    clear();
    std::fprintf(stderr, "step %ld: %s\n", static_cast<long>(intervention.step),
                 toText(intervention.change).c_str());
}

} // namespace frostline::cli
