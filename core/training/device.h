#pragma once

#include <string>

#include <torch/types.h>

#include "base/error.h"

namespace frostline {

/// The device for `auto`, `cpu` or `cuda`, set up so that its libraries choose deterministic kernels.
Result<torch::Device> chooseDevice(const std::string& name);

} // namespace frostline
