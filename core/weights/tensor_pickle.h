#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/error.h"
#include "weights/pickle.h"
#include "weights/stored_tensor.h"

namespace frostline {

/// Bytes of a file that tensors are made of.
struct Storage {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
};
using Storages = std::map<std::string, Storage, std::less<>>;

/// What a pickle says of a storage.
struct StorageClaim {
    std::string key;
    const ElementType* type = nullptr; ///< Bytes where it is untyped.
};
/// `problem` becomes what is wrong with it.
StorageClaim storageClaim(const Pickle& pickle, const PickleValue& persistent, std::string& problem);

/// Whether it is a call that makes a tensor.
bool isTensor(const Pickle& pickle, const PickleValue& value);

/// A tensor, its storage looked up in `storages`. `problem` becomes what is wrong with it.
StoredTensor readTensor(const Pickle& pickle, const PickleValue& value, const Storages& storages,
                        std::string& problem);

} // namespace frostline
