#include "data/cifar.h"

namespace frostline {

namespace {

constexpr std::size_t kPixels = 3 * 32 * 32;

tl::unexpected<Error> outOfRange(const std::string& where, const char* what, int label, std::size_t record,
                                 int classes)
{
    return badInput(where + ": " + what + " " + std::to_string(label) + " of image " +
                    std::to_string(record) + " is out of range; there are " + std::to_string(classes) +
                    " classes, 0 to " + std::to_string(classes - 1));
}

} // namespace

Status appendCifar(std::span<const std::uint8_t> file, const CifarLayout& layout, const std::string& where,
                   DataSet& set)
{
    const auto size = layout.recordSize();
    if (file.empty() || file.size() % size != 0)
        return badInput(where + ": has " + std::to_string(file.size()) + " bytes, not a multiple of the " +
                        std::to_string(size) + " of one image and its label");
    const auto records = file.size() / size;
    for (std::size_t i = 0; i < records; ++i) {
        const auto label = file[(i + 1) * size - kPixels - 1];
        if (layout.coarseClasses > 0 && file[i * size] >= layout.coarseClasses)
            return outOfRange(where, "coarse label", file[i * size], i, layout.coarseClasses);
        if (label >= layout.classes)
            return outOfRange(where, "label", label, i, layout.classes);
    }
    set.pixels.reserve(set.pixels.size() + records * kPixels);
    for (std::size_t i = 0; i < records; ++i) {
        const auto pixels = file.subspan((i + 1) * size - kPixels, kPixels);
        set.labels.push_back(file[(i + 1) * size - kPixels - 1]);
        set.pixels.insert(set.pixels.end(), pixels.begin(), pixels.end());
    }
    return {};
}

} // namespace frostline
