#include "data/tensors.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>

namespace frostline {

namespace fs = std::filesystem;

namespace {

/// The whole header: eight bytes that tell its length, and as many as they tell, if the file has them and a
/// header can be that long.
std::string headOf(std::ifstream& stream, std::uint64_t fileSize)
{
    std::uint64_t length = 0;
    std::string head(sizeof length, '\0');
    if (fileSize < sizeof length || !stream.read(head.data(), sizeof length))
        return {};
    std::memcpy(&length, head.data(), sizeof length);
    if (length > std::min(fileSize - sizeof length, kLargestHeader))
        return head;
    head.resize(sizeof length + length);
    stream.read(head.data() + sizeof length, static_cast<std::streamsize>(length));
    return head;
}

float floatOfBrain(std::uint16_t bits)
{
    return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

template <class Stored, class Value, class Convert>
std::vector<Value> converted(const std::vector<std::uint8_t>& bytes, Convert convert)
{
    std::vector<Value> values(bytes.size() / sizeof(Stored));
    for (std::size_t i = 0; i < values.size(); ++i) {
        Stored stored;
        std::memcpy(&stored, bytes.data() + i * sizeof stored, sizeof stored);
        values[i] = convert(stored);
    }
    return values;
}

template <class Value>
std::optional<std::vector<Value>> integersAs(const std::string& dtype, const std::vector<std::uint8_t>& bytes)
{
    const auto plain = [](auto stored) { return static_cast<Value>(stored); };
    if (dtype == "I64")
        return converted<std::int64_t, Value>(bytes, plain);
    if (dtype == "I32")
        return converted<std::int32_t, Value>(bytes, plain);
    if (dtype == "I16")
        return converted<std::int16_t, Value>(bytes, plain);
    if (dtype == "I8")
        return converted<std::int8_t, Value>(bytes, plain);
    if (dtype == "U8" || dtype == "BOOL")
        return converted<std::uint8_t, Value>(bytes, plain);
    return std::nullopt;
}

std::vector<float> floatsAs(const std::string& dtype, const std::vector<std::uint8_t>& bytes)
{
    if (dtype == "F16")
        return converted<std::uint16_t, float>(bytes, floatOfHalf);
    if (dtype == "BF16")
        return converted<std::uint16_t, float>(bytes, floatOfBrain);
    if (dtype == "F64")
        return converted<double, float>(bytes, [](double value) { return static_cast<float>(value); });
    return converted<float, float>(bytes, [](float value) { return value; });
}

} // namespace

float floatOfHalf(std::uint16_t bits)
{
    const auto sign = (bits & 0x8000U) << 16;
    const auto exponent = bits >> 10 & 0x1fU;
    const auto fraction = bits & 0x3ffU;
    if (exponent == 0) { // Zero, or too small for a leading one.
        const auto size = std::ldexp(static_cast<float>(fraction), -24);
        return sign != 0 ? -size : size;
    }
    const auto wide = exponent == 0x1f ? 0xffU : exponent + 112;
    return std::bit_cast<float>(static_cast<std::uint32_t>(sign | wide << 23 | fraction << 13));
}

bool isFloatType(const std::string& dtype)
{
    return dtype == "F32" || dtype == "F16" || dtype == "BF16" || dtype == "F64";
}

Result<TensorReader> TensorReader::open(const fs::path& file)
{
    std::error_code code;
    std::ifstream stream;
    if (fs::is_regular_file(file, code))
        stream.open(file, std::ios::binary);
    if (!stream.is_open())
        return failure(ErrorCode::FileSystem,
                       "cannot read " + file.string() + ": there is no such file, or it cannot be opened");
    const auto size = fs::file_size(file, code);
    auto index = parseSafetensorsIndex(headOf(stream, size), size, file.string());
    if (!index)
        return tl::unexpected(index.error());
    TensorReader reader;
    reader.m_file = file;
    reader.m_index = std::move(*index);
    return reader;
}

const TensorEntry* TensorReader::find(const std::string& name) const
{
    const auto found = std::ranges::find(m_index.tensors, name, &TensorEntry::name);
    return found == m_index.tensors.end() ? nullptr : &*found;
}

Result<std::vector<std::uint8_t>> TensorReader::bytes(const TensorEntry& entry) const
{
    std::ifstream stream(m_file, std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(m_index.dataOffset + entry.begin));
    std::vector<std::uint8_t> bytes(entry.end - entry.begin);
    if (!stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
        return failure(ErrorCode::FileSystem,
                       "cannot read " + m_file.string() + ": it ends inside /" + entry.name);
    return bytes;
}

Result<std::vector<float>> TensorReader::floats(const TensorEntry& entry) const
{
    const auto stored = bytes(entry);
    if (!stored)
        return tl::unexpected(stored.error());
    if (const auto whole = integersAs<float>(entry.dtype, *stored))
        return *whole;
    auto values = floatsAs(entry.dtype, *stored);
    const auto wrong = std::ranges::find_if_not(values, [](float value) { return std::isfinite(value); });
    if (wrong != values.end())
        return badInput(m_file.string() + ": /" + entry.name + ": value " +
                        std::to_string(wrong - values.begin()) + " is not a finite number");
    return values;
}

Result<std::vector<std::int64_t>> TensorReader::integers(const TensorEntry& entry) const
{
    const auto stored = bytes(entry);
    if (!stored)
        return tl::unexpected(stored.error());
    auto values = integersAs<std::int64_t>(entry.dtype, *stored);
    if (!values)
        return badInput(m_file.string() + ": /" + entry.name + ": expected integers, found " + entry.dtype);
    return *values;
}

} // namespace frostline
