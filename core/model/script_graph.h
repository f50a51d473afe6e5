#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <torch/csrc/jit/api/module.h>

namespace frostline {

/// The class's own name, `Conv2d`, without where it comes from.
std::string kindOf(const torch::jit::Module& module);

/// A module's tensors: parameters, and everything else that is declared a tensor, registered as a buffer or
/// not.
struct ScriptTensor {
    std::string name;
    torch::Tensor tensor;
    bool isParameter;
};
std::vector<ScriptTensor> tensorsOf(const torch::jit::Module& module);

/// Those of its sub-modules too, by dotted names.
std::vector<ScriptTensor> tensorsUnder(const torch::jit::Module& module);

bool hasStatistics(const torch::jit::Module& module);

/// Whether the module's code asks for its mode. A traced one does not: it keeps the mode that it was traced
/// in.
bool readsTraining(const torch::jit::Module& module);

/// Attributes that the module's code gives other values while it runs, tensors left out.
std::vector<std::string> writtenAttributes(const torch::jit::Module& module);

/// What an exception that came out of a script says, in one line.
std::string sentenceOf(const std::exception& error);

} // namespace frostline
