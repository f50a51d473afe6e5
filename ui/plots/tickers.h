#pragma once

#include <QSharedPointer>

class QCPAxisTicker;

namespace frostline {

/// Ticks with the window's number texts; `count` is about how many to aim at.
QSharedPointer<QCPAxisTicker> numberTicker(int count);
QSharedPointer<QCPAxisTicker> percentTicker(int count);
QSharedPointer<QCPAxisTicker> stepTicker();
QSharedPointer<QCPAxisTicker> durationTicker();

/// Ticks for a logarithmic axis: powers of ten, with 2 and 5 between them where there is room, and evenly
/// spaced ones where the range is too narrow for either.
QSharedPointer<QCPAxisTicker> logarithmicTicker(int count);

} // namespace frostline
