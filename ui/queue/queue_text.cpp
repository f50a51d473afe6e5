#include "queue/queue_text.h"

#include <array>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "controls/number_text.h"
#include "session/comparison.h"

namespace frostline {

namespace {

struct QueueText {
    Q_DECLARE_TR_FUNCTIONS(frostline::QueueText)
};

constexpr qsizetype kLongestValue = 16;
constexpr qsizetype kMostParts = 3;

QString whole(Step number)
{
    return QLocale().toString(static_cast<qlonglong>(number));
}

QString valueText(const std::optional<std::string>& value)
{
    if (!value)
        return QueueText::tr("nothing");
    const QString text = QString::fromStdString(*value);
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    const bool isFraction = text.contains(QLatin1Char('.')) || text.contains(QLatin1Char('e'));
    return isNumber && isFraction ? numberText(number) : text;
}

/// The last part of a dotted key, as words; with the one before it where it says too little.
QString shortKey(const std::string& key)
{
    auto parts =
        QString::fromStdString(key).replace(QLatin1Char('_'), QLatin1Char(' ')).split(QLatin1Char('.'));
    const QStringList vague{QStringLiteral("path"), QStringLiteral("kind"), QStringLiteral("from"),
                            QStringLiteral("source"), QStringLiteral("limit")};
    const QString last = parts.takeLast();
    return vague.contains(last) && !parts.isEmpty() ? parts.last() + QLatin1Char(' ') + last : last;
}

QString briefOf(const SettingRow& row)
{
    const QString value = valueText(row.values.back());
    if (!row.values.back())
        return QueueText::tr("no %1").arg(shortKey(row.key));
    return value.size() <= kLongestValue ? QueueText::tr("%1 %2").arg(shortKey(row.key), value)
                                         : QueueText::tr("other %1").arg(shortKey(row.key));
}

} // namespace

QString nameOf(const QueueItem& item)
{
    return QString::fromStdString(item.recipe.title.empty() ? item.recipe.name : item.recipe.title);
}

QString wordFor(QueueItem::State state)
{
    switch (state) {
    case QueueItem::State::Waiting:
        return QueueText::tr("waiting");
    case QueueItem::State::Running:
        return QueueText::tr("running");
    case QueueItem::State::Paused:
        return QueueText::tr("paused");
    case QueueItem::State::Finished:
        return QueueText::tr("finished");
    case QueueItem::State::Stopped:
        return QueueText::tr("stopped");
    case QueueItem::State::Interrupted:
        return QueueText::tr("interrupted");
    case QueueItem::State::Failed:
        break;
    }
    return QueueText::tr("failed");
}

QString iconNameFor(QueueItem::State state)
{
    switch (state) {
    case QueueItem::State::Waiting:
        return QStringLiteral("wait");
    case QueueItem::State::Running:
        return QStringLiteral("play");
    case QueueItem::State::Paused:
        return QStringLiteral("pause");
    case QueueItem::State::Finished:
        return QStringLiteral("done");
    case QueueItem::State::Stopped:
        return QStringLiteral("stop");
    case QueueItem::State::Interrupted:
        return QStringLiteral("warning");
    case QueueItem::State::Failed:
        break;
    }
    return QStringLiteral("error");
}

QString progressText(const QueueItem& item)
{
    const auto& progress = item.progress;
    if (progress.steps == 0)
        return item.recipe.epochs == 1 ? QueueText::tr("1 epoch")
                                       : QueueText::tr("%1 epochs").arg(whole(item.recipe.epochs));
    return QueueText::tr("epoch %1/%2, step %3")
        .arg(whole(progress.epoch), whole(progress.epochs), whole(progress.step));
}

QString bestText(const QueueItem& item)
{
    if (item.bestAccuracy)
        return QueueText::tr("%1 %").arg(QLocale().toString(100.0 * *item.bestAccuracy, 'f', 1));
    if (item.bestLoss)
        return QueueText::tr("loss %1").arg(QLocale().toString(*item.bestLoss, 'g', 4));
    return QueueText::tr("–");
}

QString roughTime(double seconds)
{
    constexpr double kMinute = 60.0;
    constexpr double kHour = 3600.0;
    if (seconds < 10.0)
        return QueueText::tr("a few seconds");
    if (seconds < kMinute)
        return QueueText::tr("about %1 s").arg(10 * std::llround(seconds / 10.0));
    if (seconds < kHour)
        return QueueText::tr("about %1 min").arg(std::llround(seconds / kMinute));
    const auto minutes = std::llround(seconds / kMinute);
    return QueueText::tr("about %1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

QString totalsText(const QueueTotals& totals)
{
    QStringList parts{QueueText::tr("%1 of %2 done").arg(totals.finished).arg(totals.all)};
    if (totals.failed > 0)
        parts.append(QueueText::tr("%1 failed").arg(totals.failed));
    if (totals.broken > 0)
        parts.append(QueueText::tr("%1 to resume").arg(totals.broken));
    if (totals.due == 0)
        return parts.join(QueueText::tr(", "));
    if (totals.unmeasured == totals.due)
        parts.append(QueueText::tr("time left not known before a run like these is measured"));
    else
        parts.append(QueueText::tr("%1 left").arg(roughTime(totals.secondsLeft)));
    if (totals.unmeasured > 0 && totals.unmeasured < totals.due)
        parts.append(QueueText::tr("%1 not measured yet").arg(totals.unmeasured));
    return parts.join(QueueText::tr(", "));
}

RecipeDifference differenceOf(const Recipe& first, const Recipe& other)
{
    std::array<SessionHead, 2> heads;
    heads[0].recipe = first;
    heads[1].recipe = other;
    const std::array<const SessionHead*, 2> pair{&heads[0], &heads[1]};
    QStringList parts;
    QStringList lines;
    for (const auto& row : settingsOf(pair)) {
        if (!row.differs)
            continue;
        parts.append(briefOf(row));
        lines.append(QueueText::tr("%1: %2 → %3")
                         .arg(QString::fromStdString(row.key), valueText(row.values.front()),
                              valueText(row.values.back())));
    }
    const auto more = parts.size() - kMostParts;
    QString brief = parts.mid(0, kMostParts).join(QueueText::tr(", "));
    if (more > 0)
        brief = QueueText::tr("%1 and %2 more").arg(brief).arg(more);
    return {brief, lines.join(QLatin1Char('\n'))};
}

} // namespace frostline
