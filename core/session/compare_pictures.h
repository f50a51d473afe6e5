#pragma once

#include <string>
#include <vector>

#include "session/compare_facts.h"
#include "session/svg_chart.h"

namespace frostline {

/// Training and validation of all sessions over their steps, with the changes made while running.
Chart curvesChart(const CompareFacts& facts, Curve training, Curve validation);

/// Best validation accuracy over the mean trainable share, with the line of those that none beats with less.
Chart shareChart(const CompareFacts& facts);

/// Mean and band of each group that differs in the seed alone, with its members behind.
Chart seedsChart(const CompareFacts& facts, Curve curve);

} // namespace frostline
