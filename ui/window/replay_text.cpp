#include "window/replay_text.h"

#include <QCoreApplication>
#include <QLocale>

namespace frostline {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ReplayText)
};

/// Every digit: the difference may be in the last one.
QString exact(double number)
{
    return QLocale().toString(number, 'g', QLocale::FloatingPointShortest);
}

QString counted(qlonglong count, const QString& one, const QString& many)
{
    return count == 1 ? one : many.arg(QLocale().toString(count));
}

QString differenceText(const ReplayDifference& difference)
{
    const QString step = QLocale().toString(static_cast<qlonglong>(difference.step));
    const QString layer = QString::fromStdString(difference.layer);
    if (difference.what == "weights")
        return Words::tr(
                   "Differs: the weights at step %1 are not those recorded (first in %2, by at most %3).")
            .arg(step, layer.isEmpty() ? Words::tr("an unknown layer") : layer,
                 exact(difference.largestDifference));
    QString text = Words::tr("Differs first at step %1: %2 was %3 and is %4.")
                       .arg(step, QString::fromStdString(difference.what), exact(difference.recorded),
                            exact(difference.replayed));
    if (!layer.isEmpty())
        text += QLatin1Char(' ') + Words::tr("At step %1 the weights of %2 differ by at most %3.")
                                       .arg(QLocale().toString(static_cast<qlonglong>(difference.layerStep)),
                                            layer, exact(difference.largestDifference));
    return text;
}

} // namespace

QString describe(const ReplayReport& report)
{
    if (report.stopped && !report.difference)
        return Words::tr("The replay was given up after %1 steps; up to there nothing differs.")
            .arg(QLocale().toString(static_cast<qlonglong>(report.steps)));
    if (!report.difference)
        return Words::tr("Identical to the bit: %1, %2, %3")
            .arg(counted(report.steps, Words::tr("1 step"), Words::tr("%1 steps")),
                 counted(report.epochs, Words::tr("1 epoch"), Words::tr("%1 epochs")),
                 counted(report.checkpoints, Words::tr("1 checkpoint"), Words::tr("%1 checkpoints")));
    QString text = differenceText(*report.difference);
    for (const auto& each : report.environment)
        text += QLatin1Char(' ') + QString::fromStdString(each);
    return text;
}

} // namespace frostline
