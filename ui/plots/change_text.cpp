#include "plots/change_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QString>

#include "plots/number_text.h"

namespace frostline {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ChangeText)
};

bool isOn(const Change& change)
{
    const bool* on = std::get_if<bool>(&change.value);
    return on && *on;
}

QString valueText(const Change& change)
{
    if (const double* number = std::get_if<double>(&change.value))
        return compactNumber(*number, QLocale());
    if (const auto* text = std::get_if<std::string>(&change.value))
        return QString::fromStdString(*text);
    return isOn(change) ? Words::tr("on") : Words::tr("off");
}

QString learningRateText(const Change& change)
{
    const double* rate = std::get_if<double>(&change.value);
    return rate ? rateText(*rate, QLocale()) : valueText(change);
}

QString fractionText(const Change& change)
{
    const double* fraction = std::get_if<double>(&change.value);
    return fraction ? percentText(*fraction, QLocale()) : valueText(change);
}

/// `layer4.*` selects what `layer4` does; the shorter one reads better.
QString targetText(const Change& change)
{
    QString target = QString::fromStdString(change.target);
    if (target.endsWith(QLatin1String(".*")))
        target.chop(2);
    return target;
}

bool isEverything(const Change& change)
{
    return change.target.empty() || change.target == "*";
}

QString shortTarget(const Change& change)
{
    return isEverything(change) ? Words::tr("all") : targetText(change);
}

QString statisticsText(const Change& change)
{
    const QString value = valueText(change);
    if (value == QLatin1String("frozen"))
        return Words::tr("statistics frozen");
    if (value == QLatin1String("updating"))
        return Words::tr("statistics updating");
    return Words::tr("statistics follow");
}

QString elided(const QString& text, qsizetype length)
{
    return text.size() <= length ? text : text.left(length - 1) + QChar(0x2026);
}

QString originText(Origin origin)
{
    switch (origin) {
    case Origin::Phase:
        return Words::tr("by a phase");
    case Origin::Schedule:
        return Words::tr("by the schedule");
    case Origin::User:
        break;
    }
    return Words::tr("by hand");
}

} // namespace

QString describe(const Change& change)
{
    switch (change.kind) {
    case ChangeKind::Trainable:
        return (isOn(change) ? Words::tr("%1: trainable") : Words::tr("%1: frozen")).arg(targetText(change));
    case ChangeKind::LearningRate:
        return Words::tr("learning rate %1").arg(learningRateText(change));
    case ChangeKind::RateMultiplier:
        return Words::tr("%1: rate × %2").arg(targetText(change), valueText(change));
    case ChangeKind::Statistics:
        return Words::tr("%1: %2").arg(targetText(change), statisticsText(change));
    case ChangeKind::Sparsity:
        return Words::tr("sparsity %1 (%2)").arg(fractionText(change), targetText(change));
    case ChangeKind::PruneFrozen:
        return isOn(change) ? Words::tr("frozen layers are pruned too") : Words::tr("frozen layers keep all");
    case ChangeKind::Optimizer:
        return Words::tr("optimizer %1 %2").arg(QString::fromStdString(change.target), valueText(change));
    case ChangeKind::Diverged:
        return Words::tr("diverged: %1").arg(valueText(change));
    case ChangeKind::Phase:
        return Words::tr("phase “%1” begins").arg(valueText(change));
    case ChangeKind::Restore:
        return Words::tr("back to the best epoch, as it was after step %1").arg(valueText(change));
    case ChangeKind::Note:
        break;
    }
    return valueText(change);
}

QString shortText(const Change& change)
{
    switch (change.kind) {
    case ChangeKind::Trainable:
        return (isOn(change) ? Words::tr("%1 on") : Words::tr("%1 off")).arg(shortTarget(change));
    case ChangeKind::LearningRate:
        return Words::tr("rate %1").arg(learningRateText(change));
    case ChangeKind::RateMultiplier:
        return Words::tr("%1 × %2").arg(shortTarget(change), valueText(change));
    case ChangeKind::Statistics:
        return Words::tr("%1 %2").arg(shortTarget(change), statisticsText(change));
    case ChangeKind::Sparsity:
        return isEverything(change)
                   ? Words::tr("sparsity %1").arg(fractionText(change))
                   : Words::tr("%1 sparsity %2").arg(targetText(change), fractionText(change));
    case ChangeKind::PruneFrozen:
        return isOn(change) ? Words::tr("prune frozen") : Words::tr("spare frozen");
    case ChangeKind::Optimizer:
        return Words::tr("%1 %2").arg(QString::fromStdString(change.target), valueText(change));
    case ChangeKind::Diverged:
        return Words::tr("diverged");
    case ChangeKind::Restore:
        return Words::tr("best of step %1").arg(valueText(change));
    case ChangeKind::Phase:
    case ChangeKind::Note:
        break;
    }
    return elided(valueText(change), 20);
}

QString describe(const Intervention& intervention)
{
    return Words::tr("Step %1, %2: %3")
        .arg(QLocale().toString(static_cast<qlonglong>(intervention.step)), originText(intervention.origin),
             describe(intervention.change));
}

} // namespace frostline
