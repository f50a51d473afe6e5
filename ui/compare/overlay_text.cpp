#include "compare/overlay_text.h"

#include <cmath>

#include <QCoreApplication>
#include <QLocale>

#include "plots/number_text.h"

namespace frostline {

namespace {

struct OverlayText {
    Q_DECLARE_TR_FUNCTIONS(frostline::OverlayText)
};

} // namespace

QString alignmentTitle(Alignment alignment)
{
    switch (alignment) {
    case Alignment::Steps:
        return OverlayText::tr("Step");
    case Alignment::RelativeSteps:
        return OverlayText::tr("Step since the run or branch began");
    case Alignment::Epochs:
        return OverlayText::tr("Epoch");
    case Alignment::Seconds:
        break;
    }
    return OverlayText::tr("Time");
}

QString placeText(Alignment alignment, double x)
{
    const QLocale locale;
    switch (alignment) {
    case Alignment::Steps:
    case Alignment::RelativeSteps:
        return OverlayText::tr("step %1").arg(locale.toString(static_cast<qlonglong>(std::llround(x))));
    case Alignment::Epochs:
        return OverlayText::tr("epoch %1").arg(compactNumber(x, locale, 3));
    case Alignment::Seconds:
        break;
    }
    return OverlayText::tr("after %1").arg(durationText(x, locale));
}

QString valuesText(const OverlayRun& run, double x)
{
    const QLocale locale;
    QStringList lines;
    const auto add = [&](const QString& name, const OverlayCurve& curve, auto text) {
        const auto validation = curve.validationAt(x);
        const auto training = curve.trainingAt(x);
        const QString dash = OverlayText::tr("–");
        lines.append(
            OverlayText::tr("%1: validation %2, training %3")
                .arg(name, validation ? text(*validation) : dash, training ? text(*training) : dash));
    };
    add(OverlayText::tr("Loss"), run.loss, [&](double value) { return compactNumber(value, locale); });
    add(OverlayText::tr("Accuracy"), run.accuracy, [&](double value) { return percentText(value, locale); });
    return lines.join(QStringLiteral("<br>"));
}

} // namespace frostline
