#include "training/autocast.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace frostline {

namespace {

/// LibTorch 2.4 asks for the device where there was a function for each before.
void enable(torch::Device device, bool on)
{
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    at::autocast::set_autocast_dtype(device.type(), at::kBFloat16);
    at::autocast::set_autocast_enabled(device.type(), on);
#else
    if (device.is_cpu()) {
        at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
        at::autocast::set_cpu_enabled(on);
    } else {
        at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
        at::autocast::set_enabled(on);
    }
#endif
}

} // namespace

Autocast::Autocast(Precision precision, torch::Device device)
    : m_isOn(precision == Precision::Bf16),
      m_device(device)
{
    if (!m_isOn)
        return;
    enable(m_device, true);
    at::autocast::increment_nesting();
}

Autocast::~Autocast()
{
    if (!m_isOn)
        return;
    // The weights' copies in bfloat16 are of no use once the weights have moved.
    if (at::autocast::decrement_nesting() == 0)
        at::autocast::clear_cache();
    enable(m_device, false);
}

} // namespace frostline
