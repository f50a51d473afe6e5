#pragma once

#include <vector>

#include <QString>

#include "training/cost.h"

namespace frostline {

/// A place where the frost line can be, and what a step costs there.
struct CostLine {
    int node = -1; ///< Last layer below it that has parameters, as an index of the table; -1 for none.
    QString name;  ///< Of that layer; empty for none.
    bool isInForce = false;
    CostEstimate estimate;
};

/// The table with everything up to `node` frozen and all after it trainable; -1 freezes nothing.
LayerTable frozenUpTo(LayerTable table, int node);

/// What is kept is known for the report's own frost line; elsewhere it is taken for possible.
CostEstimate predictAt(const CostReport& report, const LayerTable& table);

/// One for each group of the tree's top level, for each stage where there is but one such group, and for the
/// line in force; not more than eight. The one in force is predicted for the layers as the table has them.
std::vector<CostLine> costLines(const CostReport& report, const LayerTable& table);

} // namespace frostline
