#pragma once

#include "training/recipe.h"

namespace frostline::tests {

/// A run over real images that takes a second or two: a small convnet with norms, 40 training images.
inline Recipe fashionRecipe()
{
    Recipe recipe;
    recipe.name = "trial";
    recipe.data.path = "dataset:fashion-mnist";
    recipe.data.classes = {"sandal", "sneaker", "bag", "ankle boot"};
    recipe.data.trainLimit = 10;
    recipe.data.validation.limit = 10;
    recipe.model.architecture = "convnet";
    recipe.model.options.widths = {8, 16};
    recipe.model.head = HeadRecipe{.pooling = {}, .hidden = {16}, .dropout = 0.2};
    recipe.optimizer.learningRate = 0.01;
    recipe.optimizer.weightDecay = 0.01;
    recipe.batchSize = 10;
    recipe.epochs = 3;
    return recipe;
}

} // namespace frostline::tests
