#include "session/session_csv.h"

#include <cmath>

#include "base/file.h"
#include "base/number.h"

namespace frostline {

namespace {

constexpr std::size_t kPiece = 1 << 20;

std::string cell(double value)
{
    return std::isfinite(value) ? "," + formatNumber(value) : ",";
}

std::string rowOf(const MetricPoint& point, const std::optional<Scores>& validation)
{
    const double none = std::nan("");
    return std::to_string(point.step) + "," + std::to_string(point.epoch) + cell(point.loss) +
           cell(point.accuracy) + cell(point.learningRate) + cell(point.sparsity) + cell(point.seconds) +
           cell(validation ? validation->loss : none) + cell(validation ? validation->accuracy : none) +
           "\r\n";
}

} // namespace

Status exportCsv(const Session& session, const std::filesystem::path& file)
{
    auto out = AtomicFile::create(file);
    if (!out)
        return tl::unexpected(out.error());
    std::string text = "step,epoch,loss,accuracy,learning_rate,sparsity,seconds,"
                       "validation_loss,validation_accuracy\r\n";
    auto epoch = session.epochs.begin();
    for (const auto& point : session.steps) {
        while (epoch != session.epochs.end() && epoch->step <= point.step)
            ++epoch;
        const bool isLast = epoch != session.epochs.end() && epoch->step == point.step + 1;
        text += rowOf(point, isLast ? epoch->validation : std::nullopt);
        if (text.size() < kPiece)
            continue;
        if (auto written = out->write(text); !written)
            return written;
        text.clear();
    }
    return out->write(text).and_then([&out] { return out->commit(); });
}

} // namespace frostline
