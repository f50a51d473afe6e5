#include "data/prepare.h"

#include <algorithm>
#include <filesystem>

#include "base/json.h"
#include "base/random.h"
#include "base/sha256.h"
#include "training/recipe.h"

namespace frostline {

namespace {

namespace fs = std::filesystem;

/// The recipe's own words for it.
std::string textOf(const AugmentRecipe& augment)
{
    Recipe recipe;
    recipe.data.augment = augment;
    return jsonText(toJson(recipe).at("data"));
}

/// Files are read when they are asked for: their size and time stand for what is in them.
void addFiles(Sha256& sum, const ImageStream& stream, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const auto file = stream.file(i);
        std::error_code code;
        const auto size = fs::file_size(file, code);
        const auto time = fs::last_write_time(file, code).time_since_epoch().count();
        sum.add(file.string()).add(&size, sizeof size).add(&time, sizeof time);
    }
}

bool changesImages(const AugmentRecipe& augment)
{
    return augment.flip > 0.0 || augment.shift > 0 || augment.smallestCrop || augment.brightness > 0.0 ||
           augment.contrast > 0.0 || augment.saturation > 0.0 || augment.hue > 0.0;
}

Status checkMask(const char* key, std::int64_t mask, int most, const char* what)
{
    if (mask <= most)
        return {};
    return badInput(std::string("/data/augment/") + key + ": " + std::to_string(mask) +
                    " is more than a sample has, which is " + std::to_string(most) + " " + what);
}

Status checkImages(const DataRecipe& recipe, const SamplePreparer& prepared)
{
    const auto& augment = recipe.augment;
    if (augment.timeMask > 0 || augment.frequencyMask > 0)
        return badInput(
            "/data/augment: time_mask and frequency_mask only go with sound, and these samples are "
            "images; take flip, shift, resized_crop, brightness, contrast, saturation or hue");
    if (prepared.channels() != 3 && (augment.saturation > 0.0 || augment.hue > 0.0))
        return badInput(
            "/data/augment: saturation and hue only go with images of 3 channels, and these have " +
            std::to_string(prepared.channels()) + "; take flip, shift, resized_crop, brightness or contrast");
    const int most = std::min(prepared.height(), prepared.width()) - 1;
    if (augment.shift > most)
        return badInput("/data/augment/shift: " + std::to_string(augment.shift) +
                        " would move the image out of the picture; take at most " + std::to_string(most));
    return {};
}

} // namespace

SamplePreparer::SamplePreparer(const DataSet& set, const std::vector<std::int64_t>& inputSize)
    : m_set(&set),
      m_height(inputSize.empty() ? set.height : static_cast<int>(inputSize[0])),
      m_width(inputSize.empty() ? set.width : static_cast<int>(inputSize[1]))
{
    if (m_height != set.height || m_width != set.width)
        m_resizer.emplace(set.height, set.width, m_height, m_width);
}

SamplePreparer::SamplePreparer(const DataSet& set, const DataRecipe& recipe, std::uint64_t seed)
    : SamplePreparer(set, recipe.inputSize)
{
    m_augment = recipe.augment;
    m_seed = seed;
}

std::size_t SamplePreparer::sampleSize() const
{
    return static_cast<std::size_t>(channels()) * static_cast<std::size_t>(m_height) *
           static_cast<std::size_t>(m_width);
}

std::uint64_t SamplePreparer::seedOf(std::int64_t sample) const
{
    const auto round = static_cast<std::uint64_t>(sample / size());
    return streamSeed(streamSeed(m_seed, Purpose::Augment, round), Purpose::Augment,
                      static_cast<std::uint64_t>(indexOf(sample)));
}

Status SamplePreparer::image(std::int64_t sample, std::span<std::uint8_t> out, Scratch& scratch) const
{
    const auto index = indexOf(sample);
    std::span<const std::uint8_t> stored;
    if (m_set->stream) {
        scratch.stored.resize(m_set->sampleSize());
        if (const auto read = m_set->stream->read(index, scratch.stored); !read)
            return read;
        stored = scratch.stored;
    } else {
        stored = m_set->image(index);
    }
    RandomStream random(seedOf(sample));
    if (m_augment.smallestCrop) {
        cropped(stored, randomCrop(random, m_set->height, m_set->width, *m_augment.smallestCrop), out,
                scratch);
    } else if (m_resizer) {
        const SampleView<const std::uint8_t> from{stored, channels(), m_set->height, m_set->width};
        const ImageView to{out, channels(), m_height, m_width};
        for (int channel = 0; channel < channels(); ++channel)
            m_resizer->apply(from.plane(channel), to.plane(channel), scratch.resize);
    } else {
        std::ranges::copy(stored, out.begin());
    }
    augmentImage({out, channels(), m_height, m_width}, m_augment, random);
    return {};
}

/// What is inside the box, brought to the input size.
void SamplePreparer::cropped(std::span<const std::uint8_t> image, const CropBox& box,
                             std::span<std::uint8_t> out, Scratch& scratch) const
{
    const SampleView<const std::uint8_t> from{image, channels(), m_set->height, m_set->width};
    const ImageView to{out, channels(), m_height, m_width};
    const Resizer resizer(box.height, box.width, m_height, m_width);
    const auto width = static_cast<std::size_t>(box.width);
    scratch.crop.resize(static_cast<std::size_t>(box.height) * width);
    for (int channel = 0; channel < channels(); ++channel) {
        for (int y = 0; y < box.height; ++y) {
            const auto row =
                from.row(channel, box.top + y).subspan(static_cast<std::size_t>(box.left), width);
            std::ranges::copy(row, scratch.crop.begin() + y * box.width);
        }
        resizer.apply(scratch.crop, to.plane(channel), scratch.resize);
    }
}

void SamplePreparer::values(std::int64_t sample, std::span<float> out) const
{
    std::ranges::copy(m_set->valuesOf(indexOf(sample)), out.begin());
    if (m_augment.isNone())
        return;
    RandomStream random(seedOf(sample));
    augmentPatch({out, channels(), m_height, m_width}, m_augment, random);
}

void SamplePreparer::addTo(Sha256& sum) const
{
    const std::int64_t shape[] = {size(), channels(), m_set->height, m_set->width, m_height, m_width};
    sum.add(shape, sizeof shape)
        .add(m_set->pixels.data(), m_set->pixels.size())
        .add(m_set->values.data(), m_set->values.size() * sizeof(float));
    if (m_set->stream)
        addFiles(sum, *m_set->stream, size());
    if (!m_augment.isNone())
        sum.add(textOf(m_augment)).add(&m_seed, sizeof m_seed);
}

Status checkPreparation(const DataSet& set, const DataRecipe& recipe)
{
    const SamplePreparer prepared(set, recipe.inputSize);
    if (prepared.areImages())
        return checkImages(recipe, prepared);
    const auto shape =
        std::to_string(set.channels) + " x " + std::to_string(set.height) + " x " + std::to_string(set.width);
    if (prepared.height() != set.height || prepared.width() != set.width)
        return badInput("/data/input_size: only images are resized, and these samples are values, " + shape +
                        "; leave it out");
    const auto& augment = recipe.augment;
    if (changesImages(augment))
        return badInput(
            "/data/augment: flip, shift, resized_crop, brightness, contrast, saturation and hue only "
            "go with images, and these samples are values, " +
            shape + (set.channels == 1 ? "; take time_mask or frequency_mask" : ""));
    if (set.channels != 1 && !augment.isNone())
        return badInput(
            "/data/augment: time_mask and frequency_mask only go with sound, which has 1 channel; "
            "these samples are values, " +
            shape);
    return checkMask("time_mask", augment.timeMask, set.height, "frames").and_then([&] {
        return checkMask("frequency_mask", augment.frequencyMask, set.width, "frequencies");
    });
}

Result<std::vector<std::uint8_t>> augmentedImage(const DataSet& set, const DataRecipe& recipe,
                                                 std::uint64_t seed, int round, std::int64_t index)
{
    const SamplePreparer prepared(set, recipe, seed);
    std::vector<std::uint8_t> image(prepared.sampleSize());
    SamplePreparer::Scratch scratch;
    if (const auto made = prepared.image(round * set.size() + index, image, scratch); !made)
        return tl::unexpected(made.error());
    return image;
}

} // namespace frostline
