#include "weights/state_dict.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <caffe2/serialize/inline_container.h>

#include "base/file.h"
#include "training/torch_errors.h"
#include "weights/state_dict_index.h"
#include "weights/state_dict_pickle.h"
#include "weights/tensor_types.h"

namespace frostline {

namespace {

torch::Tensor view(const StoredTensor& stored, std::shared_ptr<const char> data)
{
    const auto type = std::ranges::find(kTensorTypes, stored.dtype, &TensorType::name)->type;
    auto* begin = const_cast<char*>(data.get());
    return torch::from_blob(
        begin, stored.shape, stored.strides, [data = std::move(data)](void*) {}, torch::TensorOptions(type));
}

torch::Tensor tensorAt(const StoredTensor& stored, const std::shared_ptr<const std::string>& bytes)
{
    if (stored.values() == 0)
        return torch::empty(stored.shape,
                            std::ranges::find(kTensorTypes, stored.dtype, &TensorType::name)->type);
    const auto* begin = bytes->data() + stored.begin;
    if (reinterpret_cast<std::uintptr_t>(begin) % alignof(std::max_align_t) == 0)
        return view(stored, {bytes, begin});
    // The old format packs its storages, so that elements may lie across the places that they need.
    const auto size = stored.end - stored.begin;
    const std::shared_ptr<char> copy(static_cast<char*>(::operator new(size)),
                                     [](char* memory) { ::operator delete(memory); });
    std::memcpy(copy.get(), begin, size);
    return view(stored, copy);
}

/// What the zip archive of PyTorch is made of.
Status writeArchive(AtomicFile& out, const std::string& pickle, const std::vector<torch::Tensor>& values)
{
    Status status;
    const auto write = [&](const void* bytes, std::size_t size) {
        if (status)
            status = out.write({static_cast<const char*>(bytes), size});
        // Of a short write torch throws also in a destructor, which would end the program.
        return size;
    };
    const std::string order = "little";
    const auto written = caught([&]() -> Status {
        caffe2::serialize::PyTorchStreamWriter archive(write);
        archive.writeRecord("data.pkl", pickle.data(), pickle.size());
        archive.writeRecord("byteorder", order.data(), order.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            archive.writeRecord("data/" + std::to_string(i), values[i].data_ptr(), values[i].nbytes());
        archive.writeEndOfFile();
        return {};
    });
    return status ? written : status;
}

} // namespace

Result<TensorFile> loadStateDict(const std::filesystem::path& path)
{
    auto read = readFile(path);
    if (!read)
        return tl::unexpected(read.error());
    const auto bytes = std::make_shared<const std::string>(std::move(*read));
    const auto index = parseStateDict(*bytes, path.string());
    if (!index)
        return tl::unexpected(index.error());
    TensorFile file;
    for (const auto& stored : index->tensors)
        file.tensors.push_back({stored.name, tensorAt(stored, bytes)});
    return file;
}

Status saveStateDict(const TensorFile& file, const std::filesystem::path& path)
{
    std::vector<StoredTensor> entries;
    std::vector<torch::Tensor> values;
    for (const auto& [name, tensor] : file.tensors) {
        const auto* found = std::ranges::find(kTensorTypes, tensor.scalar_type(), &TensorType::type);
        if (found == kTensorTypes.end())
            return badInput(path.string() + ": tensor " + name + " has a type that is not supported");
        values.push_back(tensor.detach().cpu().contiguous());
        entries.push_back({name, std::string(found->name), tensor.sizes().vec(), {}, 0, 0});
    }
    auto out = AtomicFile::create(path);
    if (!out)
        return tl::unexpected(out.error());
    return writeArchive(*out, stateDictPickle(entries), values).and_then([&out] { return out->commit(); });
}

} // namespace frostline
