#include "theme/colours.h"

#include <array>

#include <QPalette>

namespace frostline {

namespace {

QColor adapted(QRgb rgb, const QPalette& palette)
{
    const QColor colour(rgb);
    return isDark(palette) ? colour.lighter(130) : colour;
}

constexpr std::array<QRgb, 7> kSeries{0xff0072b2, 0xffd55e00, 0xff009e73, 0xffcc79a7,
                                      0xff56b4e9, 0xffe69f00, 0xff7a6f00};

} // namespace

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Base).lightnessF() < 0.5f;
}

QColor seriesColour(int index, const QPalette& palette)
{
    return adapted(kSeries[static_cast<std::size_t>(index) % kSeries.size()], palette);
}

QColor frozenColour(const QPalette& palette)
{
    return adapted(0xff2f7fc1, palette);
}

QColor trainableColour(const QPalette& palette)
{
    return adapted(0xffd55e00, palette);
}

QColor warningColour(const QPalette& palette)
{
    return adapted(0xffb3261e, palette);
}

} // namespace frostline
