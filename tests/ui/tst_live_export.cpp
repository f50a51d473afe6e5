#include <bit>
#include <limits>

#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QImage>
#include <QLocale>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include "base/number.h"
#include "plots/live_page.h"
#include "plots/metric_plot.h"
#include "sample_run.h"

using namespace frostline;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestLiveExport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_page.reset(); }
    void pngHasTheRightSize();
    void pngIsForPaperInADarkWindowToo();
    void svgHoldsTitlesAsText();
    void aLongTitleLeavesTheLegendWhole();
    void ticksStandAtWholeSteps();
    void theSelectionIsNotExported();
    void aNameIsSuggestedThatAFileCanHave();
    void pdfIsOnePicture();
    void csvReadsBackToTheSameBits();
    void csvLeavesOutWhatIsNotANumber();
    void csvHasErrorsOfTasksWithoutAccuracy();
    void copyPutsThePictureOnTheClipboard();
    void unwritablePlaceIsExplained();
    void unknownSuffixIsExplained();
    void viewIsTheSameAfterwards();

private:
    QStringList svgTexts();
    QString path(const QString& name) const { return m_folder.filePath(name); }
    static std::optional<double> cell(const QByteArray& row, qsizetype column);

    QTemporaryDir m_folder;
    std::unique_ptr<LivePage> m_page;
};

void TestLiveExport::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    QLocale::setDefault(QLocale(QLocale::German)); // files must not care
    m_page = std::make_unique<LivePage>();
    m_page->resize(900, 700);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->setTitle(QStringLiteral("fashion-shoes"));
    m_page->append(test::samplePoints(400));
    for (int epoch = 1; epoch <= 8; ++epoch)
        m_page->addEpoch(test::sampleEpoch(epoch));
    m_page->addIntervention({200, {ChangeKind::LearningRate, "", 1e-4}, Origin::User, {}});
    QCoreApplication::processEvents();
}

std::optional<double> TestLiveExport::cell(const QByteArray& row, qsizetype column)
{
    return parseNumber(row.split(',').at(column).toStdString());
}

void TestLiveExport::pngHasTheRightSize()
{
    QCOMPARE(m_page->exportTo(path(QStringLiteral("plots.png"))), QString());
    const QImage image(path(QStringLiteral("plots.png")));
    QVERIFY(!image.isNull());
    QCOMPARE(image.size(), m_page->plot().pictureSize() * 2);
}

void TestLiveExport::pngIsForPaperInADarkWindowToo()
{
    QPalette dark(QColor(50, 50, 50), QColor(50, 50, 50));
    dark.setColor(QPalette::Base, QColor(30, 30, 30));
    m_page->setPalette(dark);
    QCOMPARE(m_page->exportTo(path(QStringLiteral("dark.png"))), QString());
    QCOMPARE(QImage(path(QStringLiteral("dark.png"))).pixelColor(1, 1), QColor(Qt::white));
    QCoreApplication::processEvents();
    const QImage shown = m_page->plot().grab().toImage();
    QCOMPARE(shown.pixelColor(1, 1), QColor(30, 30, 30));
}

QStringList TestLiveExport::svgTexts()
{
    const QString error = m_page->exportTo(path(QStringLiteral("plots.svg")));
    QXmlStreamReader xml(contentOf(path(QStringLiteral("plots.svg"))));
    QStringList texts;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::Characters && !xml.isWhitespace())
            texts.append(xml.text().toString().trimmed());
    }
    return error.isEmpty() && !xml.hasError() ? texts : QStringList();
}

void TestLiveExport::svgHoldsTitlesAsText()
{
    const QString text = svgTexts().join(QLatin1Char(' '));
    for (const char* expected :
         {"Loss", "Accuracy", "Rate", "Sparsity", "Step", "fashion-shoes", "Training", "Validation"})
        QVERIFY2(text.contains(QLatin1String(expected)), expected);
}

void TestLiveExport::aLongTitleLeavesTheLegendWhole()
{
    m_page->setTitle(QString(300, QLatin1Char('m')));
    const QStringList texts = svgTexts();
    QVERIFY(texts.contains(QStringLiteral("Validation")));
    const auto title = texts.filter(QStringLiteral("mmm")).last();
    QVERIFY2(title.endsWith(QChar(0x2026)), qPrintable(title));
}

void TestLiveExport::ticksStandAtWholeSteps()
{
    m_page->clear();
    m_page->append(test::samplePoints(15));
    const QStringList texts = svgTexts();
    QVERIFY(texts.contains(QStringLiteral("10")));
    QVERIFY(!texts.contains(QStringLiteral("7,5")));
    QVERIFY(!texts.contains(QStringLiteral("12,5")));
}

void TestLiveExport::theSelectionIsNotExported()
{
    const QByteArray plain = m_page->plot().picture(PictureFormat::Png);
    m_page->selectMarker(0);
    QCOMPARE(m_page->plot().picture(PictureFormat::Png), plain);
    QCOMPARE(m_page->plot().selectedMarker(), 0);
}

void TestLiveExport::aNameIsSuggestedThatAFileCanHave()
{
    m_page->setTitle(QStringLiteral("Shoes: what is kept?"));
    m_page->exportPicture();
    auto* dialog = m_page->findChild<QFileDialog*>();
    QVERIFY(dialog);
    const auto name = [dialog] { return QFileInfo(dialog->selectedFiles().value(0)).fileName(); };
    QCOMPARE(name(), QStringLiteral("shoes-what-is-kept.png"));
    Q_EMIT dialog->filterSelected(dialog->nameFilters().at(1));
    QCOMPARE(name(), QStringLiteral("shoes-what-is-kept.svg"));
}

void TestLiveExport::pdfIsOnePicture()
{
    QCOMPARE(m_page->exportTo(path(QStringLiteral("plots.pdf"))), QString());
    const QByteArray pdf = contentOf(path(QStringLiteral("plots.pdf")));
    QVERIFY(pdf.startsWith("%PDF"));
    QVERIFY(pdf.trimmed().endsWith("%%EOF"));
    QCOMPARE(pdf.count("/Type /Page\n"), 1);
}

void TestLiveExport::csvReadsBackToTheSameBits()
{
    QCOMPARE(m_page->exportTo(path(QStringLiteral("plots.csv"))), QString());
    const auto rows = contentOf(path(QStringLiteral("plots.csv"))).trimmed().split('\n');
    QCOMPARE(rows.size(), 1 + 400 + 8);
    QCOMPARE(rows.front(), QByteArray("step,epoch,seconds,loss,accuracy,learning_rate,sparsity,"
                                      "validation_loss,validation_accuracy"));
    Step step = 0;
    int epoch = 1;
    for (const auto& row : rows.mid(1)) {
        QCOMPARE(row.count(','), 8);
        if (row.endsWith(",,")) {
            const MetricPoint point = test::samplePoint(step++);
            QCOMPARE(cell(row, 0), std::optional<double>(point.step));
            QCOMPARE(std::bit_cast<quint64>(*cell(row, 3)), std::bit_cast<quint64>(point.loss));
            QCOMPARE(std::bit_cast<quint64>(*cell(row, 4)), std::bit_cast<quint64>(point.accuracy));
            QCOMPARE(cell(row, 5), std::optional(point.learningRate));
        } else {
            const Scores scores = *test::sampleEpoch(epoch++).validation;
            QCOMPARE(std::bit_cast<quint64>(*cell(row, 7)), std::bit_cast<quint64>(scores.loss));
            QCOMPARE(std::bit_cast<quint64>(*cell(row, 8)), std::bit_cast<quint64>(scores.accuracy));
        }
    }
}

void TestLiveExport::csvLeavesOutWhatIsNotANumber()
{
    MetricPoint point = test::samplePoint(0);
    point.loss = std::numeric_limits<double>::quiet_NaN();
    m_page->clear();
    m_page->append({point});
    QCOMPARE(m_page->exportTo(path(QStringLiteral("nan.csv"))), QString());
    const auto rows = contentOf(path(QStringLiteral("nan.csv"))).trimmed().split('\n');
    QCOMPARE(rows[1].split(',')[3], QByteArray());
    QVERIFY(cell(rows[1], 4));
}

void TestLiveExport::csvHasErrorsOfTasksWithoutAccuracy()
{
    m_page->clear();
    MetricPoint point = test::samplePoint(49);
    point.accuracy = kNoFigure;
    point.mae = 0.25;
    m_page->append({point});
    auto epoch = test::sampleEpoch(1);
    epoch.validation->accuracy = kNoFigure;
    epoch.validation->mae = 0.5;
    m_page->addEpoch(epoch);
    QCOMPARE(m_page->exportTo(path(QStringLiteral("errors.csv"))), QString());
    const auto rows = contentOf(path(QStringLiteral("errors.csv"))).trimmed().split('\n');
    QVERIFY(rows[0].endsWith(",validation_accuracy,mae,validation_mae"));
    QCOMPARE(rows[1].count(','), 10);
    QCOMPARE(rows[1].split(',')[4], QByteArray());
    QCOMPARE(cell(rows[1], 9), std::optional(0.25));
    QCOMPARE(rows[2].count(','), 10);
    QCOMPARE(cell(rows[2], 10), std::optional(0.5));
}

void TestLiveExport::copyPutsThePictureOnTheClipboard()
{
    m_page->copyPicture();
    QCOMPARE(QGuiApplication::clipboard()->image().size(), m_page->plot().pictureSize() * 2);
}

void TestLiveExport::unwritablePlaceIsExplained()
{
    const QString nowhere = path(QStringLiteral("missing/plots.png"));
    const QString error = m_page->exportTo(nowhere);
    QVERIFY2(error.contains(QDir::toNativeSeparators(nowhere)), qPrintable(error));
    QVERIFY(!QFile::exists(nowhere));
}

void TestLiveExport::unknownSuffixIsExplained()
{
    const QString error = m_page->exportTo(path(QStringLiteral("plots.gif")));
    QVERIFY2(error.contains(QStringLiteral(".svg")), qPrintable(error));
    QVERIFY(!QFile::exists(path(QStringLiteral("plots.gif"))));
}

void TestLiveExport::viewIsTheSameAfterwards()
{
    const QRect area = m_page->plot().area(Metric::Loss);
    const Interval range = m_page->plot().xRange();
    QCOMPARE(m_page->exportTo(path(QStringLiteral("plots.pdf"))), QString());
    QTRY_COMPARE(m_page->plot().area(Metric::Loss), area);
    QCOMPARE(m_page->plot().xRange(), range);
    QVERIFY(m_page->plot().isFitted());
}

QTEST_MAIN(TestLiveExport)
#include "tst_live_export.moc"
