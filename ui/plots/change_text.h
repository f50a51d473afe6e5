#pragma once

#include "training/intervention.h"

class QString;

namespace frostline {

/// A change in words: `layer4: frozen`, `learning rate 1e-4`, `sparsity 50 % (*)`.
QString describe(const Change& change);

/// A few letters for a marker: `layer4 off`, `rate 1e-4`.
QString shortText(const Change& change);

/// Step, who asked for it, and what: a marker's tooltip.
QString describe(const Intervention& intervention);

} // namespace frostline
