#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace frostline {

/// One tensor of a file: what it is, and which of the file's bytes it is made of. All that it touches lies in
/// the file, and its number of values fits into 63 bits; with strides of 0 it can be far more than the file.
struct StoredTensor {
    std::string name;
    std::string dtype; ///< As safetensors writes it: `F32`, `BF16`, `I64`, ...
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides; ///< In elements, none negative.
    std::uint64_t begin = 0;           ///< Byte of its first element.
    std::uint64_t end = 0;             ///< One past the last byte that any element has.

    std::int64_t values() const;
};

struct StateDictIndex {
    std::vector<StoredTensor> tensors;
    std::string
        foundUnder; ///< Key of the checkpoint, `state_dict` or so; empty where the file is nothing else.
};

/// Finds the state dict in what PyTorch's torch.save() wrote, in the zip format or in the one before it:
/// `file` is all of it. Nothing of it is run.
Result<StateDictIndex> parseStateDict(std::string_view file, const std::string& where);

} // namespace frostline
