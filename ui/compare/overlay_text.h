#pragma once

#include <QString>

#include "compare/overlay_run.h"

namespace frostline {

/// What runs along the axis: an axis title.
QString alignmentTitle(Alignment alignment);

/// A place on the axis: `step 120`, `epoch 2.4`, `after 1:05`.
QString placeText(Alignment alignment, double x);

/// Loss and accuracy of a run at a place, as rich text.
QString valuesText(const OverlayRun& run, double x);

} // namespace frostline
