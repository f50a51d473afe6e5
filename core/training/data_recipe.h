#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frostline {

/// What is to be learned of each sample.
enum class Task {
    Classes,        ///< One of several classes.
    Binary,         ///< One of two classes, by one logit: the second one's.
    Reconstruction, ///< The sample itself.
    Values,         ///< The numbers that go with it.
};

enum class LossKind { CrossEntropy, BinaryCrossEntropy, Mse, L1 };

std::string_view nameOf(Task task);
/// Whether there is a right answer for each sample, so that those that were right can be counted.
bool hasAccuracy(Task task);
std::string_view nameOf(LossKind kind);

struct LossRecipe {
    std::optional<LossKind> kind; ///< The task's own if not given.
    double labelSmoothing = 0.0;  ///< Cross-entropy (Szegedy et al. 2015).

    bool operator==(const LossRecipe&) const = default;
};

/// The task's usual loss, unless the recipe asks for another.
LossKind lossKindOf(const LossRecipe& loss, Task task);

struct ValidationRecipe {
    enum class From { Test, Train };
    From from = From::Test;
    double fraction = 0.1;  ///< Share of the training samples taken for validation, with From::Train.
    std::int64_t limit = 0; ///< At most so many samples for each class; 0 is all.

    bool operator==(const ValidationRecipe&) const = default;
};

/// Samples that belong together, as the takes of one speaker do, and must not be split.
struct GroupRecipe {
    std::string pattern; ///< Regular expression on file names; its first group names the sample's group.
    std::vector<std::string> validation; ///< Groups kept for validation.
    std::vector<std::string> test;       ///< Groups kept for the test.

    bool operator==(const GroupRecipe&) const = default;
};

/// Random changes to training samples; 0 leaves them out. Validation never sees them.
struct AugmentRecipe {
    double flip = 0.0;                  ///< Probability of a horizontal flip.
    std::int64_t shift = 0;             ///< Largest shift each way, in pixels; the border is filled with 0.
    std::optional<double> smallestCrop; ///< Random resized crop: least share of the area, the most is 1.
    double brightness = 0.0;            ///< Factors are drawn from 1 - x to 1 + x.
    double contrast = 0.0;
    double saturation = 0.0;
    double hue = 0.0;               ///< Turned by up to this share of the circle, at most 0.5.
    std::int64_t timeMask = 0;      ///< Widest band of frames masked (Park et al. 2019).
    std::int64_t frequencyMask = 0; ///< Widest band of frequencies masked.
    int views = 0; ///< Fixed variants of each sample, taken in turn by epoch; 0 draws anew in each epoch.

    bool isNone() const;
    bool operator==(const AugmentRecipe&) const = default;
};

struct DataRecipe {
    std::string source = "idx"; ///< `idx`, `cifar`, `image_folder`, `audio_folder` or `tensors`.
    std::string path;           ///< Folder or file; `dataset:NAME` is looked up.
    Task task = Task::Classes;
    std::vector<std::string> classes; ///< Selected class names, in label order; empty is all.
    std::int64_t trainLimit = 0;      ///< Training samples for each class; 0 is all.
    ValidationRecipe validation;
    GroupRecipe groups;
    std::vector<std::int64_t> inputSize; ///< Height and width that the network is given; empty: as stored.
    std::vector<double> mean{0.5};       ///< One value, or one for each channel.
    std::vector<double> deviation{0.5};
    AugmentRecipe augment;
    bool skipDamaged = false; ///< Files that cannot be read are left out rather than being an error.

    bool operator==(const DataRecipe&) const = default;
};

} // namespace frostline
