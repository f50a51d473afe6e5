#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "weights/pickle.h"
#include "weights/state_dict_index.h"

namespace frostline {

/// How PyTorch names a type of elements.
struct StorageType {
    std::string_view storage; ///< `FloatStorage`
    std::string_view scalar;  ///< `float32`
    std::string_view dtype;   ///< `F32`
    std::uint64_t size = 0;   ///< Bytes of one element.
};
/// Nothing where we do not know it. Names may have modules before them.
const StorageType* storageTypeOf(std::string_view storage);
const StorageType* scalarTypeOf(std::string_view scalar);
const StorageType* dtypeOf(std::string_view dtype);

/// Bytes of a file that tensors are made of.
struct Storage {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
};
using Storages = std::map<std::string, Storage, std::less<>>;

/// What a pickle says of a storage.
struct StorageClaim {
    std::string key;
    const StorageType* type = nullptr; ///< Of its elements; bytes where it is untyped.
    std::int64_t elements = 0;
};
/// `problem` becomes what is wrong with it.
StorageClaim storageClaim(const Pickle& pickle, const PickleValue& persistent, std::string& problem);

/// Whether it is a call that makes a tensor.
bool isTensor(const Pickle& pickle, const PickleValue& value);

/// A tensor, its storage looked up in `storages`. `problem` becomes what is wrong with it.
StoredTensor readTensor(const Pickle& pickle, const PickleValue& value, const Storages& storages,
                        std::string& problem);

} // namespace frostline
