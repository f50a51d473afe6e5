#pragma once

#include <QString>

#include "training/cost.h"

namespace frostline {

// What is kept of what lies under the frost line, in words, numbers by locale.

/// `80 % kept, 51 MiB`; empty where nothing is kept and nothing stands in the way of it.
QString keptShortText(const FeatureReport& features);
/// `Kept: 3,200 of 4,000 samples, 51 MiB in memory`, or why nothing is.
QString keptText(const FeatureReport& features);
/// What that means, in full sentences.
QString keptToolTip(const FeatureReport& features);

} // namespace frostline
