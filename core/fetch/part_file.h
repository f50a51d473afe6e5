#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/sha256.h"
#include "fetch/download.h"

namespace frostline {

/// A file on its way: FILE.part, locked while it is written, with the sum of what it holds. It stays where a
/// download ends early, beside FILE.part.tag, which says of which state of the file on the server it is.
class PartFile {
public:
    /// Opens what an earlier try has left, or a new one. Reads all of it: nothing comes where that was
    /// stopped.
    static Result<std::unique_ptr<PartFile>> open(const std::filesystem::path& file,
                                                  const std::stop_token& stop);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    std::int64_t size() const { return m_size; }
    Status append(std::string_view bytes);
    /// Throws away what is there.
    Status restart();
    /// What the server said of the file's state when its beginning came; empty where it said nothing.
    const std::string& tag() const { return m_tag; }
    void setTag(const std::string& tag);
    /// SHA-256 of all bytes; nothing can be added after it.
    std::string sum() { return m_sum->finish(); }
    /// Gives it its name.
    Status commit();
    void remove();

private:
    explicit PartFile(std::filesystem::path file);
    Status lock();
    Result<Outcome> readBack(const std::stop_token& stop);

    std::filesystem::path m_file;
    std::filesystem::path m_part;
    std::filesystem::path m_tagFile;
    std::string m_tag;
    std::unique_ptr<Sha256> m_sum;
    std::int64_t m_size = 0;
    int m_descriptor = -1;
};

} // namespace frostline
