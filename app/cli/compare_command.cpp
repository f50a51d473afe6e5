#include <cstdio>

#include "base/file.h"
#include "base/json.h"
#include "cli/commands.h"
#include "session/compare_report.h"
#include "session/session_store.h"

namespace frostline::cli {

namespace {

Result<std::vector<Session>> loadAll(const std::vector<std::string>& folders)
{
    if (folders.size() < 2)
        return badInput("compare takes two or more session folders, the first of them the baseline; " +
                        std::to_string(folders.size()) +
                        (folders.size() == 1 ? " was given" : " were given"));
    std::vector<Session> sessions;
    for (const auto& folder : folders) {
        auto session = loadSession(folder);
        if (!session)
            return tl::unexpected(session.error());
        sessions.push_back(std::move(*session));
    }
    return sessions;
}

} // namespace

Result<Session> loadSession(const std::string& folder)
{
    std::error_code code;
    if (!std::filesystem::is_directory(folder, code))
        return badInput(folder +
                        " is not a session's folder; `frostline-cli sessions` lists those there are");
    std::vector<std::string> remarks;
    auto session = SessionStore::load(folder, &remarks);
    for (const auto& remark : remarks)
        std::fprintf(stderr, "%s\n", remark.c_str());
    return session;
}

int compare(const CompareArguments& arguments)
{
    const auto sessions = loadAll(arguments.folders);
    if (!sessions)
        return report(sessions.error());
    if (!arguments.html.empty()) {
        if (const auto written = writeFile(arguments.html, compareHtml(*sessions)); !written)
            return report(written.error());
    }
    std::string text;
    if (arguments.json)
        text = jsonText(compareJson(*sessions)) + "\n";
    else
        text = arguments.csv ? compareCsv(*sessions) : compareText(*sessions);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kDone;
}

} // namespace frostline::cli
