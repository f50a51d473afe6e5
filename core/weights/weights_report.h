#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace frostline {

struct TensorShape {
    std::string name;
    std::vector<std::int64_t> shape;
    bool isWhole = false; ///< Its elements are whole numbers, or truth values.
};

/// How a file's tensors fit a network's, by names, shapes and kinds of numbers.
struct WeightsReport {
    struct WrongShape {
        std::string name;
        std::vector<std::int64_t> inFile;
        std::vector<std::int64_t> inNetwork;
    };
    std::string prefix; ///< What all names of the file have before them: `module.`
    std::vector<std::string> loaded;
    std::vector<std::string> missing;    ///< In the network, not in the file.
    std::vector<std::string> unexpected; ///< In the file, not in the network.
    std::vector<WrongShape> wrongShape;
    std::vector<std::string> wholeNumbers; ///< What a quantized file has where floating point is expected.

    bool fits() const
    {
        return missing.empty() && unexpected.empty() && wrongShape.empty() && wholeNumbers.empty();
    }
};

/// Tensors under `replacedHead`, where it is not empty, are left out on both sides; so are a checkpoint's
/// tensors beside its weights, whose names have a slash. That a count of batches (`num_batches_tracked`) is
/// missing is no matter: files of older versions, and converted ones, have none.
WeightsReport compareWeights(const std::vector<TensorShape>& network, const std::vector<TensorShape>& file,
                             const std::string& replacedHead);

/// `; missing: a, b; wrong shape: ...` with the first names of each; empty where everything fits.
std::string problemsOf(const WeightsReport& report);
/// `60 of 62 tensors loaded; missing: ...`
std::string summaryOf(const WeightsReport& report);

/// `[64, 3, 7, 7]`
std::string shapeText(const std::vector<std::int64_t>& shape);

} // namespace frostline
