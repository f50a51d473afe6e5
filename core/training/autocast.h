#pragma once

#include <torch/types.h>

#include "training/compute_recipe.h"

namespace frostline {

/// While it lives, convolutions and matrix products of this thread compute in bfloat16, where the recipe says
/// so.
class Autocast {
public:
    Autocast(Precision precision, torch::Device device);
    ~Autocast();
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;

private:
    bool m_isOn;
    torch::Device m_device;
};

} // namespace frostline
