#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace frostline {

/// One value of a pickle. Values name each other by their place in the document: what is shared, or holds
/// itself, stays as it is, and nothing has to be walked to be freed.
struct PickleValue {
    enum class Kind { None, Bool, Integer, Number, Text, Bytes, Tuple, List, Dict, Global, Call, Persistent };
    using Index = std::uint32_t;

    Kind kind = Kind::None;
    std::uint32_t depth = 0; ///< Levels of values within it, at least.
    std::int64_t integer = 0;
    double number = 0.0;
    std::string text; ///< Of Text and Bytes; a Global's full name, as `torch._utils._rebuild_tensor_v2`.
    /// Elements; keys and values by turns; a Call's callable, arguments and, where it was given one, state; a
    /// Persistent's id.
    std::vector<Index> items;
};

/// What a pickle holds, in the order in which it was read. Sets are lists, an integer of more than eight
/// bytes is Bytes.
struct Pickle {
    std::vector<PickleValue> values;
    PickleValue::Index root = 0;
    std::size_t size = 0; ///< Bytes it took.

    const PickleValue& operator[](PickleValue::Index index) const { return values[index]; }
    /// Value of a dict's first key of this text; nothing but None has the index 0.
    PickleValue::Index member(const PickleValue& dict, std::string_view key) const;
};

/// Reads the pickle that `bytes` begin with: protocols 2 to 5, as Python writes them. Nothing is ever run:
/// what Python would call becomes a Call. Only OrderedDict and its like, which are plain containers, are
/// made. Calls that no data needs, os.system and its like, are refused. Sizes, counts and depth are limited.
Result<Pickle> parsePickle(std::string_view bytes, const std::string& where);

/// A text of the file as a message can hold it: shortened, with nothing that a terminal would obey.
std::string printable(std::string_view text);

/// The sentence about a call that is not followed; `name` may hold anything.
std::string refusedCall(std::string_view name);

} // namespace frostline
