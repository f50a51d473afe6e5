#include "data/left_out.h"

#include <utility>

namespace frostline {

namespace {

constexpr std::size_t kTold = 10;

} // namespace

tl::unexpected<Error> damagedFile(Error error)
{
    error.message += R"(; "damaged": "skip" in /data leaves such files out)";
    return tl::unexpected(std::move(error));
}

void tellLeftOut(const LeftOut& leftOut, const LogSink& log)
{
    if (!log)
        return;
    std::size_t told = 0;
    for (const auto& [index, error] : leftOut) {
        if (told++ < kTold)
            log(LogLevel::Warning, "left out: " + error.message);
    }
    if (leftOut.size() > kTold)
        log(LogLevel::Warning, "left out: " + std::to_string(leftOut.size() - kTold) + " more damaged files");
}

Status checkClasses(const LeftOut& leftOut, const std::vector<std::int64_t>& labels,
                    const std::vector<std::string>& classNames)
{
    std::vector<std::int64_t> kept(classNames.size());
    for (std::size_t i = 0; i < labels.size(); ++i)
        kept[static_cast<std::size_t>(labels[i])] += leftOut.contains(static_cast<std::int64_t>(i)) ? 0 : 1;
    for (const auto& [index, error] : leftOut) {
        const auto label = static_cast<std::size_t>(labels[static_cast<std::size_t>(index)]);
        if (kept[label] == 0)
            return badInput("all files of class \"" + classNames[label] +
                            "\" are damaged; the first that was left out: " + error.message);
    }
    return {};
}

} // namespace frostline
