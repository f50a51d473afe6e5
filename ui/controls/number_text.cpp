#include "controls/number_text.h"

#include <cmath>

#include <QCoreApplication>
#include <QLocale>

namespace frostline {

namespace {

struct NumberText {
    Q_DECLARE_TR_FUNCTIONS(frostline::NumberText)
};

std::optional<double> numberIn(QLocale locale, const QString& text)
{
    locale.setNumberOptions(QLocale::RejectGroupSeparator);
    bool isNumber = false;
    const double number = locale.toDouble(text.trimmed(), &isNumber);
    return isNumber && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

} // namespace

QString numberText(double number)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator | QLocale::OmitLeadingZeroInExponent);
    const double size = std::abs(number);
    const bool isPlain = size == 0.0 || (size >= 1e-4 && size < 1e6);
    return locale.toString(number, isPlain ? 'f' : 'e', QLocale::FloatingPointShortest).toLower();
}

std::optional<double> numberOf(const QString& text)
{
    const auto number = numberIn(QLocale(), text);
    return number ? number : numberIn(QLocale::c(), text);
}

QString durationText(double seconds)
{
    const QLocale locale;
    if (seconds < 1.0)
        return NumberText::tr("%1 ms").arg(locale.toString(1000.0 * seconds, 'g', 3));
    if (seconds < 60.0)
        return NumberText::tr("%1 s").arg(locale.toString(seconds, 'g', 3));
    const auto whole = std::llround(seconds);
    if (whole < 3600)
        return NumberText::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return NumberText::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

QString memoryText(std::int64_t bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeIecFormat);
}

} // namespace frostline
