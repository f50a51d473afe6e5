#include "plots/number_text.h"

#include <cmath>

#include <QCoreApplication>
#include <QLocale>
#include <QString>

namespace frostline {

namespace {

QString scientific(double number, const QLocale& locale, int digits)
{
    auto exponent = static_cast<int>(std::floor(std::log10(std::abs(number))));
    const double scale = std::pow(10.0, digits - 1);
    double mantissa = std::round(number / std::pow(10.0, exponent) * scale) / scale;
    if (std::abs(mantissa) >= 10.0) {
        mantissa /= 10.0;
        ++exponent;
    }
    return locale.toString(mantissa, 'g', digits) + QLatin1Char('e') + locale.toString(exponent);
}

QString twoDigits(int number)
{
    return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0'));
}

} // namespace

QString compactNumber(double number, const QLocale& locale, int digits)
{
    const double size = std::abs(number);
    if (std::isnan(number))
        return QStringLiteral("–");
    if (size > 0.0 && std::isfinite(number) && (size < 1e-3 || size >= 1e9))
        return scientific(number, locale, digits);
    return size >= 1000.0 ? locale.toString(number, 'f', 0) : locale.toString(number, 'g', digits);
}

QString rateText(double rate, const QLocale& locale)
{
    const bool isSmall = rate > 0.0 && rate < 0.01;
    return isSmall ? scientific(rate, locale, 4) : compactNumber(rate, locale);
}

QString percentText(double fraction, const QLocale& locale)
{
    if (std::isnan(fraction))
        return QStringLiteral("–");
    const double percent = std::round(fraction * 1e4) / 100.0;
    return QCoreApplication::translate("NumberText", "%1 %").arg(locale.toString(percent, 'g', 4));
}

QString durationText(double seconds, const QLocale& locale)
{
    if (std::abs(seconds) < 60.0) {
        const double rounded = std::round(seconds * 100.0) / 100.0;
        return QCoreApplication::translate("NumberText", "%1 s").arg(locale.toString(rounded, 'g', 4));
    }
    const auto whole = static_cast<int>(std::lround(seconds));
    const QString tail = twoDigits(whole % 60);
    if (whole < 3600)
        return QStringLiteral("%1:%2").arg(whole / 60).arg(tail);
    return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(twoDigits(whole / 60 % 60), tail);
}

} // namespace frostline
