#include "theme/frost_style.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

#include "theme/colours.h"
#include "theme/icons.h"

namespace frostline {

FrostStyle::FrostStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{
    setObjectName(QStringLiteral("fusion"));
}

void FrostStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool isRound = element == PE_IndicatorRadioButton;
    if ((element != PE_IndicatorCheckBox && !isRound) || !isDark(option->palette))
        return;
    painter->save();
    painter->setPen(option->palette.color(QPalette::PlaceholderText));
    painter->setBrush(Qt::NoBrush);
    const auto outline = option->rect.adjusted(0, 0, -1, -1);
    if (isRound) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->drawEllipse(QRectF(outline));
    } else {
        painter->drawRect(outline);
    }
    painter->restore();
}

QIcon FrostStyle::standardIcon(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const
{
    if (pixmap == SP_TitleBarCloseButton)
        return icon(QStringLiteral("close"));
    if (pixmap == SP_TitleBarNormalButton)
        return icon(QStringLiteral("float"));
    return QProxyStyle::standardIcon(pixmap, option, widget);
}

} // namespace frostline
