#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "training/feature_options.h"
#include "training/feature_store.h"

namespace frostline {

/// Output of the stages below a frost line, sample by sample: bytes within a budget, in memory as long as
/// there is room and beyond it in files. Knows nothing of networks. Belongs to one run at a time, which may
/// hand it on to the next.
class FeatureCache {
public:
    enum Split { Train, Validation, SplitCount };

    /// What the stages below one frost line gave.
    struct Level {
        int line = 0;
        std::string key; ///< Of all that the output follows from.
        std::vector<std::int64_t>
            sampleShape; ///< Of what a row holds, and its type, as its writer counts them.
        int elementType = 0;
        std::array<std::unique_ptr<FeatureStore>, SplitCount> stores; ///< Empty where there is none.
    };

    explicit FeatureCache(FeatureOptions options);

    bool isEnabled() const { return m_options.enabled; }

    /// From the lowest line to the highest.
    const std::vector<Level>& levels() const { return m_levels; }
    Level* find(int line);
    Level& add(int line, std::string key);
    void drop(int line);

    /// Gives a level room for a split. Other levels make room for it where they must. An error where there is
    /// none, neither in memory nor on the disk.
    Status makeStore(Level& level, Split split, std::int64_t rows, std::int64_t rowBytes);

    std::int64_t memoryBytes() const { return bytes(false); }
    std::int64_t fileBytes() const { return bytes(true); }

private:
    std::int64_t bytes(bool inFiles) const;
    bool makeRoom(int line, std::int64_t bytes);
    Status makeFile(Level& level, Split split, std::int64_t rows, std::int64_t rowBytes);

    FeatureOptions m_options;
    std::int64_t m_memoryBudget = 0;
    std::vector<Level> m_levels;
    int m_files = 0; ///< Made so far: each has a name of its own.
};

} // namespace frostline
