#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace frostline {

/// A fixed number of rows of bytes, each there or not. Torch-free. Belongs to one thread.
class FeatureStore {
public:
    virtual ~FeatureStore() = default;
    FeatureStore(const FeatureStore&) = delete;
    FeatureStore& operator=(const FeatureStore&) = delete;

    /// Rows in memory. An error where there is not so much of it.
    static Result<std::unique_ptr<FeatureStore>> inMemory(std::int64_t rows, std::int64_t rowBytes);
    /// Rows in a new file, whose whole length is taken at once: an error where the disk has no room. The file
    /// is removed with the store. A row that is not as it was written counts as not there.
    static Result<std::unique_ptr<FeatureStore>> inFile(const std::filesystem::path& file, std::int64_t rows,
                                                        std::int64_t rowBytes);

    std::int64_t rowBytes() const { return m_rowBytes; }
    std::int64_t rows() const { return static_cast<std::int64_t>(m_there.size()); }
    std::int64_t rowsThere() const { return m_rowsThere; }
    bool has(std::int64_t row) const { return m_there[static_cast<std::size_t>(row)]; }
    virtual bool isFile() const = 0;
    virtual std::string name() const = 0; ///< For messages: the file, or `memory`.
    /// Whether somebody removed the file: what would go on in it would be found by nobody.
    virtual bool isLost() const = 0;

    Status write(std::int64_t row, std::span<const std::byte> bytes);
    /// Copies a row; false where it is not there, or not any more as it was written.
    bool read(std::int64_t row, std::span<std::byte> bytes);
    /// Starts to read rows that will be asked for next.
    virtual void prefetch(std::span<const std::int64_t> /*rows*/) {}

protected:
    FeatureStore(std::int64_t rows, std::int64_t rowBytes);
    virtual Status store(std::int64_t row, std::span<const std::byte> bytes) = 0;
    virtual bool load(std::int64_t row, std::span<std::byte> bytes) = 0;

private:
    std::vector<bool> m_there;
    std::int64_t m_rowBytes;
    std::int64_t m_rowsThere = 0;
};

/// Removes files that programs which did not end well left in the folder.
void removeLeftFeatureFiles(const std::filesystem::path& folder);

} // namespace frostline
