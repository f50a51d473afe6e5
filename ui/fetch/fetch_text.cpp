#include "fetch/fetch_text.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDir>
#include <QLocale>
#include <QStringList>

#include "fetch/places.h"

namespace frostline {

namespace {

QString say(const char* text)
{
    return QCoreApplication::translate("FetchDialog", text);
}

QString dataSize(std::int64_t bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

QString textOf(const std::string& text)
{
    return QString::fromStdString(text).toHtmlEscaped();
}

QString timeLeft(double seconds)
{
    const auto whole = static_cast<qlonglong>(std::clamp(seconds, 0.0, 1e6) + 0.5);
    if (whole < 60)
        return say(QT_TRANSLATE_NOOP("FetchDialog", "%1 s left")).arg(whole);
    return say(QT_TRANSLATE_NOOP("FetchDialog", "%1 min %2 s left")).arg(whole / 60).arg(whole % 60);
}

} // namespace

QString entrySizeText(const CatalogEntry& entry)
{
    return dataSize(entry.size());
}

QString progressText(const FetchProgress& progress)
{
    if (progress.stage == FetchProgress::Stage::Unpacking)
        return say(QT_TRANSLATE_NOOP("FetchDialog", "Unpacking %1"))
            .arg(QString::fromStdString(progress.file));
    const QString amount = say(QT_TRANSLATE_NOOP("FetchDialog", "%1 of %2"))
                               .arg(dataSize(progress.bytes), dataSize(progress.total));
    return progress.secondsLeft < 0
               ? amount
               : say(QT_TRANSLATE_NOOP("FetchDialog", "%1, %2")).arg(amount, timeLeft(progress.secondsLeft));
}

QString aboutText(const CatalogEntry& entry)
{
    const auto here = foundPlace(entry);
    const auto path = here.value_or(placeOf(entry));
    const QString place =
        textOf(QDir::toNativeSeparators(QString::fromStdString(path.string())).toStdString());
    const QString where =
        here ? say(QT_TRANSLATE_NOOP("FetchDialog", "It lies in %1. A recipe names it <b>%2</b>."))
                   .arg(place, textOf(entry.reference()))
             : say(QT_TRANSLATE_NOOP("FetchDialog", "It is not here yet. It will lie in %1, from %2."))
                   .arg(place, textOf(hostOf(entry.files.front().url)));
    return QStringLiteral("<b>%1</b><br>%2<br>%3<br>%4")
        .arg(textOf(entry.title), textOf(entry.about),
             say(QT_TRANSLATE_NOOP("FetchDialog", "Licence: %1")).arg(textOf(entry.licence)), where);
}

} // namespace frostline
