#include "theme/appearance.h"

#include <array>

#include <QApplication>
#include <QPalette>
#include <QString>
#include <QStyle>

#include "theme/frost_style.h"

namespace frostline {

namespace {

/// The few colours that a palette is made of.
struct Tones {
    QRgb window;
    QRgb base;
    QRgb alternate;
    QRgb button;
    QRgb text;
    QRgb faintText;
    QRgb highlight;
    QRgb highlightedText;
    QRgb link;
    QRgb tip;
};

constexpr Tones kLight{0xfff1f3f6, 0xffffffff, 0xfff6f8fa, 0xfff7f8fa, 0xff1c2126,
                       0xff8b939c, 0xff2f7fc1, 0xffffffff, 0xff1b66a8, 0xfffdfdf2};
constexpr Tones kDark{0xff2b2f35, 0xff1c1f23, 0xff22252a, 0xff3a3f47, 0xffe4e7eb,
                      0xff828a94, 0xff3f8fd2, 0xffffffff, 0xff7cbcf0, 0xff343941};

void setShades(QPalette& palette, const Tones& tones)
{
    const QColor button(tones.button);
    palette.setColor(QPalette::Light, button.lighter(112));
    palette.setColor(QPalette::Midlight, button.lighter(106));
    palette.setColor(QPalette::Mid, button.darker(125));
    palette.setColor(QPalette::Dark, button.darker(155));
    palette.setColor(QPalette::Shadow, QColor(0, 0, 0, 160));
}

void setDisabled(QPalette& palette, const Tones& tones)
{
    constexpr std::array kTexts{QPalette::WindowText, QPalette::Text, QPalette::ButtonText};
    for (const auto role : kTexts)
        palette.setColor(QPalette::Disabled, role, QColor(tones.faintText));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(tones.faintText));
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, QColor(tones.base));
}

QPalette paletteOf(const Tones& tones)
{
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(tones.window));
    palette.setColor(QPalette::WindowText, QColor(tones.text));
    palette.setColor(QPalette::Base, QColor(tones.base));
    palette.setColor(QPalette::AlternateBase, QColor(tones.alternate));
    palette.setColor(QPalette::Text, QColor(tones.text));
    palette.setColor(QPalette::PlaceholderText, QColor(tones.faintText));
    palette.setColor(QPalette::Button, QColor(tones.button));
    palette.setColor(QPalette::ButtonText, QColor(tones.text));
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Highlight, QColor(tones.highlight));
    palette.setColor(QPalette::HighlightedText, QColor(tones.highlightedText));
    palette.setColor(QPalette::Link, QColor(tones.link));
    palette.setColor(QPalette::LinkVisited, QColor(tones.link));
    palette.setColor(QPalette::ToolTipBase, QColor(tones.tip));
    palette.setColor(QPalette::ToolTipText, QColor(tones.text));
    setShades(palette, tones);
    setDisabled(palette, tones);
    return palette;
}

} // namespace

QString nameOf(Appearance appearance)
{
    switch (appearance) {
    case Appearance::Light:
        return QStringLiteral("light");
    case Appearance::Dark:
        return QStringLiteral("dark");
    case Appearance::System:
        break;
    }
    return QStringLiteral("system");
}

Appearance appearanceOf(const QString& name)
{
    for (const auto appearance : {Appearance::Light, Appearance::Dark}) {
        if (nameOf(appearance) == name)
            return appearance;
    }
    return Appearance::System;
}

QPalette lightPalette()
{
    return paletteOf(kLight);
}

QPalette darkPalette()
{
    return paletteOf(kDark);
}

void applyAppearance(Appearance appearance)
{
    if (!qobject_cast<FrostStyle*>(QApplication::style()))
        QApplication::setStyle(new FrostStyle);
    switch (appearance) {
    case Appearance::Light:
        QApplication::setPalette(lightPalette());
        break;
    case Appearance::Dark:
        QApplication::setPalette(darkPalette());
        break;
    case Appearance::System:
        QApplication::setPalette(QPalette());
        break;
    }
}

} // namespace frostline
