#include "layers/tinted_icon.h"

#include <QGuiApplication>
#include <QPainter>
#include <QPalette>
#include <QPixmap>

#include "theme/colours.h"
#include "theme/icons.h"

namespace frostline {

namespace {

QPixmap tinted(QPixmap pixmap, const QColor& colour)
{
    QPainter painter(&pixmap);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), colour);
    return pixmap;
}

} // namespace

QIcon frozenIcon(const QString& name)
{
    const QIcon plain = icon(name);
    const QPalette palette = QGuiApplication::palette();
    QIcon result;
    for (const auto& size : plain.availableSizes()) {
        const QPixmap pixmap = plain.pixmap(size);
        result.addPixmap(tinted(pixmap, frozenColour(palette)));
        result.addPixmap(tinted(pixmap, palette.color(QPalette::HighlightedText)), QIcon::Selected);
    }
    return result;
}

QIcon blankIcon()
{
    QPixmap pixmap(32, 32);
    pixmap.fill(Qt::transparent);
    return QIcon(pixmap);
}

} // namespace frostline
