#pragma once

class QLocale;
class QString;

namespace frostline {

/// A difference of two fractions in percentage points, always with its sign: `+1.3 pp`, `−0.2 pp`, `±0 pp`.
QString pointsText(double difference, const QLocale& locale);

/// Any other difference: `+0.012`, `−3`.
QString signedText(double difference, const QLocale& locale);

} // namespace frostline
