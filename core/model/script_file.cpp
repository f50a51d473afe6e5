#include "model/script_file.h"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/import.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/file.h"
#include "model/script_graph.h"

namespace frostline {

namespace {

constexpr std::string_view kZip = "PK\3\4";
constexpr char kPickle = '\x80';

tl::unexpected<Error> refused(const std::filesystem::path& file, const std::string& what)
{
    return badInput(file.string() + ": " + what +
                    "; expected a TorchScript module, from torch.jit.script(model).save(FILE)");
}

/// What its first bytes tell.
Status checkBeginning(const std::filesystem::path& file)
{
    std::error_code code;
    if (std::filesystem::is_directory(file, code))
        return failure(ErrorCode::FileSystem, "cannot read " + file.string() + ": it is a folder");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::FileSystem, "cannot read " + file.string() + ": " + systemMessage(errno));
    std::array<char, kZip.size()> bytes{};
    stream.read(bytes.data(), bytes.size());
    const std::string_view beginning(bytes.data(), static_cast<std::size_t>(stream.gcount()));
    if (beginning.empty())
        return refused(file, "is empty");
    if (beginning.front() == kPickle)
        return refused(file, "holds what torch.save wrote before PyTorch 1.6, weights and no program");
    if (beginning != kZip)
        return refused(file, "is something else");
    return {};
}

ScriptFile readScript(const std::filesystem::path& file, caffe2::serialize::PyTorchStreamReader& reader)
{
    ScriptFile script;
    constexpr std::string_view kExtra = "extra/";
    for (const auto& record : reader.getAllRecords()) {
        if (record.starts_with(kExtra))
            script.extra[record.substr(kExtra.size())];
    }
    script.module = torch::jit::load(file.string(), torch::kCPU, script.extra);
    return script;
}

} // namespace

Result<ScriptFile> loadScript(const std::filesystem::path& file)
{
    if (const auto fits = checkBeginning(file); !fits)
        return tl::unexpected(fits.error());
    std::optional<caffe2::serialize::PyTorchStreamReader> reader;
    try {
        reader.emplace(file.string());
    } catch (const std::exception&) {
        return refused(file, "is an archive that is cut short, damaged, or of something else");
    }
    try {
        if (!reader->hasRecord("constants.pkl") && !reader->hasRecord("model.json"))
            return refused(file, reader->hasRecord("data.pkl")
                                     ? "holds what torch.save wrote, a state dict or a pickled model, and no "
                                       "program"
                                     : "is an archive of something else");
        return readScript(file, *reader);
    } catch (const std::exception& error) {
        return refused(file, "cannot be opened: " + sentenceOf(error));
    }
}

Status saveScript(const ScriptFile& script, const std::filesystem::path& file)
{
    std::ostringstream bytes;
    try {
        script.module.save(bytes, script.extra);
    } catch (const std::exception& error) {
        return failure(ErrorCode::RunFailed, "cannot write " + file.string() + ": " + sentenceOf(error));
    }
    return writeFile(file, bytes.view());
}

} // namespace frostline
