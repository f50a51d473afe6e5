#include "data/names.h"

#include <algorithm>

#include "base/file.h"
#include "base/json.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostClasses = 256; ///< A label is a byte.
constexpr std::size_t kTold = 20;

} // namespace

Result<std::vector<std::string>> readNames(const fs::path& file)
{
    const auto text = readFile(file);
    if (!text)
        return tl::unexpected(text.error());
    std::vector<std::string> names;
    std::size_t start = 0;
    while (start < text->size() && names.size() <= kMostClasses) {
        const auto end = std::min(text->find('\n', start), text->size());
        auto name = text->substr(start, end - start);
        if (name.ends_with('\r'))
            name.pop_back();
        if (!name.empty())
            names.push_back(std::move(name));
        start = end + 1;
    }
    if (names.empty() || names.size() > kMostClasses)
        return badInput(file.string() + ": names " + (names.empty() ? "no class" : "more than 256 classes") +
                        "; expected the name of a class in each line");
    return names;
}

std::string listOf(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(kTold, names.size()); ++i)
        text += (text.empty() ? "" : ", ") + shortened(names[i]);
    if (names.size() > kTold)
        text += ", and " + std::to_string(names.size() - kTold) + " more";
    return text;
}

} // namespace frostline
