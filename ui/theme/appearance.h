#pragma once

class QPalette;
class QString;

namespace frostline {

enum class Appearance {
    System, ///< The palette that the platform gives.
    Light,
    Dark,
};

QString nameOf(Appearance appearance);
/// System where the name is unknown.
Appearance appearanceOf(const QString& name);

QPalette lightPalette();
QPalette darkPalette();

/// Sets the Fusion style and the palette of the whole application. GUI thread.
void applyAppearance(Appearance appearance);

} // namespace frostline
