#include "weights/stored_tensor.h"

#include <algorithm>
#include <array>

namespace frostline {

namespace {

constexpr std::array<ElementType, 10> kTypes{{{"FloatStorage", "float32", "F32", 4},
                                              {"HalfStorage", "float16", "F16", 2},
                                              {"BFloat16Storage", "bfloat16", "BF16", 2},
                                              {"DoubleStorage", "float64", "F64", 8},
                                              {"LongStorage", "int64", "I64", 8, true},
                                              {"IntStorage", "int32", "I32", 4, true},
                                              {"ShortStorage", "int16", "I16", 2, true},
                                              {"CharStorage", "int8", "I8", 1, true},
                                              {"ByteStorage", "uint8", "U8", 1, true},
                                              {"BoolStorage", "bool", "BOOL", 1, true}}};

const ElementType* typeOf(std::string_view name, std::string_view ElementType::*member)
{
    const auto* type = std::ranges::find(kTypes, name, member);
    return type == kTypes.end() ? nullptr : type;
}

std::string_view withoutModules(std::string_view name)
{
    const auto dot = name.rfind('.');
    return dot == name.npos ? name : name.substr(dot + 1);
}

} // namespace

const ElementType* storageTypeOf(std::string_view storage)
{
    return storage.ends_with("UntypedStorage") ? dtypeOf("U8")
                                               : typeOf(withoutModules(storage), &ElementType::storage);
}

const ElementType* scalarTypeOf(std::string_view scalar)
{
    return typeOf(withoutModules(scalar), &ElementType::scalar);
}

const ElementType* dtypeOf(std::string_view dtype)
{
    return typeOf(dtype, &ElementType::dtype);
}

bool isTensorName(std::string_view name)
{
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !name.empty() && std::ranges::none_of(name, isControl);
}

std::int64_t StoredTensor::values() const
{
    std::int64_t count = 1;
    for (const auto length : shape)
        count *= length;
    return count;
}

} // namespace frostline
