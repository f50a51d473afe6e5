#include "controls/list_text.h"

#include <QCoreApplication>
#include <QStringList>

namespace frostline {

namespace {

struct ListText {
    Q_DECLARE_TR_FUNCTIONS(frostline::ListText)
};

constexpr qlonglong kWidest = 1'000'000;

QStringList partsOf(const QString& text)
{
    if (text.trimmed().isEmpty())
        return {};
    QStringList parts;
    for (const auto& part : text.split(u','))
        parts << part.trimmed();
    return parts;
}

} // namespace

QString widthsText(const std::vector<std::int64_t>& widths)
{
    QStringList parts;
    for (const auto width : widths)
        parts << QString::number(width);
    return parts.join(QStringLiteral(", "));
}

std::vector<std::int64_t> widthsOf(const QString& text)
{
    std::vector<std::int64_t> widths;
    for (const auto& part : partsOf(text))
        widths.push_back(part.toLongLong());
    return widths;
}

QString widthsProblem(const QString& text)
{
    for (const auto& part : partsOf(text)) {
        const auto width = part.toLongLong();
        if (width < 1 || width > kWidest)
            return ListText::tr("“%1”: widths are whole numbers from 1 to %2, as in 128, 64")
                .arg(part)
                .arg(kWidest);
    }
    return {};
}

QString namesText(const std::vector<std::string>& names)
{
    QStringList parts;
    for (const auto& name : names)
        parts << QString::fromStdString(name);
    return parts.join(QStringLiteral(", "));
}

std::vector<std::string> namesOf(const QString& text)
{
    std::vector<std::string> names;
    for (const auto& part : partsOf(text)) {
        if (!part.isEmpty())
            names.push_back(part.toStdString());
    }
    return names;
}

} // namespace frostline
