#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "weights/stored_tensor.h"

namespace frostline {

struct StateDictIndex {
    std::vector<StoredTensor> tensors;
    std::string
        foundUnder; ///< Key of the checkpoint, `state_dict` or so; empty where the file is nothing else.
};

/// Finds the state dict in what PyTorch's torch.save() wrote, in the zip format or in the one before it:
/// `file` is all of it. Nothing of it is run.
Result<StateDictIndex> parseStateDict(std::string_view file, const std::string& where);

} // namespace frostline
