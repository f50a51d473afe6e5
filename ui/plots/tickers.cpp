#include "plots/tickers.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include <qcustomplot.h>

#include "plots/number_text.h"

namespace frostline {

namespace {

class NumberTicker : public QCPAxisTicker {
public:
    explicit NumberTicker(int count) { setTickCount(count); }

protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar /*format*/, int /*precision*/) override
    {
        return compactNumber(tick, locale);
    }
};

class PercentTicker : public NumberTicker {
public:
    using NumberTicker::NumberTicker;

protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar /*format*/, int /*precision*/) override
    {
        return percentText(tick, locale);
    }
};

/// There is nothing between two steps.
class StepTicker : public NumberTicker {
public:
    using NumberTicker::NumberTicker;

protected:
    double getTickStep(const QCPRange& range) override
    {
        return std::max(1.0, std::floor(NumberTicker::getTickStep(range)));
    }
};

class DurationTicker : public QCPAxisTickerTime {
protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar /*format*/, int /*precision*/) override
    {
        return durationText(tick, locale);
    }
};

class LogarithmicTicker : public NumberTicker {
public:
    using NumberTicker::NumberTicker;

protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override
    {
        const QVector<double> fine = ticksAt({1.0, 2.0, 5.0}, 1, range);
        if (countInside(fine, range) < 2)
            return positive(NumberTicker::createTickVector(tickStep, range));
        if (countInside(fine, range) <= tickCount() + 1)
            return fine;
        int stride = 1;
        QVector<double> ticks = ticksAt({1.0}, stride, range);
        while (countInside(ticks, range) > tickCount() + 1)
            ticks = ticksAt({1.0}, ++stride, range);
        return ticks;
    }

    QString getTickLabel(double tick, const QLocale& locale, QChar /*format*/, int /*precision*/) override
    {
        return rateText(tick, locale);
    }

private:
    static QVector<double> ticksAt(std::initializer_list<double> mantissas, int stride, const QCPRange& range)
    {
        QVector<double> ticks;
        const auto last = static_cast<int>(std::ceil(std::log10(range.upper)));
        auto exponent = static_cast<int>(std::floor(std::log10(range.lower)));
        exponent -= ((exponent % stride) + stride) % stride;
        for (; exponent <= last; exponent += stride) {
            for (const double mantissa : mantissas)
                ticks.push_back(mantissa * std::pow(10.0, exponent));
        }
        return ticks;
    }

    static int countInside(const QVector<double>& ticks, const QCPRange& range)
    {
        return static_cast<int>(
            std::ranges::count_if(ticks, [&range](double tick) { return range.contains(tick); }));
    }

    static QVector<double> positive(QVector<double> ticks)
    {
        ticks.removeIf([](double tick) { return tick <= 0.0; });
        return ticks;
    }
};

} // namespace

QSharedPointer<QCPAxisTicker> numberTicker(int count)
{
    return QSharedPointer<NumberTicker>::create(count);
}

QSharedPointer<QCPAxisTicker> percentTicker(int count)
{
    return QSharedPointer<PercentTicker>::create(count);
}

QSharedPointer<QCPAxisTicker> stepTicker()
{
    return QSharedPointer<StepTicker>::create(7);
}

QSharedPointer<QCPAxisTicker> durationTicker()
{
    const auto ticker = QSharedPointer<DurationTicker>::create();
    ticker->setTickCount(6);
    return ticker;
}

QSharedPointer<QCPAxisTicker> logarithmicTicker(int count)
{
    return QSharedPointer<LogarithmicTicker>::create(count);
}

} // namespace frostline
