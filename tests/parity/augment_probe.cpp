// augment_probe INPUTS OUTPUT: colours and sizes of given images, as training would change them.
// INPUTS holds `images` [N, 3, H, W] of bytes, `factors` [F], `turns` [T] and `size` [2].
// OUTPUT gets `brightness`, `contrast` and `saturation` [F, N, 3, H, W], `hue` [T, N, 3, H, W] and `resized`,
// the normalised images in the other size.

#include <cstdio>

#include <torch/types.h>

#include "data/augment.h"
#include "data/batch_feed.h"
#include "weights/safetensors.h"

using namespace frostline;

namespace {

torch::Tensor tensorOf(const TensorFile& file, const char* name)
{
    for (const auto& entry : file.tensors) {
        if (entry.name == name)
            return entry.tensor;
    }
    throw std::runtime_error(std::string("no tensor ") + name);
}

using Change = void (*)(const ImageView& image, double amount);

torch::Tensor changed(const torch::Tensor& images, const torch::Tensor& amounts, Change change)
{
    std::vector<torch::Tensor> all;
    for (std::int64_t i = 0; i < amounts.numel(); ++i) {
        auto copy = images.clone();
        for (std::int64_t n = 0; n < copy.size(0); ++n) {
            auto image = copy[n];
            change({{image.data_ptr<std::uint8_t>(), static_cast<std::size_t>(image.numel())},
                    3,
                    static_cast<int>(image.size(1)),
                    static_cast<int>(image.size(2))},
                   amounts[i].item<double>());
        }
        all.push_back(copy);
    }
    return torch::stack(all);
}

torch::Tensor resized(const torch::Tensor& images, const torch::Tensor& size)
{
    DataSet set;
    set.channels = 3;
    set.height = static_cast<int>(images.size(2));
    set.width = static_cast<int>(images.size(3));
    set.pixels.assign(images.data_ptr<std::uint8_t>(), images.data_ptr<std::uint8_t>() + images.numel());
    set.labels.assign(static_cast<std::size_t>(images.size(0)), 0);
    const SamplePreparer samples(set, {size[0].item<std::int64_t>(), size[1].item<std::int64_t>()});
    const BatchFeed feed(samples, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}, torch::kCPU);
    std::vector<std::int64_t> all(set.labels.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<std::int64_t>(i);
    return feed.images(all);
}

int failed(const Error& error)
{
    std::fprintf(stderr, "augment_probe: %s\n", error.message.c_str());
    return 1;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    const auto inputs = loadSafetensors(argv[1]);
    if (!inputs)
        return failed(inputs.error());
    const auto images = tensorOf(*inputs, "images").contiguous();
    const auto factors = tensorOf(*inputs, "factors");
    const auto saved = saveSafetensors({{{"brightness", changed(images, factors, adjustBrightness)},
                                         {"contrast", changed(images, factors, adjustContrast)},
                                         {"saturation", changed(images, factors, adjustSaturation)},
                                         {"hue", changed(images, tensorOf(*inputs, "turns"), adjustHue)},
                                         {"resized", resized(images, tensorOf(*inputs, "size"))}},
                                        {}},
                                       argv[2]);
    return saved ? 0 : failed(saved.error());
}
