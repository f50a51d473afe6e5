#include "training/device.h"

#include <ATen/Context.h>
#include <torch/cuda.h>

namespace frostline {

namespace {

/// Bits must not depend on which kernel a device's library happens to choose.
void askForDeterminism()
{
    at::globalContext().setDeterministicCuDNN(true);
    at::globalContext().setBenchmarkCuDNN(false);
    at::globalContext().setAllowTF32CuDNN(false);
}

} // namespace

Result<torch::Device> chooseDevice(const std::string& name)
{
    if (name != "auto" && name != "cpu" && name != "cuda")
        return badInput("unknown device \"" + name + "\"; there are auto, cpu, cuda");
    const bool cuda = torch::cuda::is_available();
    if (name == "cpu" || (name == "auto" && !cuda))
        return torch::Device(torch::kCPU);
    if (!cuda)
        return badInput("device cuda: LibTorch finds no CUDA device here; use --device cpu");
    askForDeterminism();
    return torch::Device(torch::kCUDA);
}

} // namespace frostline
