#include <cstddef>
#include <cstdint>

#include "base/json.h"
#include "fetch/catalog.h"
#include "round_trip.h"

using namespace frostline;

namespace {

/// Whatever a catalogue says: nothing of it leads out of a folder, or over an unsafe way.
void requireSafe(const CatalogEntry& entry)
{
    const auto isName = [](const std::string& name) {
        return !name.empty() && name[0] != '.' && name.find('/') == std::string::npos;
    };
    fuzz::require(isName(entry.name), "an entry's name is a path:", entry.name);
    for (const auto& file : entry.files) {
        fuzz::require(isName(file.name), "a file's name is a path:", file.name);
        fuzz::require(file.folder.empty() || isName(file.folder), "a folder is a path:", file.folder);
        fuzz::require(urlProblem(file.url).empty(), "an address is unsafe:", file.url);
        fuzz::require(file.size > 0, "a file has no size:", file.name);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto parse = [](std::string_view text) {
        return parseJson(text, fuzz::kWhere).and_then([](const Json& json) {
            return catalogFromJson(json, fuzz::kWhere);
        });
    };
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    fuzz::checkRoundTrip(text, parse, [](const Catalog& catalog) { return jsonText(toJson(catalog)); });
    if (const auto catalog = parse(text)) {
        for (const auto& entry : catalog->entries)
            requireSafe(entry);
    }
    return 0;
}
