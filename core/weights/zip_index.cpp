#include "weights/zip_index.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace frostline {

namespace {

// Sizes and places as in PKWARE's APPNOTE.TXT, sections 4.3.7 to 4.3.16 and 4.5.3.
constexpr std::uint64_t kEndSize = 22;
constexpr std::uint64_t kLocatorSize = 20;
constexpr std::uint64_t kEnd64Size = 56;
constexpr std::uint64_t kEntrySize = 46;
constexpr std::uint64_t kHeaderSize = 30;
constexpr std::uint64_t kLongestComment = 0xffff;
constexpr std::uint32_t kIn64 = 0xffffffff;

struct Directory {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
};

/// Bytes with numbers in them; who asks for one beyond the end gets 0.
class Numbers {
public:
    explicit Numbers(std::string_view bytes) : m_bytes(bytes) {}

    bool holds(std::uint64_t begin, std::uint64_t size) const
    {
        return begin <= m_bytes.size() && size <= m_bytes.size() - begin;
    }
    template <class Number>
    Number at(std::uint64_t place) const
    {
        Number value{};
        if (holds(place, sizeof value))
            std::memcpy(&value, m_bytes.data() + place, sizeof value);
        return value;
    }
    bool isSigned(std::uint64_t place, const char* signature) const
    {
        return holds(place, 4) && m_bytes.substr(place, 4) == std::string_view(signature, 4);
    }
    std::string_view part(std::uint64_t begin, std::uint64_t size) const
    {
        return holds(begin, size) ? m_bytes.substr(begin, size) : std::string_view();
    }
    std::uint64_t size() const { return m_bytes.size(); }

private:
    std::string_view m_bytes;
};

std::optional<Directory> findDirectory(const Numbers& archive)
{
    if (archive.size() < kEndSize)
        return std::nullopt;
    const auto last = archive.size() - kEndSize;
    const auto first = last - std::min(last, kLongestComment);
    for (auto end = last + 1; end-- > first;) {
        if (!archive.isSigned(end, "PK\5\6"))
            continue;
        if (end < kLocatorSize || !archive.isSigned(end - kLocatorSize, "PK\6\7"))
            return Directory{archive.at<std::uint32_t>(end + 16), archive.at<std::uint32_t>(end + 12)};
        const auto end64 = archive.at<std::uint64_t>(end - kLocatorSize + 8);
        if (!archive.holds(end64, kEnd64Size) || !archive.isSigned(end64, "PK\6\6"))
            return std::nullopt;
        return Directory{archive.at<std::uint64_t>(end64 + 48), archive.at<std::uint64_t>(end64 + 40)};
    }
    return std::nullopt;
}

/// Numbers that do not fit into the entry stand in an extra field of their own: those alone, in this order.
void readLongNumbers(const Numbers& extra, std::uint64_t& size, std::uint64_t& packed, std::uint64_t& header)
{
    std::uint64_t place = 0;
    while (extra.holds(place, 4) && extra.at<std::uint16_t>(place) != 1)
        place += 4U + extra.at<std::uint16_t>(place + 2);
    place += 4;
    for (auto* number : {&size, &packed, &header}) {
        if (*number != kIn64 || !extra.holds(place, 8))
            continue;
        *number = extra.at<std::uint64_t>(place);
        place += 8;
    }
}

/// One entry of the directory, with the place of the record's bytes; empty where they are not in the archive.
std::optional<ZipRecord> readEntry(const Numbers& archive, std::uint64_t entry)
{
    const auto nameSize = archive.at<std::uint16_t>(entry + 28);
    std::uint64_t packed = archive.at<std::uint32_t>(entry + 20);
    std::uint64_t size = archive.at<std::uint32_t>(entry + 24);
    std::uint64_t header = archive.at<std::uint32_t>(entry + 42);
    readLongNumbers(
        Numbers(archive.part(entry + kEntrySize + nameSize, archive.at<std::uint16_t>(entry + 30))), size,
        packed, header);
    if (!archive.holds(header, kHeaderSize) || !archive.isSigned(header, "PK\3\4"))
        return std::nullopt;
    const bool isEncrypted = (archive.at<std::uint16_t>(entry + 8) & 1) != 0;
    const bool isPlain = archive.at<std::uint16_t>(entry + 10) == 0 && !isEncrypted && size == packed;
    const auto begin = header + kHeaderSize + archive.at<std::uint16_t>(header + 26) +
                       archive.at<std::uint16_t>(header + 28);
    if (!archive.holds(begin, packed))
        return std::nullopt;
    return ZipRecord{std::string(archive.part(entry + kEntrySize, nameSize)), begin, packed, isPlain};
}

} // namespace

Result<std::vector<ZipRecord>> parseZipIndex(std::string_view bytes, const std::string& where)
{
    const Numbers archive(bytes);
    const auto directory = findDirectory(archive);
    if (!directory || !archive.holds(directory->begin, directory->size))
        return badInput(where + ": not a whole zip archive: the directory at its end is missing or damaged; "
                                "the file may be cut short");
    std::vector<ZipRecord> records;
    const auto end = directory->begin + directory->size;
    for (auto entry = directory->begin; entry < end;) {
        const auto size = kEntrySize + archive.at<std::uint16_t>(entry + 28) +
                          archive.at<std::uint16_t>(entry + 30) + archive.at<std::uint16_t>(entry + 32);
        if (size > end - entry || !archive.isSigned(entry, "PK\1\2"))
            return badInput(where + ": the zip archive's directory is damaged at byte " +
                            std::to_string(entry));
        auto record = readEntry(archive, entry);
        if (!record)
            return badInput(where +
                            ": a record of the zip archive lies outside the file, which may be cut "
                            "short (directory at byte " +
                            std::to_string(entry) + ")");
        records.push_back(std::move(*record));
        entry += size;
    }
    return records;
}

} // namespace frostline
