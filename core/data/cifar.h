#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/error.h"
#include "data/data_set.h"

namespace frostline {

/// A record of CIFAR's binary files: bytes of labels, then planes of 32x32, red, green and blue (Krizhevsky
/// 2009).
struct CifarLayout {
    int coarseClasses =
        0; ///< CIFAR-100 has a byte for the coarse label before that for the label; 0: it is not there.
    int classes = 10;

    std::size_t recordSize() const { return (coarseClasses > 0 ? 2U : 1U) + 3 * 32 * 32; }
};

/// Appends the records of one file to `set`. Nothing is appended on an error; `where` is what it names.
Status appendCifar(std::span<const std::uint8_t> file, const CifarLayout& layout, const std::string& where,
                   DataSet& set);

} // namespace frostline
