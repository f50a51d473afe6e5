#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "data/augment.h"
#include "data/data_set.h"
#include "data/resize.h"
#include "training/data_recipe.h"

namespace frostline {

class Sha256;

/// Makes of the samples of a set what a network is given, up to normalisation: reads them, crops them or
/// brings them to the input size, augments them. The set must outlive it; any thread may call it.
///
/// A sample is asked for by round * size() + index: each round holds another variant of all samples, the same
/// whenever it is asked for, and whatever else is. Without augmentation there is round 0 only.
class SamplePreparer {
public:
    /// Memory for intermediate images, to be used again.
    struct Scratch {
        std::vector<std::uint8_t> stored;
        std::vector<std::uint8_t> crop;
        Resizer::Scratch resize;
    };

    /// As validation sees them. An empty input size leaves samples as they are stored.
    explicit SamplePreparer(const DataSet& set, const std::vector<std::int64_t>& inputSize = {});
    /// As training sees them.
    SamplePreparer(const DataSet& set, const DataRecipe& recipe, std::uint64_t seed);

    const DataSet& set() const { return *m_set; }
    std::int64_t size() const { return m_set->size(); }
    int channels() const { return m_set->channels; }
    int height() const { return m_height; }
    int width() const { return m_width; }
    std::size_t sampleSize() const;
    std::int64_t indexOf(std::int64_t sample) const { return sample % size(); }

    bool areImages() const { return m_set->values.empty(); }
    /// Whether samples are given as they lie in memory.
    bool isPlain() const { return !m_set->stream && m_augment.isNone() && !m_resizer; }
    /// Whether rounds never repeat.
    bool isEndless() const { return !m_augment.isNone() && m_augment.views == 0; }
    /// Rounds that differ; 1 where they never repeat.
    int rounds() const { return m_augment.isNone() || isEndless() ? 1 : m_augment.views; }

    /// An image's bytes, [C, height(), width()]. An error names its file.
    Status image(std::int64_t sample, std::span<std::uint8_t> out, Scratch& scratch) const;
    /// A sample's values, [C, H, W].
    void values(std::int64_t sample, std::span<float> out) const;
    /// Everything that image() and values() follow from.
    void addTo(Sha256& sum) const;

private:
    std::uint64_t seedOf(std::int64_t sample) const;
    void cropped(std::span<const std::uint8_t> image, const CropBox& box, std::span<std::uint8_t> out,
                 Scratch& scratch) const;

    const DataSet* m_set;
    int m_height;
    int m_width;
    std::optional<Resizer> m_resizer; ///< Where images are stored in another size.
    AugmentRecipe m_augment;
    std::uint64_t m_seed = 0;
};

/// Whether these samples can be brought to the recipe's input size, and augmented as it says.
Status checkPreparation(const DataSet& set, const DataRecipe& recipe);

/// An image of a training set as it is given to the network in a round; its size is that of a SamplePreparer.
Result<std::vector<std::uint8_t>> augmentedImage(const DataSet& set, const DataRecipe& recipe,
                                                 std::uint64_t seed, int round, std::int64_t index);

} // namespace frostline
