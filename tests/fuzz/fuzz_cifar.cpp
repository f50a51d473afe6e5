#include <cstddef>
#include <cstdint>

#include "data/cifar.h"
#include "round_trip.h"

using namespace frostline;

namespace {

void check(std::span<const std::uint8_t> file, const CifarLayout& layout)
{
    DataSet set;
    set.channels = 3;
    set.height = set.width = 32;
    if (!appendCifar(file, layout, fuzz::kWhere, set)) {
        fuzz::require(set.labels.empty() && set.pixels.empty(), "refused, and yet there are images", "");
        return;
    }
    fuzz::require(set.pixels.size() == set.labels.size() * set.sampleSize(),
                  "images and labels differ in number", "");
    for (const auto label : set.labels)
        fuzz::require(label >= 0 && label < layout.classes,
                      "a label is out of range:", std::to_string(label));
}

/// The file's bytes again and again, up to a whole record: what libFuzzer makes is too short for one.
std::vector<std::uint8_t> wholeRecord(std::span<const std::uint8_t> file, const CifarLayout& layout)
{
    std::vector<std::uint8_t> record(layout.recordSize());
    for (std::size_t i = 0; i < record.size() && !file.empty(); ++i)
        record[i] = file[i % file.size()];
    return record;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    for (const auto& layout : {CifarLayout{0, 10}, CifarLayout{20, 100}}) {
        check({data, size}, layout);
        check(wholeRecord({data, size}, layout), layout);
    }
    return 0;
}
