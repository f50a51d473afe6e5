#include "session/session_path.h"

#include <algorithm>
#include <cctype>

#include "base/json.h"

namespace frostline {

namespace fs = std::filesystem;

Result<fs::path> fileInside(const fs::path& folder, const std::string& text)
{
    const auto refused = [&] {
        return badInput(folder.string() + ": \"" + shortened(text) +
                        "\" does not lie inside the session's folder");
    };
    const fs::path relative(text);
    const bool climbs = std::ranges::find(relative, fs::path("..")) != relative.end();
    // What the system reads ends at a NUL.
    if (text.empty() || relative.is_absolute() || climbs || text.find('\0') != std::string::npos)
        return refused();
    std::error_code code;
    const auto root = fs::canonical(folder, code);
    if (code)
        return failure(ErrorCode::FileSystem, "cannot open " + folder.string() + ": " + code.message());
    const auto file = fs::weakly_canonical(root / relative, code);
    if (code)
        return failure(ErrorCode::FileSystem,
                       "cannot open " + shortened((folder / relative).string()) + ": " + code.message());
    const auto [rest, within] = std::ranges::mismatch(root, file);
    if (rest != root.end() || within == file.end() || within->empty())
        return refused();
    // Links to nowhere are not followed above, but would be when the file is written.
    for (auto part = file; part != root; part = part.parent_path()) {
        if (fs::is_symlink(part, code))
            return refused();
    }
    return file;
}

std::string plainFileName(const std::string& name)
{
    constexpr std::size_t kLongestName = 80;
    auto made = name.substr(0, kLongestName);
    for (auto& c : made) {
        const bool isPlain =
            std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
        if (!isPlain)
            c = '-';
    }
    return made;
}

} // namespace frostline
