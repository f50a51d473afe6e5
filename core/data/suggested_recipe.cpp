// Survey of data: what to begin with.

#include <algorithm>

#include "data/survey.h"

namespace frostline {

namespace {

constexpr int kSmallImage = 64; ///< Pixels a side up to which ImageNet's stem throws too much away.

/// What the classifier is called, which is what learns while the base is frozen.
std::string headOf(const std::string& architecture)
{
    if (architecture.starts_with("vgg") || architecture.starts_with("mobilenet"))
        return "classifier";
    if (architecture.starts_with("resnet") || architecture == "xception" || architecture == "yamnet")
        return "fc";
    return "head";
}

/// Folder and file names as recipes are called: what a path cannot hold is left out.
std::string nameFor(const std::filesystem::path& path)
{
    auto name = path.stem().string();
    if (name.empty())
        name = path.parent_path().stem().string();
    std::ranges::replace_if(
        name, [](unsigned char c) { return c < 0x80 && !std::isalnum(c) && c != '-' && c != '_'; }, '-');
    return name.empty() ? "own-data" : name;
}

void startFromScratch(const DataSurvey& data, Recipe& recipe)
{
    const bool isSmall = data.height > 0 && std::max(data.height, data.width) <= kSmallImage;
    if (data.source == "audio_folder") {
        recipe.model.architecture = "yamnet";
    } else if (data.source == "tensors") {
        recipe.model.architecture = data.task == Task::Reconstruction ? "autoencoder" : "mlp";
    } else if (data.channels != 3) {
        recipe.model.architecture = "convnet";
    } else {
        recipe.model.architecture = "resnet18";
        recipe.model.options.stem = isSmall ? "small" : "imagenet";
        recipe.data.augment.flip = 0.5;
    }
    if (data.source == "image_folder" && !isSmall)
        recipe.data.inputSize = {128, 128};
}

void startFrom(const PretrainedBase& base, Recipe& recipe)
{
    recipe.model.architecture = base.architecture;
    recipe.model.weights = base.weights;
    recipe.model.head = HeadRecipe{};
    recipe.model.head->hidden = {128};
    recipe.model.head->dropout = 0.5;
    recipe.data.inputSize = base.inputSize;
    if (!base.mean.empty()) {
        recipe.data.mean = base.mean;
        recipe.data.deviation = base.deviation;
    }
    LayerRule frozen;
    frozen.match = "*";
    frozen.trainable = false;
    LayerRule head;
    head.match = headOf(base.architecture);
    head.trainable = true;
    recipe.layers = {frozen, head};
}

} // namespace

Recipe suggestedRecipe(const DataSurvey& data, const std::optional<PretrainedBase>& base)
{
    Recipe recipe;
    recipe.name = nameFor(data.path);
    recipe.title = recipe.name;
    recipe.data.source = data.source;
    recipe.data.path = std::filesystem::absolute(data.path).string();
    recipe.data.task = data.task;
    recipe.folder = std::filesystem::absolute(data.path).parent_path();
    if (data.validation + data.test == 0) {
        recipe.data.validation.from = ValidationRecipe::From::Train;
        recipe.data.validation.fraction = 0.2;
    }
    // Spectrograms and tensors come as they are; bytes of images from 0 to 255.
    if (data.source == "audio_folder" || data.source == "tensors") {
        recipe.data.mean = {0.0};
        recipe.data.deviation = {1.0};
    }
    if (base)
        startFrom(*base, recipe);
    else
        startFromScratch(data, recipe);
    if (!hasAccuracy(data.task))
        recipe.checkpoints.watched.monitor = Monitor::ValidationLoss;
    recipe.batchSize = std::clamp<std::int64_t>(data.train / 10, 4, 64);
    recipe.epochs = 10;
    return recipe;
}

} // namespace frostline
