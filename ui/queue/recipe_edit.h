#pragma once

#include <cstdint>
#include <vector>

#include <QString>

#include "training/recipe.h"

namespace frostline {

/// "7", "2..5" or "1, 4, 9" as seeds, each once. An error in one sentence.
Result<std::vector<std::uint64_t>> seedsOf(const QString& text);

/// What a clone of a recipe shall have of its own, as it was typed.
struct RecipeEdit {
    QString name;
    QString seeds;
    QString learningRate;
    QString epochs; ///< Of a recipe without phases; else it is passed over.
    QString others; ///< KEY=VALUE, one a line, as --set takes them.
};

RecipeEdit editOf(const Recipe& recipe);

/// A recipe for each seed. An error in one sentence.
Result<std::vector<Recipe>> editedRecipes(const Recipe& recipe, const RecipeEdit& edit);

} // namespace frostline
