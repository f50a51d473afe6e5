#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace frostline {

/// What this machine has; what `doctor` prints and a session's environment records.
struct MachineReport {
    std::string frostline;
    std::string libtorch;
    std::string blas;
    std::string cpu;
    std::string bf16; ///< The processor's instructions for bfloat16: `amx`, `avx512`, or `none`.
    int cores = 1;
    std::int64_t memoryBytes = 0;
    std::vector<std::string> devices; ///< `cpu`, `cuda:0 NAME`, ...
};

MachineReport describeMachine();

/// Memory of this process: what it holds now, and the most it has held since resetPeakMemory().
std::int64_t residentMemoryBytes();
std::int64_t peakMemoryBytes();
void resetPeakMemory();

/// Memory that programs could still take, without swapping.
std::int64_t availableMemoryBytes();

/// Lets other threads of this machine go first, a window's above all: for the calling thread and those that
/// it starts from now on.
void letOthersGoFirst();

/// Keeps big blocks of memory instead of giving them back after every step. First thing in main().
void tuneAllocator();

} // namespace frostline
