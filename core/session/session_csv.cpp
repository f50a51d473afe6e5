#include "session/session_csv.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/file.h"
#include "base/number.h"

namespace frostline {

namespace {

constexpr std::size_t kPiece = 1 << 20;

std::string cell(double value)
{
    return std::isfinite(value) ? "," + formatNumber(value) : ",";
}

/// Columns that are there where any row has something in them.
struct Extra {
    const char* name;
    double Scores::*figure;
};
constexpr std::array<Extra, 4> kExtras{{{"validation_mae", &Scores::mae},
                                        {"validation_psnr", &Scores::psnr},
                                        {"validation_top5", &Scores::top5},
                                        {"validation_clip_accuracy", &Scores::clipAccuracy}}};

class Table {
public:
    explicit Table(const Session& session)
        : m_hasError(
              std::ranges::any_of(session.steps, [](const auto& point) { return std::isfinite(point.mae); }))
    {
        for (const auto& extra : kExtras) {
            const auto has = [&extra](const EpochRecord& epoch) {
                return epoch.validation && std::isfinite(*epoch.validation.*extra.figure);
            };
            if (std::ranges::any_of(session.epochs, has))
                m_extras.push_back(extra);
        }
    }
    std::string header() const
    {
        std::string text = "step,epoch,loss,accuracy,learning_rate,sparsity,seconds,"
                           "validation_loss,validation_accuracy";
        text += m_hasError ? ",mae" : "";
        for (const auto& extra : m_extras)
            text += std::string(",") + extra.name;
        return text + "\r\n";
    }
    std::string rowOf(const MetricPoint& point, const std::optional<Scores>& validation) const
    {
        const auto of = [&validation](double Scores::*figure) {
            return cell(validation ? *validation.*figure : kNoFigure);
        };
        std::string row = std::to_string(point.step) + "," + std::to_string(point.epoch) + cell(point.loss) +
                          cell(point.accuracy) + cell(point.learningRate) + cell(point.sparsity) +
                          cell(point.seconds) + of(&Scores::loss) + of(&Scores::accuracy);
        row += m_hasError ? cell(point.mae) : "";
        for (const auto& extra : m_extras)
            row += of(extra.figure);
        return row + "\r\n";
    }

private:
    bool m_hasError;
    std::vector<Extra> m_extras;
};

} // namespace

Status exportCsv(const Session& session, const std::filesystem::path& file)
{
    auto out = AtomicFile::create(file);
    if (!out)
        return tl::unexpected(out.error());
    const Table table(session);
    auto text = table.header();
    auto epoch = session.epochs.begin();
    for (const auto& point : session.steps) {
        while (epoch != session.epochs.end() && epoch->step <= point.step)
            ++epoch;
        const bool isLast = epoch != session.epochs.end() && epoch->step == point.step + 1;
        text += table.rowOf(point, isLast ? epoch->validation : std::nullopt);
        if (text.size() < kPiece)
            continue;
        if (auto written = out->write(text); !written)
            return written;
        text.clear();
    }
    return out->write(text).and_then([&out] { return out->commit(); });
}

} // namespace frostline
