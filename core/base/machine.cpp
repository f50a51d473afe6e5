#include "base/machine.h"

#include <ATen/Context.h>
#include <dlfcn.h>
#include <malloc.h>
#include <sys/resource.h>
#include <torch/cuda.h>
#include <torch/version.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string_view>
#include <thread>

namespace frostline {

namespace {

/// What stands behind `key:` in one of the kernel's text files; empty where the key is not there.
std::string valueOf(const char* file, std::string_view key)
{
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        if (!std::string_view(line).starts_with(key))
            continue;
        const auto start = line.find_first_not_of(" \t", line.find(':') + 1);
        return start == std::string::npos ? "" : line.substr(start);
    }
    return "";
}

std::int64_t memoryFigure(std::string_view key)
{
    return std::atoll(valueOf("/proc/self/status", key).c_str()) * 1024;
}

/// Which library the matrix products end in: OpenBLAS tells of itself, the reference BLAS does not.
std::string blasName()
{
    using Config = char* (*)();
    if (auto* config = reinterpret_cast<Config>(::dlsym(RTLD_DEFAULT, "openblas_get_config")))
        return config();
    return at::hasMKL() ? "MKL" : "unknown (perhaps the slow reference BLAS)";
}

std::string bf16Instructions()
{
    const auto flags = valueOf("/proc/cpuinfo", "flags") + " ";
    if (flags.find(" amx_bf16 ") != std::string::npos)
        return "amx";
    return flags.find(" avx512_bf16 ") != std::string::npos ? "avx512" : "none";
}

} // namespace

MachineReport describeMachine()
{
    MachineReport report;
    report.frostline = FROSTLINE_VERSION;
    report.libtorch = TORCH_VERSION;
    report.blas = blasName();
    report.cpu = valueOf("/proc/cpuinfo", "model name");
    report.bf16 = bf16Instructions();
    report.cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    report.memoryBytes = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
    report.devices.emplace_back("cpu");
    for (std::size_t i = 0; torch::cuda::is_available() && i < torch::cuda::device_count(); ++i)
        report.devices.push_back("cuda:" + std::to_string(i));
    return report;
}

std::int64_t residentMemoryBytes()
{
    return memoryFigure("VmRSS");
}

std::int64_t peakMemoryBytes()
{
    return memoryFigure("VmHWM");
}

std::int64_t availableMemoryBytes()
{
    return std::atoll(valueOf("/proc/meminfo", "MemAvailable").c_str()) * 1024;
}

void resetPeakMemory()
{
    std::ofstream("/proc/self/clear_refs") << "5";
}

void letOthersGoFirst()
{
    constexpr int kNice = 5;
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
}

void tuneAllocator()
{
    constexpr int kHuge = 2'000'000'000;
    ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
    ::mallopt(M_TRIM_THRESHOLD, kHuge);
    ::mallopt(M_TOP_PAD, 64 << 20);
    // The other arenas hold 64 MB each: a thread that trains there would ask the system for every big block.
    ::mallopt(M_ARENA_MAX, 1);
}

} // namespace frostline
