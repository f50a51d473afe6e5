#pragma once

#include <filesystem>

#include "base/error.h"

namespace frostline {

/// A folder that is one program's alone, until the lock goes or the program ends.
class FolderLock {
public:
    /// Makes the folder where it is missing. An error where another program has it.
    static Result<FolderLock> take(const std::filesystem::path& folder);
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor;
};

} // namespace frostline
