#include "base/machine.h"

#include <dlfcn.h>
#include <malloc.h>
#include <torch/cuda.h>
#include <torch/version.h>
#include <unistd.h>

#include <fstream>
#include <string_view>
#include <thread>

namespace frostline {

namespace {

std::string cpuName()
{
    std::ifstream lines("/proc/cpuinfo");
    for (std::string line; std::getline(lines, line);) {
        if (std::string_view(line).starts_with("model name"))
            return line.substr(line.find(':') + 2);
    }
    return "unknown";
}

/// Which library the matrix products end in: OpenBLAS tells of itself, the reference BLAS does not.
std::string blasName()
{
    using Config = char* (*)();
    if (auto* config = reinterpret_cast<Config>(::dlsym(RTLD_DEFAULT, "openblas_get_config")))
        return config();
    return at::hasMKL() ? "MKL" : "unknown (perhaps the slow reference BLAS)";
}

} // namespace

MachineReport describeMachine()
{
    MachineReport report;
    report.frostline = FROSTLINE_VERSION;
    report.libtorch = TORCH_VERSION;
    report.blas = blasName();
    report.cpu = cpuName();
    report.cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    report.memoryBytes = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
    report.devices.emplace_back("cpu");
    for (std::size_t i = 0; torch::cuda::is_available() && i < torch::cuda::device_count(); ++i)
        report.devices.push_back("cuda:" + std::to_string(i));
    return report;
}

void tuneAllocator()
{
    constexpr int kHuge = 2'000'000'000;
    ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
    ::mallopt(M_TRIM_THRESHOLD, kHuge);
    ::mallopt(M_TOP_PAD, 64 << 20);
}

} // namespace frostline
