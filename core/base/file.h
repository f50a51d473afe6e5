#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.h"

namespace frostline {

Result<std::string> readFile(const std::filesystem::path& file);

/// A file that appears whole or not at all: written beside its place, synced, renamed, its folder synced.
/// What was written is removed unless commit() succeeded.
class AtomicFile {
public:
    static Result<AtomicFile> create(const std::filesystem::path& file);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;
    ~AtomicFile();

    Status write(std::string_view bytes);
    Status commit();

private:
    AtomicFile(std::filesystem::path file, std::filesystem::path part, int descriptor);

    std::filesystem::path m_file;
    std::filesystem::path m_part;
    int m_descriptor = -1;
};

Status writeFile(const std::filesystem::path& file, std::string_view bytes);

/// Writes all bytes to an open file; `file` is what an error names. On an error some may be written.
Status writeBytes(int descriptor, std::string_view bytes, const std::filesystem::path& file);

/// Waits until the folder's entries are on the disk.
Status syncFolder(const std::filesystem::path& folder);

/// Makes a folder and those above it.
Status makeFolder(const std::filesystem::path& folder);

/// SHA-256 of a file's bytes, in lower-case hexadecimal. An error where it was stopped before its end.
Result<std::string> sha256OfFile(const std::filesystem::path& file, const std::stop_token& stop = {});

/// The system's words for an error number: "No space left on device".
std::string systemMessage(int errorNumber);

} // namespace frostline
