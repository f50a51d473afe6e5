#pragma once

#include <QByteArray>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

/// WAV files made by hand: 44 bytes of header, then 16-bit samples.
namespace wav {

inline QByteArray littleEndian(std::uint32_t value, int bytes)
{
    QByteArray text;
    for (int i = 0; i < bytes; ++i)
        text.append(static_cast<char>(value >> 8 * i));
    return text;
}

inline QByteArray fileOf(const std::vector<std::int16_t>& samples, int channels = 1, int rate = 16000)
{
    QByteArray data;
    for (const auto sample : samples)
        data += littleEndian(static_cast<std::uint16_t>(sample), 2);
    const auto bytes = static_cast<std::uint32_t>(data.size());
    return "RIFF" + littleEndian(bytes + 36, 4) + "WAVEfmt " + littleEndian(16, 4) + littleEndian(1, 2) +
           littleEndian(static_cast<std::uint32_t>(channels), 2) +
           littleEndian(static_cast<std::uint32_t>(rate), 4) +
           littleEndian(static_cast<std::uint32_t>(rate * channels * 2), 4) +
           littleEndian(static_cast<std::uint32_t>(channels * 2), 2) + littleEndian(16, 2) + "data" +
           littleEndian(bytes, 4) + data;
}

inline void write(const std::filesystem::path& file, const QByteArray& bytes)
{
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(bytes.constData(), bytes.size());
}

} // namespace wav
