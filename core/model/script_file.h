#pragma once

#include <filesystem>

#include <torch/csrc/jit/api/module.h>

#include "base/error.h"

namespace frostline {

/// A TorchScript module as a file holds it.
struct ScriptFile {
    torch::jit::Module module;
    torch::jit::ExtraFilesMap extra; ///< What was saved beside it (`_extra_files`).
};

/// A TorchScript module is a program, which may read and write files when it runs: open what you trust.
Result<ScriptFile> loadScript(const std::filesystem::path& file);

/// Writes it whole or not at all.
Status saveScript(const ScriptFile& script, const std::filesystem::path& file);

} // namespace frostline
