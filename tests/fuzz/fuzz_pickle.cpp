#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "round_trip.h"
#include "weights/state_dict_index.h"
#include "weights/state_dict_pickle.h"

using namespace frostline;

namespace {

constexpr std::size_t kStorageBytes = 64;

void number(std::string& bytes, std::uint64_t value, int size)
{
    for (int i = 0; i < size; ++i)
        bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

/// A zip archive of plain records, as PyTorch writes it: without this nearly nothing that libFuzzer makes
/// would get as far as to the pickle.
class Archive {
public:
    void add(const std::string& name, std::string_view content)
    {
        const auto begin = m_file.size();
        m_file += "PK\3\4" + fields(name, content) + name;
        m_file += content;
        m_directory += std::string("PK\1\2") + std::string(2, '\0') + fields(name, content);
        m_directory += std::string(10, '\0');
        number(m_directory, begin, 4);
        m_directory += name;
    }
    std::string take()
    {
        const auto begin = m_file.size();
        m_file += m_directory + "PK\5\6" + std::string(8, '\0');
        number(m_file, m_directory.size(), 4);
        number(m_file, begin, 4);
        return m_file + std::string(2, '\0');
    }

private:
    /// What the local header and the directory's entry have in common: version to the lengths of name and
    /// extra field.
    static std::string fields(const std::string& name, std::string_view content)
    {
        std::string bytes(14, '\0');
        number(bytes, content.size(), 4);
        number(bytes, content.size(), 4);
        number(bytes, name.size(), 2);
        number(bytes, 0, 2);
        return bytes;
    }
    std::string m_file;
    std::string m_directory;
};

std::string archiveOf(std::string_view pickle, std::size_t storages, std::size_t storageBytes)
{
    Archive archive;
    archive.add("a/data.pkl", pickle);
    for (std::size_t i = 0; i < storages; ++i)
        archive.add("a/data/" + std::to_string(i), std::string(storageBytes, 'x'));
    return archive.take();
}

/// What is found lies in the file; and written as our own pickle it is found again.
void check(std::string_view file)
{
    const auto index = parseStateDict(file, fuzz::kWhere);
    if (!index) {
        const auto& message = index.error().message;
        fuzz::require(message.starts_with(fuzz::kWhere), "an error does not name the source:", message);
        fuzz::require(message.size() < 1000, "an error is too long to be read:", message);
        return;
    }
    std::int64_t most = 0;
    for (const auto& tensor : index->tensors) {
        fuzz::require(tensor.begin <= tensor.end && tensor.end <= file.size(),
                      "outside the file:", tensor.name);
        fuzz::require(tensor.values() >= 0 && tensor.shape.size() == tensor.strides.size(),
                      "a shape that cannot be:", tensor.name);
        most = std::max(most, tensor.values());
    }
    if (most > 1024 || index->tensors.empty())
        return;
    const auto written = stateDictPickle(index->tensors);
    const auto again = parseStateDict(archiveOf(written, index->tensors.size(), 8 * 1024), fuzz::kWhere);
    fuzz::require(again.has_value(), "what was written is not read:", again ? "" : again.error().message);
    fuzz::require(stateDictPickle(again->tensors) == written, "it is read as something else:", written);
}

} // namespace

/// PyTorch's files: as they are, and as the pickle of an archive that is as it should be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    check(file);
    check(archiveOf(file, 3, kStorageBytes));
    return 0;
}
