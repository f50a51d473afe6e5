#include "weights/weights_file.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "base/file.h"
#include "weights/safetensors_index.h"

namespace frostline {

namespace {

Result<WeightsFile> describeSafetensors(const std::string& bytes, const std::string& where)
{
    const auto index = parseSafetensorsIndex(bytes, bytes.size(), where);
    if (!index)
        return tl::unexpected(index.error());
    WeightsFile file;
    for (const auto& entry : index->tensors)
        file.tensors.push_back({entry.name, entry.dtype, entry.shape, {}, entry.begin, entry.end});
    return file;
}

Result<WeightsFile> describeStateDict(const std::string& bytes, const std::string& where)
{
    auto index = parseStateDict(bytes, where);
    if (!index)
        return tl::unexpected(index.error());
    return WeightsFile{WeightsFormat::PyTorch, std::move(index->tensors), std::move(index->foundUnder)};
}

} // namespace

std::string_view nameOf(WeightsFormat format)
{
    return format == WeightsFormat::PyTorch ? "PyTorch" : "safetensors";
}

Result<WeightsFormat> weightsFormatOf(const std::filesystem::path& file)
{
    // What cannot be opened is told by who reads it whole.
    std::array<char, 9> bytes{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(bytes.data(), bytes.size());
    const std::string_view head(bytes.data(),
                                static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
    std::error_code code;
    if (head.empty() && std::filesystem::is_regular_file(file, code) && stream.eof())
        return badInput(file.string() + ": is empty; expected a safetensors file or a PyTorch state dict");
    // A safetensors file begins with the length of its header, which is JSON.
    if (head.empty() || bytes.back() == '{')
        return WeightsFormat::Safetensors;
    if (head.starts_with("PK\3\4") || (bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5))
        return WeightsFormat::PyTorch;
    return badInput(file.string() +
                    ": not a safetensors file, and not a PyTorch state dict (.pt, .pth) either");
}

Result<WeightsFile> describeWeights(const std::filesystem::path& file)
{
    const auto format = weightsFormatOf(file);
    if (!format)
        return tl::unexpected(format.error());
    const auto bytes = readFile(file);
    if (!bytes)
        return tl::unexpected(bytes.error());
    return *format == WeightsFormat::PyTorch ? describeStateDict(*bytes, file.string())
                                             : describeSafetensors(*bytes, file.string());
}

} // namespace frostline
