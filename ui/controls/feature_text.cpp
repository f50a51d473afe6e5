#include "controls/feature_text.h"

#include <QCoreApplication>

#include "controls/number_text.h"
#include "layers/layer_text.h"

namespace frostline {

namespace {

struct FeatureText {
    Q_DECLARE_TR_FUNCTIONS(frostline::FeatureText)
};

QString placeText(const FeatureReport& features)
{
    const auto inMemory = FeatureText::tr("%1 in memory").arg(memoryText(features.memoryBytes));
    if (features.fileBytes == 0)
        return inMemory;
    const auto inFile = FeatureText::tr("%1 in a file").arg(memoryText(features.fileBytes));
    return features.memoryBytes == 0 ? inFile : FeatureText::tr("%1, %2").arg(inMemory, inFile);
}

} // namespace

QString keptShortText(const FeatureReport& features)
{
    if (features.line == 0 || features.samples == 0)
        return {};
    if (!features.isEnabled)
        return FeatureText::tr("not kept");
    if (features.cachedSamples == 0)
        return {};
    const double share = static_cast<double>(features.cachedSamples) / static_cast<double>(features.samples);
    return FeatureText::tr("%1 kept, %2")
        .arg(percentText(share), memoryText(features.memoryBytes + features.fileBytes));
}

QString keptText(const FeatureReport& features)
{
    if (!features.remark.empty())
        return FeatureText::tr("Not kept: %1").arg(QString::fromStdString(features.remark));
    if (features.line == 0)
        return FeatureText::tr("Nothing lies under the frost line");
    if (!features.isEnabled)
        return FeatureText::tr("Features are not kept");
    const auto text =
        features.cachedSamples == 0
            ? FeatureText::tr("Kept: none of %1 samples yet").arg(countText(features.samples))
            : FeatureText::tr("Kept: %1 of %2 samples, %3")
                  .arg(countText(features.cachedSamples), countText(features.samples), placeText(features));
    return features.views > 1 ? FeatureText::tr("%1, %2 fixed views").arg(text).arg(features.views) : text;
}

QString keptToolTip(const FeatureReport& features)
{
    if (!features.remark.empty())
        return FeatureText::tr("What lies under the frost line is computed in each step, because nothing of "
                               "it could be kept: %1.")
            .arg(QString::fromStdString(features.remark));
    if (features.line == 0)
        return FeatureText::tr("Every layer takes part in each step. Freeze the first layers, and what they "
                               "hand on is computed once for each sample.");
    if (!features.isEnabled)
        return FeatureText::tr("What lies under the frost line is computed in each step, because the program "
                               "was told to keep nothing of it.");
    return FeatureText::tr("What lies under the frost line is computed once for each training and validation "
                           "image and then kept: of %1 of %2 images by now, %3 for each.")
        .arg(countText(features.cachedSamples), countText(features.samples),
             memoryText(features.sampleBytes));
}

} // namespace frostline
