#include "weights/safetensors.h"

#include <algorithm>
#include <cstring>

#include "base/file.h"
#include "weights/safetensors_index.h"
#include "weights/tensor_types.h"

namespace frostline {

namespace {

torch::Tensor tensorAt(const TensorEntry& entry, std::string_view data)
{
    const auto* found = std::ranges::find(kTensorTypes, entry.dtype, &TensorType::name);
    auto tensor = torch::empty(entry.shape, found->type);
    if (tensor.numel() > 0)
        std::memcpy(tensor.data_ptr(), data.data() + entry.begin, tensor.nbytes());
    return tensor;
}

} // namespace

Result<TensorFile> loadSafetensors(const std::filesystem::path& path)
{
    const auto bytes = readFile(path);
    if (!bytes)
        return tl::unexpected(bytes.error());
    auto index = parseSafetensorsIndex(*bytes, bytes->size(), path.string());
    if (!index)
        return tl::unexpected(index.error());
    const auto data = std::string_view(*bytes).substr(index->dataOffset);
    TensorFile file{{}, std::move(index->metadata)};
    for (const auto& entry : index->tensors)
        file.tensors.push_back({entry.name, tensorAt(entry, data)});
    return file;
}

Status saveSafetensors(const TensorFile& file, const std::filesystem::path& path)
{
    std::vector<TensorEntry> entries;
    std::vector<torch::Tensor> values;
    // Wide elements first: each tensor then begins at a multiple of its element's size.
    auto tensors = file.tensors;
    std::ranges::stable_sort(tensors, std::greater{},
                             [](const NamedTensor& entry) { return entry.tensor.element_size(); });
    for (const auto& [name, tensor] : tensors) {
        values.push_back(tensor.detach().cpu().contiguous());
        const auto* found = std::ranges::find(kTensorTypes, tensor.scalar_type(), &TensorType::type);
        if (found == kTensorTypes.end())
            return badInput(path.string() + ": tensor " + name +
                            " has a type that safetensors does not know");
        entries.push_back({name, std::string(found->name), tensor.sizes().vec(), 0, 0});
    }
    auto out = AtomicFile::create(path);
    if (!out)
        return tl::unexpected(out.error());
    auto status = out->write(safetensorsHeader(entries, file.metadata));
    for (std::size_t i = 0; status && i < values.size(); ++i)
        status = out->write({static_cast<const char*>(values[i].data_ptr()), values[i].nbytes()});
    return status ? out->commit() : status;
}

} // namespace frostline
