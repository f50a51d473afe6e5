#include "layers/layer_text.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "controls/number_text.h"

namespace frostline {

namespace {

struct LayerText {
    Q_DECLARE_TR_FUNCTIONS(frostline::LayerText)
};

const auto kNothing = QStringLiteral("–");

QString normText(const LayerInfo& layer)
{
    return layer.statisticsUpdating ? LayerText::tr("statistics updating")
                                    : LayerText::tr("statistics stored");
}

} // namespace

QString countText(std::int64_t count)
{
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString percentText(double fraction)
{
    const QLocale locale;
    const double percent = 100.0 * fraction;
    if (percent > 0.0 && percent < 0.05)
        return LayerText::tr("< %1 %").arg(locale.toString(0.1, 'f', 1));
    if (percent < 100.0 && percent > 99.95)
        return LayerText::tr("> %1 %").arg(locale.toString(99.9, 'f', 1));
    const bool isWhole = std::abs(percent - std::round(percent)) < 0.05;
    return LayerText::tr("%1 %").arg(locale.toString(percent, 'f', isWhole ? 0 : 1));
}

QString measureText(double value)
{
    return value == 0.0 ? QStringLiteral("0") : QLocale().toString(value, 'g', 3).toLower();
}

QString shapeText(const LayerInfo& layer)
{
    QStringList sizes;
    for (const auto size : layer.outputShape)
        sizes << countText(size);
    return sizes.join(QStringLiteral(" × "));
}

QString modeText(const LayerInfo& layer, const LayerSummary& summary)
{
    if (!layer.isLeaf)
        return summary.hasParameters()
                   ? LayerText::tr("%1 of %2 frozen").arg(summary.frozenLeaves).arg(summary.parameterLeaves)
                   : QString();
    if (!layer.hasParameters())
        return layer.isNormalisation ? normText(layer) : QString();
    const auto mode = layer.settings.trainable ? LayerText::tr("trainable") : LayerText::tr("frozen");
    return layer.isNormalisation ? LayerText::tr("%1, %2").arg(mode, normText(layer)) : mode;
}

QString rateText(const LayerSummary& summary)
{
    if (!summary.hasParameters())
        return {};
    if (summary.lowestRate == summary.highestRate)
        return numberText(summary.lowestRate);
    return LayerText::tr("%1 to %2").arg(numberText(summary.lowestRate), numberText(summary.highestRate));
}

QString sparsityText(const LayerSummary& summary)
{
    if (summary.prunable == 0)
        return {};
    const auto measured = percentText(summary.sparsity());
    if (summary.lowestTarget != summary.highestTarget)
        return measured;
    const double weightsAway =
        std::abs(summary.masked - summary.highestTarget * static_cast<double>(summary.prunable));
    // A container's target is rounded to whole weights in each of its layers.
    return weightsAway <= std::max(1, summary.parameterLeaves)
               ? measured
               : LayerText::tr("%1 (→ %2)").arg(measured, percentText(summary.highestTarget));
}

QString gradientText(const LayerSummary& summary)
{
    if (!summary.hasParameters())
        return {};
    return summary.gradientNorm == 0.0 ? kNothing : measureText(summary.gradientNorm);
}

QString ratioText(const LayerSummary& summary)
{
    const double ratio = summary.ratio();
    return ratio > 0.0 ? measureText(ratio) : gradientText(summary).isEmpty() ? QString() : kNothing;
}

QString ratioToolTip(const LayerSummary& summary)
{
    const double ratio = summary.ratio();
    if (!(ratio > 0.0))
        return LayerText::tr("Gradient ÷ weight: none, for nothing in it has learned yet");
    return LayerText::tr(
               "Gradient ÷ weight: %1. The longer the bar, the more the last step would change this "
               "layer for its size.")
        .arg(measureText(ratio));
}

QString driftText(const LayerInfo& layer, const LayerSummary& summary)
{
    if (summary.parameters + summary.statisticValues == 0)
        return {};
    if (layer.isLeaf || summary.largestDrift == 0.0)
        return measureText(summary.largestDrift);
    return LayerText::tr("≤ %1").arg(measureText(summary.largestDrift));
}

QString layerToolTip(const LayerInfo& layer, const LayerSummary& summary)
{
    const int tensors = summary.parameterTensors + summary.statisticTensors;
    const auto values = summary.parameters + summary.statisticValues;
    QStringList lines{
        LayerText::tr("%1, %2").arg(QString::fromStdString(layer.path), QString::fromStdString(layer.kind))};
    if (values == 0)
        return (lines << LayerText::tr("Has nothing to learn")).join(u'\n');
    lines << LayerText::tr("Weights: %1 (%2 trainable, %3 non-trainable)")
                 .arg(tensors)
                 .arg(summary.trainableTensors)
                 .arg(tensors - summary.trainableTensors);
    lines << LayerText::tr("Values: %1 (%2 trainable, %3 non-trainable)")
                 .arg(countText(values), countText(summary.trainable), countText(values - summary.trainable));
    if (summary.statisticValues > 0)
        lines << LayerText::tr("Of these running statistics: %1").arg(countText(summary.statisticValues));
    return lines.join(u'\n');
}

} // namespace frostline
