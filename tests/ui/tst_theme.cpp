#include <array>

#include <QApplication>
#include <QDir>
#include <QPalette>
#include <QStyle>
#include <QTest>

#include "theme/appearance.h"
#include "theme/colours.h"
#include "theme/icons.h"

using namespace frostline;

namespace {

double luminance(const QColor& colour)
{
    const auto linear = [](double v) {
        return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
}

/// WCAG 2 contrast ratio.
double contrast(const QColor& first, const QColor& second)
{
    const auto [low, high] = std::minmax({luminance(first), luminance(second)});
    return (high + 0.05) / (low + 0.05);
}

} // namespace

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void namesReadBack_data()
    {
        QTest::addColumn<Appearance>("appearance");
        QTest::newRow("system") << Appearance::System;
        QTest::newRow("light") << Appearance::Light;
        QTest::newRow("dark") << Appearance::Dark;
    }
    void namesReadBack()
    {
        QFETCH(Appearance, appearance);
        QCOMPARE(appearanceOf(nameOf(appearance)), appearance);
        QCOMPARE(appearanceOf(QStringLiteral("mauve")), Appearance::System);
    }

    void palettesAreReadable_data()
    {
        QTest::addColumn<QPalette>("palette");
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << lightPalette() << false;
        QTest::newRow("dark") << darkPalette() << true;
    }
    void palettesAreReadable()
    {
        QFETCH(QPalette, palette);
        QFETCH(bool, dark);
        QCOMPARE(isDark(palette), dark);
        constexpr std::array kPairs{std::pair{QPalette::WindowText, QPalette::Window},
                                    std::pair{QPalette::Text, QPalette::Base},
                                    std::pair{QPalette::Text, QPalette::AlternateBase},
                                    std::pair{QPalette::ButtonText, QPalette::Button},
                                    std::pair{QPalette::ToolTipText, QPalette::ToolTipBase}};
        for (const auto& [text, ground] : kPairs)
            QVERIFY(contrast(palette.color(text), palette.color(ground)) > 7.0);
        QVERIFY(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) > 3.0);
        QVERIFY(contrast(palette.color(QPalette::PlaceholderText), palette.color(QPalette::Base)) > 3.0);
    }

    void switchingRedrawsIcons()
    {
        applyAppearance(Appearance::Light);
        QCOMPARE(QApplication::style()->objectName(), QStringLiteral("fusion"));
        const auto light = icon(QStringLiteral("play")).pixmap(24).toImage().pixelColor(12, 12);
        applyAppearance(Appearance::Dark);
        QVERIFY(isDark(QApplication::palette()));
        const auto dark = icon(QStringLiteral("play")).pixmap(24).toImage().pixelColor(12, 12);
        QVERIFY(dark.lightnessF() > light.lightnessF());
        applyAppearance(Appearance::System);
    }

    void everyIconDraws_data()
    {
        QTest::addColumn<QString>("name");
        const auto files = QDir(QStringLiteral(":/icons")).entryList();
        QVERIFY(files.size() > 40);
        for (const auto& file : files)
            QTest::newRow(qPrintable(file)) << file.chopped(4);
    }
    void everyIconDraws()
    {
        QFETCH(QString, name);
        const auto image = icon(name).pixmap(24).toImage();
        QCOMPARE(image.size(), QSize(24, 24));
        bool drawn = false;
        for (int y = 0; y < 24; ++y) {
            for (int x = 0; x < 24; ++x)
                drawn = drawn || image.pixelColor(x, y).alpha() > 128;
        }
        QVERIFY(drawn);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
