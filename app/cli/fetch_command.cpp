#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/json.h"
#include "base/pace.h"
#include "cli/commands.h"
#include "cli/progress_line.h"
#include "cli/run_to_end.h"
#include "fetch/fetch.h"
#include "fetch/places.h"

namespace frostline::cli {

namespace {

std::string megabytes(std::int64_t bytes)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
    return text;
}

/// A bar that stays on its line on a terminal, a line for each tenth otherwise.
class FetchLine {
public:
    FetchLine() : m_isTerminal(::isatty(STDERR_FILENO) == 1) {}

    void show(const FetchProgress& progress)
    {
        const double fraction =
            progress.total > 0 ? static_cast<double>(progress.bytes) / static_cast<double>(progress.total)
                               : 0;
        const int tenth = static_cast<int>(10 * fraction);
        const bool isNews = progress.stage != m_stage || tenth > m_tenth;
        if (m_isTerminal ? !m_pace.allows(std::chrono::milliseconds(100)) : !isNews)
            return;
        m_stage = progress.stage;
        m_tenth = tenth;
        print(progress, fraction);
    }
    void clear() const
    {
        if (m_isTerminal)
            std::fputs("\r\033[K", stderr);
    }

private:
    void print(const FetchProgress& progress, double fraction) const
    {
        const bool isDownload = progress.stage == FetchProgress::Stage::Downloading;
        clear();
        std::fprintf(stderr, "%s %s [%s] %s of %s", isDownload ? "getting" : "unpacking",
                     progress.file.c_str(), barText(fraction).c_str(), megabytes(progress.bytes).c_str(),
                     megabytes(progress.total).c_str());
        if (progress.secondsLeft >= 0)
            std::fprintf(stderr, "  %s left", durationText(progress.secondsLeft).c_str());
        std::fputs(m_isTerminal ? "" : "\n", stderr);
        std::fflush(stderr);
    }

    bool m_isTerminal;
    FetchProgress::Stage m_stage = FetchProgress::Stage::Downloading;
    int m_tenth = -1;
    Pace m_pace;
};

Json entryJson(const CatalogEntry& entry)
{
    const auto here = foundPlace(entry);
    return {{"name", entry.name},
            {"kind", nameOf(entry.kind)},
            {"title", entry.title},
            {"bytes", entry.size()},
            {"bytes_exact", entry.sizeIsExact()},
            {"licence", entry.licence},
            {"reference", entry.reference()},
            {"here", here ? Json(here->string()) : Json()}};
}

int list(const Catalog& catalog, bool json)
{
    Json rows = Json::array();
    for (const auto& entry : catalog.entries)
        rows.push_back(entryJson(entry));
    if (json) {
        std::printf("%s\n", jsonText(rows).c_str());
        return kDone;
    }
    std::printf("%-20s %-8s %10s  %-9s %s\n", "name", "kind", "size", "here", "licence");
    for (const auto& entry : catalog.entries) {
        const auto here = foundPlace(entry);
        std::printf("%-20s %-8s %10s  %-9s %s\n", entry.name.c_str(), std::string(nameOf(entry.kind)).c_str(),
                    megabytes(entry.size()).c_str(), here ? "here" : "-", entry.licence.c_str());
    }
    return kDone;
}

int printResult(const CatalogEntry& entry, const FetchResult& result, bool json)
{
    if (result.outcome == Outcome::Stopped) {
        std::fprintf(stderr, "stopped; what has come is kept: frostline-cli fetch %s goes on from there\n",
                     entry.name.c_str());
        return kRunFailed;
    }
    if (result.wasHere)
        std::fprintf(stderr, "%s is here already; --force gets it again\n", entry.name.c_str());
    for (const auto& note : result.notes)
        std::fprintf(stderr, "note: %s\n", note.c_str());
    std::fprintf(stderr, "a recipe names it %s\n", result.reference.c_str());
    if (json)
        std::printf("%s\n", jsonText({{"name", entry.name},
                                      {"place", result.place.string()},
                                      {"reference", result.reference},
                                      {"was_here", result.wasHere},
                                      {"notes", result.notes}})
                                .c_str());
    else
        std::printf("%s\n", result.place.c_str());
    return kDone;
}

} // namespace

int fetchCommand(const FetchArguments& arguments)
{
    if (arguments.name.empty() && !arguments.list)
        return report({ErrorCode::BadInput, "fetch needs NAME, or --list"});
    const auto catalog = loadCatalog(arguments.catalog);
    if (!catalog)
        return report(catalog.error());
    if (arguments.list)
        return list(*catalog, arguments.json);
    const auto entry = catalog->entry(arguments.name);
    if (!entry)
        return report(entry.error());
    const auto stop = stopOnInterrupt();
    FetchLine line;
    const auto tell = [&line](const FetchProgress& progress) { line.show(progress); };
    const auto to = arguments.to.empty() ? std::filesystem::path() : std::filesystem::absolute(arguments.to);
    const auto result = fetch(*entry, {to, arguments.again, arguments.timeout}, tell, stop);
    line.clear();
    return result ? printResult(*entry, *result, arguments.json) : report(result.error());
}

} // namespace frostline::cli
