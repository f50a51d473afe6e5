#include <QTest>

#include <array>
#include <cmath>
#include <functional>
#include <ranges>

#include "data/augment.h"

using namespace frostline;

namespace {

using Bytes = std::vector<std::uint8_t>;

ImageView view(Bytes& bytes, int channels, int height, int width)
{
    return {bytes, channels, height, width};
}

/// One pixel of three channels after `change`.
Bytes pixel(Bytes colour, const std::function<void(const ImageView&)>& change)
{
    change(view(colour, 3, 1, 1));
    return colour;
}

Bytes numbered(std::size_t count)
{
    Bytes bytes(count);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 37 + i / 5);
    return bytes;
}

AugmentRecipe everything()
{
    AugmentRecipe augment;
    augment.flip = 0.5;
    augment.shift = 2;
    augment.brightness = 0.4;
    augment.contrast = 0.4;
    augment.saturation = 0.4;
    augment.hue = 0.1;
    return augment;
}

} // namespace

class TestAugment : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shiftFillsWithZero_data()
    {
        QTest::addColumn<int>("down");
        QTest::addColumn<int>("right");
        QTest::addColumn<Bytes>("expected");
        QTest::newRow("not at all") << 0 << 0 << Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9};
        QTest::newRow("down and right") << 1 << 1 << Bytes{0, 0, 0, 0, 1, 2, 0, 4, 5};
        QTest::newRow("up and left") << -1 << -1 << Bytes{5, 6, 0, 8, 9, 0, 0, 0, 0};
        QTest::newRow("right") << 0 << 2 << Bytes{0, 0, 1, 0, 0, 4, 0, 0, 7};
        QTest::newRow("left") << 0 << -1 << Bytes{2, 3, 0, 5, 6, 0, 8, 9, 0};
        QTest::newRow("down") << 2 << 0 << Bytes{0, 0, 0, 0, 0, 0, 1, 2, 3};
        QTest::newRow("out of the picture") << 0 << 3 << Bytes(9, 0);
    }
    void shiftFillsWithZero()
    {
        QFETCH(int, down);
        QFETCH(int, right);
        QFETCH(Bytes, expected);
        Bytes image{1, 2, 3, 4, 5, 6, 7, 8, 9};
        shiftImage(view(image, 1, 3, 3), down, right);
        QCOMPARE(image, expected);
    }
    void flipTurnsEveryRowOfEveryChannel()
    {
        Bytes image{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        flipImage(view(image, 2, 2, 3));
        QCOMPARE(image, (Bytes{3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10}));
    }
    void brightness()
    {
        Bytes darker{0, 100, 201, 255};
        adjustBrightness(view(darker, 1, 2, 2), 0.5);
        QCOMPARE(darker, (Bytes{0, 50, 100, 127}));
        Bytes brighter{0, 100, 201, 255};
        adjustBrightness(view(brighter, 1, 2, 2), 1.5);
        QCOMPARE(brighter, (Bytes{0, 150, 255, 255}));
    }
    void contrast()
    {
        Bytes less{0, 100, 200};
        adjustContrast(view(less, 1, 1, 3), 0.5);
        QCOMPARE(less, (Bytes{50, 100, 150}));
        Bytes more{0, 100, 200};
        adjustContrast(view(more, 1, 1, 3), 2.0);
        QCOMPARE(more, (Bytes{0, 100, 255}));
        // Red as grey is 76.2, blue 29.1: the mean of their bytes is 52.5.
        Bytes colours{255, 0, 0, 0, 0, 255};
        adjustContrast(view(colours, 3, 1, 2), 0.0);
        QCOMPARE(colours, Bytes(6, 52));
    }
    void saturation()
    {
        const auto by = [](double factor) {
            return [factor](const ImageView& image) { adjustSaturation(image, factor); };
        };
        QCOMPARE(pixel({255, 0, 0}, by(0.0)), Bytes(3, 76));
        // Its grey is 124: 2 * 200 - 124, 2 * 100 - 124, 2 * 50 - 124.
        QCOMPARE(pixel({200, 100, 50}, by(2.0)), (Bytes{255, 76, 0}));
        Bytes grey{7, 8, 9};
        adjustSaturation(view(grey, 1, 1, 3), 0.0);
        QCOMPARE(grey, (Bytes{7, 8, 9}));
    }
    void hue()
    {
        const auto by = [](double turn) {
            return [turn](const ImageView& image) { adjustHue(image, turn); };
        };
        QCOMPARE(pixel({255, 0, 0}, by(1.0 / 3.0)), (Bytes{0, 255, 0}));
        QCOMPARE(pixel({255, 0, 0}, by(-1.0 / 3.0)), (Bytes{0, 0, 255}));
        QCOMPARE(pixel({255, 0, 0}, by(0.5)), (Bytes{0, 255, 255}));
        QCOMPARE(pixel({255, 255, 0}, by(0.5)), (Bytes{0, 0, 255}));
        QCOMPARE(pixel({99, 99, 99}, by(0.3)), Bytes(3, 99));
        // Half of red's saturation stays, and so does its value.
        QCOMPARE(pixel({200, 100, 100}, by(1.0 / 3.0)), (Bytes{100, 200, 100}));
    }
    void nothingChangesAtRest()
    {
        const auto before = numbered(3 * 16);
        auto image = before;
        const auto all = view(image, 3, 4, 4);
        adjustBrightness(all, 1.0);
        adjustContrast(all, 1.0);
        adjustSaturation(all, 1.0);
        adjustHue(all, 0.0);
        QCOMPARE(image, before);
    }
    void cropsAreWithinTheirBounds()
    {
        RandomStream random(3);
        constexpr int kDraws = 2000;
        double shares = 0.0;
        double logAspects = 0.0;
        double centers = 0.0;
        for (int i = 0; i < kDraws; ++i) {
            const auto box = randomCrop(random, 200, 200, 0.25);
            QVERIFY(box.top >= 0 && box.left >= 0 && box.top + box.height <= 200 &&
                    box.left + box.width <= 200);
            const double share = box.height * box.width / 40000.0;
            const double aspect = static_cast<double>(box.width) / box.height;
            QVERIFY2(share > 0.24 && share <= 1.0, qPrintable(QString::number(share)));
            QVERIFY2(aspect > 0.74 && aspect < 1.35, qPrintable(QString::number(aspect)));
            shares += share / kDraws;
            logAspects += std::log(aspect) / kDraws;
            centers += (box.left + box.width / 2.0) / kDraws;
        }
        // Crops of nearly everything fit only where they are nearly square: a little under the mean of 0.625.
        QVERIFY2(shares > 0.55 && shares < 0.62, qPrintable(QString::number(shares)));
        QVERIFY(std::abs(logAspects) < 0.02);
        QVERIFY(std::abs(centers - 100.0) < 2.0);
    }
    void whereNoCropFitsTheMiddleIsTaken()
    {
        RandomStream random(1);
        QCOMPARE(randomCrop(random, 10, 100, 1.0), (CropBox{0, 43, 10, 13}));
        QCOMPARE(randomCrop(random, 100, 10, 1.0), (CropBox{43, 0, 13, 10}));
    }
    void masksCoverABand()
    {
        std::vector<float> patch(12, 1.0f);
        const PatchView view{patch, 1, 3, 4};
        maskFrames(view, 1, 1, 5.0f);
        maskFrequencies(view, 2, 2, 7.0f);
        QCOMPARE(patch, (std::vector<float>{1, 1, 7, 7, 5, 5, 7, 7, 1, 1, 7, 7}));
    }
    void masksAreDrawn()
    {
        AugmentRecipe augment;
        augment.timeMask = 4;
        augment.frequencyMask = 3;
        RandomStream random(5);
        std::array<int, 5> frames{};
        std::array<int, 4> frequencies{};
        for (int i = 0; i < 1000; ++i) {
            std::vector<float> patch(96, 0.0f);
            patch[0] = 96.0f; // The mean of the patch is 1, which no value has.
            const PatchView view{patch, 1, 12, 8};
            augmentPatch(view, augment, random);
            const auto isMasked = [](float value) { return value == 1.0f; };
            int wholeRows = 0;
            for (int y = 0; y < 12; ++y)
                wholeRows += std::ranges::all_of(view.row(0, y), isMasked) ? 1 : 0;
            const auto shown = std::ranges::find_if(std::views::iota(0, 12), [&](int y) {
                return !std::ranges::all_of(view.row(0, y), isMasked);
            });
            ++frames.at(static_cast<std::size_t>(wholeRows));
            ++frequencies.at(static_cast<std::size_t>(std::ranges::count_if(view.row(0, *shown), isMasked)));
        }
        for (const int count : frames)
            QVERIFY2(count > 150 && count < 250, qPrintable(QString::number(count)));
        for (const int count : frequencies)
            QVERIFY2(count > 200 && count < 300, qPrintable(QString::number(count)));
    }
    void drawsAreSpreadEvenly()
    {
        AugmentRecipe shift;
        shift.shift = 1;
        AugmentRecipe flip;
        flip.flip = 0.25;
        AugmentRecipe brightness;
        brightness.brightness = 0.5;
        std::array<int, 9> places{};
        int flipped = 0;
        double light = 0.0;
        RandomStream random(2);
        for (int i = 0; i < 9000; ++i) {
            Bytes dot{0, 0, 0, 0, 1, 0, 0, 0, 0};
            augmentImage(view(dot, 1, 3, 3), shift, random);
            ++places.at(static_cast<std::size_t>(std::ranges::find(dot, 1) - dot.begin()));
            Bytes pair{1, 2};
            augmentImage(view(pair, 1, 1, 2), flip, random);
            flipped += pair[0] == 2 ? 1 : 0;
            Bytes grey{100};
            augmentImage(view(grey, 1, 1, 1), brightness, random);
            QVERIFY(grey[0] >= 50 && grey[0] < 150);
            light += grey[0] / 9000.0;
        }
        for (const int count : places)
            QVERIFY2(count > 880 && count < 1120, qPrintable(QString::number(count)));
        QVERIFY(flipped > 2100 && flipped < 2400);
        QVERIFY2(light > 98.5 && light < 100.5, qPrintable(QString::number(light)));
    }
    void sameSeedSameBytes()
    {
        const auto drawn = [](std::uint64_t seed) {
            auto image = numbered(3 * 64);
            RandomStream random(seed);
            augmentImage(view(image, 3, 8, 8), everything(), random);
            return image;
        };
        QCOMPARE(drawn(1), drawn(1));
        QVERIFY(drawn(1) != drawn(2));
    }
    void roundsOfEpochs()
    {
        auto augment = everything();
        QCOMPARE(roundOf(augment, 1), 0);
        QCOMPARE(roundOf(augment, 7), 6);
        augment.views = 3;
        QCOMPARE(roundOf(augment, 3), 2);
        QCOMPARE(roundOf(augment, 4), 0);
        QCOMPARE(roundOf({}, 7), 0);
    }
};

QTEST_APPLESS_MAIN(TestAugment)
#include "tst_augment.moc"
