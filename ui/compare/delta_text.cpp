#include "compare/delta_text.h"

#include <cmath>

#include <QCoreApplication>
#include <QLocale>

#include "plots/number_text.h"

namespace frostline {

namespace {

QString withSign(double number, const QString& size)
{
    const QChar sign = number > 0.0 ? QLatin1Char('+') : number < 0.0 ? QChar(0x2212) : QChar(0x00b1);
    return sign + size;
}

} // namespace

QString pointsText(double difference, const QLocale& locale)
{
    const double points = std::round(difference * 1e4) / 100.0;
    return QCoreApplication::translate("DeltaText", "%1 pp")
        .arg(withSign(points, locale.toString(std::abs(points), 'g', 4)));
}

QString signedText(double difference, const QLocale& locale)
{
    return withSign(difference, compactNumber(std::abs(difference), locale, 3));
}

} // namespace frostline
