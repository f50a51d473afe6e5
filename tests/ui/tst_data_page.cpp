#include <memory>

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "data/class_chart.h"
#include "data/data_page.h"
#include "data/image_grid_model.h"
#include "data/sample_picture.h"

using namespace frostline;

namespace {

/// Images of one grey each, classes in turn.
DataSet imageSet(int count, int channels, int extent = 4)
{
    DataSet images;
    images.channels = channels;
    images.height = extent;
    images.width = extent;
    images.classNames = {"boot", "bag", "shirt"};
    for (int i = 0; i < count; ++i) {
        images.labels.push_back(i % 3);
        images.pixels.insert(images.pixels.end(), images.sampleSize(), static_cast<std::uint8_t>(i));
    }
    return images;
}

std::shared_ptr<const DataSplits> splits(int train, int validation, int test)
{
    auto data = std::make_shared<DataSplits>();
    data->train = imageSet(train, 1);
    data->validation = imageSet(validation, 1);
    data->test = imageSet(test, 1);
    return data;
}

} // namespace

class TestDataPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    }

    void pictureKeepsColours()
    {
        DataSet images = imageSet(1, 3, 2);
        for (std::size_t i = 0; i < images.pixels.size(); ++i)
            images.pixels[i] = static_cast<std::uint8_t>(10 * i);
        // Planes of four: red 0.., green 40.., blue 80..
        const auto picture = pictureOf(images, 0);
        QCOMPARE(picture.pixelColor(0, 0), QColor(0, 40, 80));
        QCOMPARE(picture.pixelColor(1, 1), QColor(30, 70, 110));
    }

    void modelFiltersByClass()
    {
        ImageGridModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setImages(std::make_shared<DataSet>(imageSet(10, 1)));
        QCOMPARE(model.rowCount(), 10);
        model.setClassFilter(1);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("bag"));
        QCOMPARE(model.index(1, 0).data(Qt::DecorationRole).value<QImage>().pixelColor(0, 0),
                 QColor(4, 4, 4));
        model.setClassFilter(ImageGridModel::kAllClasses);
        QCOMPARE(model.rowCount(), 10);
    }

    void saysWhatIsLoaded()
    {
        DataPage page;
        auto* text = page.findChild<QLabel*>(QStringLiteral("dataDescription"));
        page.setData(splits(9, 6, 3), Recipe{});
        QCOMPARE(text->text(), QStringLiteral("9 images, 3 classes, 4 × 4, grey"));
        page.clear(QStringLiteral("gone"));
        QCOMPARE(text->text(), QStringLiteral("gone"));
    }

    void clickingSplitsAndClassesChangesTheGrid()
    {
        DataPage page;
        page.resize(700, 500);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        page.setData(splits(9, 6, 0), Recipe{});
        auto* model = page.findChild<QListView*>(QStringLiteral("imageGrid"))->model();
        QCOMPARE(model->rowCount(), 9);
        QTest::mouseClick(page.findChild<QToolButton*>(QStringLiteral("split1")), Qt::LeftButton);
        QCOMPARE(model->rowCount(), 6);
        QVERIFY(!page.findChild<QToolButton*>(QStringLiteral("split2"))->isEnabled());
        auto* classes = page.findChild<QComboBox*>(QStringLiteral("classFilter"));
        QTest::keyClick(classes, Qt::Key_Down);
        QCOMPARE(classes->currentText(), QStringLiteral("boot"));
        QCOMPARE(model->rowCount(), 2);
        auto* chart = page.findChild<ClassChart*>();
        QTest::mouseClick(chart, Qt::LeftButton, {}, QPoint(20, chart->sizeHint().height() / 2));
        QCOMPARE(classes->currentText(), QStringLiteral("bag"));
    }

    void sixtyThousandImagesStaySmooth()
    {
        DataPage page;
        page.resize(1000, 700);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        auto data = std::make_shared<DataSplits>();
        data->train = imageSet(60'000, 1, 28);
        QElapsedTimer timer;
        timer.start();
        page.setData(data, Recipe{});
        page.grab();
        QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));

        // Laying out goes on in portions; none of them may hold the window up.
        auto* grid = page.findChild<QListView*>(QStringLiteral("imageGrid"));
        qint64 longest = 0;
        QTimer heartbeat;
        connect(&heartbeat, &QTimer::timeout, this, [&] { longest = std::max(longest, timer.restart()); });
        timer.restart();
        heartbeat.start(0);
        const auto last = grid->model()->index(grid->model()->rowCount() - 1, 0);
        QTRY_VERIFY_WITH_TIMEOUT(grid->visualRect(last).isValid(), 20'000);
        grid->scrollTo(last);
        page.grab();
        QVERIFY2(longest < 100, qPrintable(QString::number(longest)));
        qInfo("longest portion %lld ms", longest);
    }
    void samplesAreShownAsTheNetworkSeesThem()
    {
        DataPage page;
        Recipe recipe;
        recipe.data.inputSize = {8, 8};
        recipe.data.augment.brightness = 1.0;
        page.setData(splits(9, 6, 3), recipe);
        auto* augmented = page.findChild<QCheckBox*>(QStringLiteral("augmented"));
        auto* again = page.findChild<QToolButton*>(QStringLiteral("augmentAgain"));
        const auto* model = page.findChild<QListView*>(QStringLiteral("imageGrid"))->model();
        const auto pictureAt = [model](int row) {
            return model->index(row, 0).data(Qt::DecorationRole).value<QImage>();
        };
        const auto stored = pictureAt(8);
        QVERIFY(augmented->isEnabled());
        QVERIFY(!again->isEnabled());
        augmented->click();
        QTRY_COMPARE(pictureAt(8).size(), QSize(8, 8)); // Made on another thread.
        const auto first = pictureAt(8);
        again->click();
        QTRY_VERIFY(!pictureAt(8).isNull());
        QVERIFY(pictureAt(8) != first);
        augmented->click();
        QCOMPARE(pictureAt(8), stored);
        page.findChild<QToolButton*>(QStringLiteral("split1"))->click();
        QVERIFY(!augmented->isEnabled());
    }

    void aPatchIsAPictureOfItsSound()
    {
        DataSet set;
        set.height = 4; // frames
        set.width = 2;  // bands
        set.labels = {0};
        set.classNames = {"all"};
        set.clips = {0};
        set.values = {0.0F, 1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F, 7.0F};
        const auto picture = pictureOf(set, 0);
        QCOMPARE(picture.size(), QSize(4, 2)); // Time runs to the right, the lower band is below.
        QCOMPARE(qGray(picture.pixel(0, 1)), 0);
        QCOMPARE(qGray(picture.pixel(3, 0)), 255);
    }
};

QTEST_MAIN(TestDataPage)
#include "tst_data_page.moc"
