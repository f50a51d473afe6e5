#pragma once

#include <span>

class QCPGraph;

namespace frostline {

class CurveData;
struct XWindow;

/// Brings a graph up to its curve: adds what is new, or above kEnvelopeLimit points sets the envelope of what
/// is in view. A graph whose earlier points have moved must be emptied first.
void feed(QCPGraph& graph, std::span<const double> x, const CurveData& curve, const XWindow& window);

} // namespace frostline
