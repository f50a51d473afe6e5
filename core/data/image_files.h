#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/data_set.h"
#include "data/decode_image.h"

namespace frostline {

/// JPEG and PNG files that are decoded, and brought to one size, when they are asked for. Any thread may call
/// it.
class ImageFiles final : public ImageStream {
public:
    /// `files` below `root`. Each image as a whole is resized to height x width, as torchvision's Resize((h,
    /// w)).
    ImageFiles(std::filesystem::path root, std::vector<std::string> files, ImageSize size);

    Status read(std::int64_t index, std::span<std::uint8_t> pixels) const override;
    std::shared_ptr<const ImageStream> subset(const std::vector<std::int64_t>& indices) const override;
    /// The file's own size, by its header. Tells most of what is no image without decoding it.
    Result<ImageSize> storedSize(std::int64_t index) const;
    std::filesystem::path file(std::int64_t index) const override;

private:
    std::filesystem::path m_root;
    std::vector<std::string> m_files;
    ImageSize m_size;
};

} // namespace frostline
