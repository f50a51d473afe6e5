#include "range/range_text.h"

#include <QCoreApplication>
#include <QLocale>

#include "plots/number_text.h"

namespace frostline {

namespace {

struct RangeText {
    Q_DECLARE_TR_FUNCTIONS(frostline::RangeText)
};

} // namespace

QString titleOf(RateMethod method)
{
    switch (method) {
    case RateMethod::Slide:
        return RangeText::tr("slide");
    case RateMethod::Minimum:
        return RangeText::tr("minimum");
    case RateMethod::Steep:
        return RangeText::tr("steep");
    case RateMethod::Valley:
        break;
    }
    return RangeText::tr("valley");
}

QString explanationOf(RateMethod method)
{
    switch (method) {
    case RateMethod::Slide:
        return RangeText::tr("The last even stretch before the loss takes off");
    case RateMethod::Minimum:
        return RangeText::tr("A tenth of the rate with the least loss");
    case RateMethod::Steep:
        return RangeText::tr("Where the loss falls fastest");
    case RateMethod::Valley:
        break;
    }
    return RangeText::tr("The middle of the longest fall: a good first choice");
}

RunStyle styleOf(RateMethod method)
{
    return {.slot = 1 + static_cast<int>(method), .own = {}}; // The first colour is the curve's.
}

double roundedRate(double rate)
{
    return QString::number(rate, 'e', 1).toDouble();
}

QString endText(const RangeTest& test)
{
    const QString rate = rateText(roundedRate(test.endRate), QLocale());
    switch (test.end) {
    case RangeEnd::Diverged:
        return RangeText::tr("Ended at a rate of %1: the smoothed loss rose above %2 times its least.")
            .arg(rate, QLocale().toString(RangeTest::kDivergence));
    case RangeEnd::NotFinite:
        return RangeText::tr("Ended at a rate of %1: %2.").arg(rate, QString::fromStdString(test.problem));
    case RangeEnd::Stopped:
        return test.points.empty() ? RangeText::tr("Stopped before its first step.")
                                   : RangeText::tr("Stopped at a rate of %1.").arg(rate);
    case RangeEnd::Completed:
        break;
    }
    return RangeText::tr("Made all %1 steps, up to a rate of %2.")
        .arg(QLocale().toString(test.options.steps), rate);
}

} // namespace frostline
