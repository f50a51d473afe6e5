#pragma once

#include <QProxyStyle>

namespace frostline {

/// Fusion, with what it leaves too faint on dark put right: outlines of check boxes and radio buttons, icons
/// of docks.
class FrostStyle : public QProxyStyle {
    Q_OBJECT
public:
    FrostStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    QIcon standardIcon(StandardPixmap icon, const QStyleOption* option, const QWidget* widget) const override;
};

} // namespace frostline
