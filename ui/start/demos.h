#pragma once

#include <vector>

#include <QString>

#include "training/recipe.h"

namespace frostline {

/// A recipe that we ship, as the start page shows it.
struct Demo {
    QString file;
    QString title;
    QString sentence; ///< The first of the recipe's notes.
    QString picture;  ///< PNG beside the recipe; empty where there is none.
    Recipe recipe;
};

/// Up to the first full stop that ends a sentence.
QString firstSentence(const QString& text);

/// The recipes of the resources folder, the default one first. Unreadable ones are left out, and so are
/// reduced ones and those whose data or weights are not on this machine.
std::vector<Demo> shippedDemos();

/// The recipe of the first start; empty where the resources are missing.
QString defaultDemoFile();

} // namespace frostline
