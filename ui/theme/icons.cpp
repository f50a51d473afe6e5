#include "theme/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>

namespace frostline {

namespace {

QPixmap rendered(QByteArray svg, const QColor& colour, int extent)
{
    svg.replace("currentColor", colour.name().toLatin1());
    QSvgRenderer renderer(svg);
    QPixmap pixmap(extent, extent);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    return pixmap;
}

} // namespace

QIcon icon(const QString& name)
{
    return icon(name, QGuiApplication::palette().color(QPalette::Active, QPalette::ButtonText));
}

QIcon icon(const QString& name, const QColor& colour)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray svg = file.readAll();
    const QColor faint = QGuiApplication::palette().color(QPalette::Disabled, QPalette::ButtonText);
    QIcon result;
    for (const int extent : {16, 20, 24, 32, 48}) {
        result.addPixmap(rendered(svg, colour, extent));
        result.addPixmap(rendered(svg, faint, extent), QIcon::Disabled);
    }
    return result;
}

} // namespace frostline
