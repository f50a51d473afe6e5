#pragma once

#include <string>
#include <vector>

#include "weights/state_dict_index.h"

namespace frostline {

/// The `data.pkl` of a state dict, as Python writes it in protocol 2: an OrderedDict of contiguous tensors.
/// The storage of tensor i is the record `data/i`.
std::string stateDictPickle(const std::vector<StoredTensor>& tensors);

} // namespace frostline
