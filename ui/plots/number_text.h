#pragma once

class QLocale;
class QString;

namespace frostline {

/// Short text of a number for the screen: `0.4321`, `12,000`, `1e-4`.
QString compactNumber(double number, const QLocale& locale, int digits = 4);

/// As people write learning rates: `0.05`, `1e-3`, `2.5e-4`.
QString rateText(double rate, const QLocale& locale);

/// A fraction as `93.1 %`.
QString percentText(double fraction, const QLocale& locale);

/// Seconds as `12.5 s`, `3:05` or `1:02:03`.
QString durationText(double seconds, const QLocale& locale);

} // namespace frostline
