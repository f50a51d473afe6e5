// image_probe OUT decode FILE...: the pixels [H, W, 3] of each file, one after the other.
// image_probe OUT folder FOLDER HEIGHT WIDTH: the images [N, 3, H, W] of a folder with a folder for each
// class. Prints height and width, or the label and file of each image.

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "base/file.h"
#include "data/decode_image.h"
#include "data/image_cache.h"
#include "data/sources.h"

using namespace frostline;

namespace {

Status write(const std::vector<std::uint8_t>& bytes, const char* file)
{
    return writeFile(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Status append(ImageDecoder& decoder, const std::string& name, std::vector<std::uint8_t>& pixels)
{
    const auto file = readFile(name);
    if (!file)
        return tl::unexpected(file.error());
    std::vector<std::uint8_t> rgb;
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(file->data()), file->size());
    const auto size = decoder.decode(bytes, name, rgb);
    if (!size)
        return tl::unexpected(size.error());
    std::printf("%d %d\n", size->height, size->width);
    pixels.insert(pixels.end(), rgb.begin(), rgb.end());
    return {};
}

Status decodeFiles(const char* out, std::span<char*> files)
{
    ImageDecoder decoder;
    std::vector<std::uint8_t> pixels;
    for (const auto* file : files) {
        if (auto appended = append(decoder, file, pixels); !appended)
            return appended;
    }
    return write(pixels, out);
}

Status decodeFolder(const char* out, std::span<char*> arguments)
{
    DataRecipe recipe;
    recipe.inputSize = {std::atoi(arguments[1]), std::atoi(arguments[2])};
    auto data = readImageFolder(arguments[0], recipe);
    if (!data)
        return tl::unexpected(data.error());
    if (const auto held = holdImages(data->train, {1 << 30, false, {}}); !held)
        return tl::unexpected(held.error());
    for (std::size_t i = 0; i < data->train.labels.size(); ++i)
        std::printf("%d %s\n", static_cast<int>(data->train.labels[i]), data->train.origins[i].c_str());
    return write(data->train.pixels, out);
}

} // namespace

int main(int argc, char** argv)
{
    const std::span arguments(argv, static_cast<std::size_t>(argc));
    const std::string_view what = argc > 2 ? argv[2] : "";
    if (what != "decode" && (what != "folder" || argc != 6))
        return 2;
    const auto done = what == "decode" ? decodeFiles(argv[1], arguments.subspan(3))
                                       : decodeFolder(argv[1], arguments.subspan(3));
    if (!done)
        std::fprintf(stderr, "image_probe: %s\n", done.error().message.c_str());
    return done ? 0 : 1;
}
