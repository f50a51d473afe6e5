#pragma once

#include <QString>

#include "layers/layer_summary.h"

namespace frostline {

// What stands in the cells of the layer tree and in their tooltips, numbers by locale.

QString countText(std::int64_t count);
/// `12.3 %`; what is neither nothing nor all never reads as if it were.
QString percentText(double fraction);
/// Three significant digits; exactly 0 is `0`.
QString measureText(double value);
QString shapeText(const LayerInfo& layer);

/// `frozen, statistics stored`, or `3 of 5 frozen` for a container.
QString modeText(const LayerInfo& layer, const LayerSummary& summary);
QString rateText(const LayerSummary& summary);
/// Measured sparsity, and the target where the two differ: `0 % (→ 50 %)`.
QString sparsityText(const LayerSummary& summary);
QString gradientText(const LayerSummary& summary);
/// Of the gradient's norm to that of the weights.
QString ratioText(const LayerSummary& summary);
/// The same, and what it means.
QString ratioToolTip(const LayerSummary& summary);
QString driftText(const LayerInfo& layer, const LayerSummary& summary);

/// Path, kind, weights as Keras counts them, values.
QString layerToolTip(const LayerInfo& layer, const LayerSummary& summary);

} // namespace frostline
