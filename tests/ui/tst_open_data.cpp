#include <QComboBox>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "assistant/open_data_dialog.h"
#include "assistant/survey_text.h"

using namespace frostline;

class TestOpenData : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
        m_root = std::make_unique<QTemporaryDir>();
    }

    void aFolderOfImagesBecomesARecipe()
    {
        addImages(QStringLiteral("cat"), 5, {40, 30});
        addImages(QStringLiteral("dog"), 3, {20, 30});
        OpenDataDialog dialog;
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        dialog.activateWindow();
        auto* open = dialog.findChild<QPushButton*>(QStringLiteral("openData"));
        QVERIFY(!open->isEnabled());
        auto* path = dialog.findChild<QLineEdit*>(QStringLiteral("dataPath"));
        path->setFocus();
        QTest::keyClicks(path, m_root->path());
        QTest::keyClick(path, Qt::Key_Tab);
        QTRY_VERIFY(open->isEnabled());
        const auto found = textOf(dialog, "dataFound");
        QVERIFY2(found.contains(QStringLiteral("8 to train on")), qPrintable(found));
        QVERIFY2(found.contains(QStringLiteral("2 classes")), qPrintable(found));
        QVERIFY2(found.contains(QStringLiteral("different sizes")), qPrintable(found));
        QVERIFY(textOf(dialog, "dataPlan").contains(QStringLiteral("from scratch")));
        QTest::mouseClick(open, Qt::LeftButton);
        QCOMPARE(dialog.result(), int(QDialog::Accepted));
        const auto& recipe = dialog.recipe();
        QCOMPARE(recipe.data.source, std::string("image_folder"));
        QCOMPARE(recipe.data.inputSize, (std::vector<std::int64_t>{128, 128}));
        QCOMPARE(recipe.data.validation.from, ValidationRecipe::From::Train);
        // What it suggests has to be a recipe that can be read back.
        const auto again = recipeFromJson(toJson(recipe), "suggested", recipe.folder);
        QVERIFY2(again, again ? "" : again.error().message.c_str());
    }

    void whatCannotBeUsedIsSaid_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("says");
        QTest::newRow("missing") << QStringLiteral("/nowhere/at/all") << QStringLiteral("does not exist");
        QTest::newRow("empty folder") << QString() << QStringLiteral("nothing to train on");
        QTest::newRow("another file") << QStringLiteral("/dev/null") << QStringLiteral("expected a folder");
    }
    void whatCannotBeUsedIsSaid()
    {
        QFETCH(QString, path);
        QFETCH(QString, says);
        OpenDataDialog dialog;
        dialog.setPath(path.isEmpty() ? m_root->path() : path);
        QTRY_VERIFY2(textOf(dialog, "dataFound").contains(says), qPrintable(textOf(dialog, "dataFound")));
        QVERIFY(!dialog.findChild<QPushButton*>(QStringLiteral("openData"))->isEnabled());
        QVERIFY(!dialog.findChild<QComboBox*>(QStringLiteral("dataBase"))->isEnabled());
    }

    void tasksWithoutAccuracyAreSuggestedAsOnesThatRun()
    {
        DataSurvey survey;
        survey.source = "tensors";
        survey.path = m_root->path().toStdString();
        survey.train = 100;
        survey.channels = 3;
        survey.height = survey.width = 32;
        for (const auto task : {Task::Values, Task::Reconstruction}) {
            survey.task = task;
            const auto recipe = suggestedRecipe(survey, std::nullopt);
            const auto again = recipeFromJson(toJson(recipe), "suggested", recipe.folder);
            QVERIFY2(again, again ? "" : again.error().message.c_str());
            QVERIFY(obstacleTo(survey).isEmpty());
        }
        survey.height = 30; // The autoencoder halves it twice.
        QVERIFY(obstacleTo(survey).contains(QStringLiteral("multiples of 4")));
    }

    void aClassWithoutImagesIsNamed()
    {
        addImages(QStringLiteral("cat"), 2, {8, 8});
        QVERIFY(QDir(m_root->path()).mkdir(QStringLiteral("dog")));
        OpenDataDialog dialog;
        dialog.setPath(m_root->path());
        QTRY_VERIFY(textOf(dialog, "dataFound").contains(QStringLiteral("dog")));
    }

private:
    void addImages(const QString& name, int count, const QSize& size) const
    {
        const QDir root(m_root->path());
        QVERIFY(root.mkpath(name));
        for (int i = 0; i < count; ++i) {
            QImage image(size, QImage::Format_RGB32);
            image.fill(QColor(10 * i, 20, 30));
            QVERIFY(image.save(root.filePath(QStringLiteral("%1/%2.png").arg(name).arg(i))));
        }
    }
    static QString textOf(const QDialog& dialog, const char* name)
    {
        return dialog.findChild<QLabel*>(QLatin1String(name))->text();
    }

    std::unique_ptr<QTemporaryDir> m_root;
};

QTEST_MAIN(TestOpenData)
#include "tst_open_data.moc"
