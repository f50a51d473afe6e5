#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "base/json.h"
#include "round_trip.h"
#include "session/journal.h"

using namespace frostline;

namespace {

/// The journal with the checksums that its lines have: without this nothing that libFuzzer changes would get
/// past them. A line's checksum stands at its end, `,"crc32":"01234567"}`, and is of all that is before it.
std::string withRightSums(std::string_view text)
{
    constexpr std::string_view kKey = ",\"crc32\":\"";
    std::string mended;
    for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
        auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        line = line.substr(0, line.rfind(kKey));
        const auto sum =
            ::crc32(0, reinterpret_cast<const Bytef*>(line.data()), static_cast<uInt>(line.size()));
        char digits[9] = {};
        std::snprintf(digits, sizeof digits, "%08lx", sum);
        mended.append(line).append(kKey).append(digits).append("\"}\n");
    }
    return mended.append(text);
}

Session sessionFor(const Journal& journal)
{
    Session session;
    session.id = journal.start.session;
    session.recipe.name = "trial";
    session.recipe.data.path = "images";
    session.recipe.model.architecture = "mlp";
    session.state = SessionState::Running;
    LayerInfo block;
    block.path = block.name = "block1";
    block.isLeaf = false;
    LayerInfo norm;
    norm.path = "block1.norm";
    norm.name = "norm";
    norm.parent = 0;
    norm.parameters = norm.prunable = 4;
    norm.isNormalisation = true;
    session.layers = {block, norm};
    return session;
}

/// A session that took a journal in is as good as any other.
void checkFolding(std::string_view text)
{
    const auto journal = parseJournal(text, fuzz::kWhere);
    if (!journal || journal->start.session.empty())
        return;
    auto session = sessionFor(*journal);
    if (const auto folded = foldIn(*journal, session, fuzz::kWhere); !folded) {
        fuzz::require(folded.error().message.starts_with(fuzz::kWhere),
                      "an error does not name the source:", folded.error().message);
        return;
    }
    const auto written = jsonText(toJson(session));
    const auto again = parseJson(written, fuzz::kWhere).and_then([](const Json& json) {
        return sessionFromJson(json, fuzz::kWhere);
    });
    fuzz::require(again.has_value(), "a session with its journal folded in is not read:",
                  again ? "" : again.error().message + "\n" + written);
    const auto twice = jsonText(toJson(*again));
    fuzz::require(twice == written, "it is read as something else:", written + "\n" + twice);
}

void check(std::string_view text)
{
    const auto parse = [](std::string_view lines) { return parseJournal(lines, fuzz::kWhere); };
    fuzz::checkRoundTrip(text, parse, [](const Journal& journal) {
        std::string lines = journal.start.session.empty() ? "" : journalLine(journal.start);
        for (const auto& entry : journal.entries)
            lines += journalLine(entry);
        return lines;
    });
    checkFolding(text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(text);
    check(withRightSums(text));
    return 0;
}
