#include "assistant/survey_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "model/autoencoder_stride.h"

namespace frostline {

namespace {

QString tr(const char* text, int count = -1)
{
    return QCoreApplication::translate("Survey", text, nullptr, count);
}

QString kindText(const DataSurvey& survey)
{
    if (survey.source == "image_folder")
        return tr("A folder of images");
    if (survey.source == "audio_folder")
        return tr("A folder of sounds");
    if (survey.source == "cifar")
        return tr("CIFAR's binary files");
    if (survey.source == "idx")
        return tr("IDX files, as MNIST's");
    return tr("Tensors");
}

QString sizeText(const DataSurvey& survey)
{
    if (survey.source == "audio_folder")
        return tr("cut into log-mel patches of 0.96 s");
    if (survey.height == 0)
        return tr("of different sizes");
    return tr("each %1 × %2").arg(survey.height).arg(survey.width);
}

QString splitText(const DataSurvey& survey)
{
    QStringList parts{tr("%1 to train on").arg(QLocale().toString(static_cast<qlonglong>(survey.train)))};
    if (survey.validation > 0)
        parts << tr("%1 for validation").arg(QLocale().toString(static_cast<qlonglong>(survey.validation)));
    if (survey.test > 0)
        parts << tr("%1 for the test").arg(QLocale().toString(static_cast<qlonglong>(survey.test)));
    return parts.join(tr(", "));
}

} // namespace

QString toText(const DataSurvey& survey)
{
    const QString classes = survey.task == Task::Classes
                                ? tr(", %1 classes").arg(static_cast<qlonglong>(survey.classNames.size()))
                                : QString();
    return tr("%1: %2%3, %4.").arg(kindText(survey), splitText(survey), classes, sizeText(survey));
}

QString obstacleTo(const DataSurvey& survey)
{
    // The autoencoder is the only network here that gives its input back.
    const bool isFit = survey.height > 0 && survey.height % kAutoencoderStride == 0 &&
                       survey.width % kAutoencoderStride == 0;
    if (survey.task != Task::Reconstruction || isFit)
        return {};
    return tr("There is no data_target in it, so the samples themselves would be learned; the autoencoder "
              "takes only those of shape [C, H, W] whose height and width are multiples of %1.")
        .arg(kAutoencoderStride);
}

QString planText(const Recipe& recipe)
{
    const QString architecture = QString::fromStdString(recipe.model.architecture);
    QString text = recipe.model.weights.empty()
                       ? tr("%1 learns from scratch, every layer trainable. With pre-trained weights less "
                            "data does: the File menu gets some.")
                             .arg(architecture)
                       : tr("%1 starts from %2 with its base frozen; a new head of %3 units learns. Then "
                            "thaw from the top down, and watch.")
                             .arg(architecture, QString::fromStdString(recipe.model.weights))
                             .arg(recipe.model.head ? recipe.model.head->hidden.front() : 0);
    if (recipe.data.validation.from == ValidationRecipe::From::Train)
        text += QLatin1Char(' ') + tr("A fifth of the data is kept for validation.");
    return text;
}

} // namespace frostline
