#include <QTest>

#include <cmath>

#include <QTemporaryDir>
#include <QXmlStreamReader>

#include "base/file.h"
#include "base/json.h"
#include "sweep/sweep_record.h"
#include "sweep/sweep_table.h"

using namespace frostline;

namespace {

SweepRunRecord run(std::uint64_t seed, double validation, std::optional<double> test = {})
{
    SweepFigures figures;
    figures.bestEpoch = 2;
    figures.validation = Scores{.loss = 1.0 - validation, .accuracy = validation};
    if (test)
        figures.test = Scores{.loss = 1.0 - *test, .accuracy = *test};
    figures.seconds = 2.0 + static_cast<double>(seed);
    figures.trainableShare = 0.25;
    SweepRunRecord made;
    made.seed = seed;
    made.state = SweepState::Finished;
    made.session = "session-" + std::to_string(seed);
    made.figures = figures;
    return made;
}

/// Two depths and two seeds each; the deeper one is better by validation, the other by test.
SweepRecord record()
{
    SweepRecord made;
    made.name = "trial";
    made.created = "2026-11-21T16:30:05Z";
    made.plan = {{"seeds", 2}};
    made.threads = 2;
    made.points.push_back({{1, "head", {{"data.classes", "[\"a\",\"b\"]"}, {"batch_size", "8"}}},
                           {run(1, 0.5, 0.75), run(2, 0.75, 0.75)}});
    made.points.push_back({{2, "block1", {{"data.classes", "[\"a\",\"b\"]"}, {"batch_size", "8"}}},
                           {run(1, 0.75, 0.5), run(2, 0.75, 0.5)}});
    return made;
}

QString asText(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

class TestSweepRecord : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isReadBackAsItWasSaved()
    {
        const QTemporaryDir folder;
        auto saved = record();
        saved.points[0].runs[1] = {};
        saved.points[1].runs[0].state = SweepState::Failed;
        saved.points[1].runs[0].error = "step 3: loss is not finite";
        QVERIFY(saveSweep(saved, folder.path().toStdString()));
        const auto loaded = loadSweep(folder.path().toStdString());
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QCOMPARE(asText(jsonText(toJson(*loaded))), asText(jsonText(toJson(saved))));
        QVERIFY(loaded->points[0].place == saved.points[0].place);
        QCOMPARE(loaded->runsIn(SweepState::Finished), std::size_t{2});
        QCOMPARE(loaded->runs(), std::size_t{4});
    }

    void damageIsNamedWithItsPlace_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        QTest::newRow("newer") << "/frostline"
                               << R"("sweep/2")"
                               << "/frostline: expected \"sweep/1\"";
        QTest::newRow("no points") << "/points"
                                   << "[]"
                                   << "/points: a sweep has at least one point";
        QTest::newRow("points of text") << "/points"
                                        << R"("none")"
                                        << "/points: expected a list";
        QTest::newRow("no runs") << "/points/0/runs"
                                 << "[]"
                                 << "/points/0/runs: a point has a run";
        QTest::newRow("a state") << "/points/1/runs/0/state"
                                 << R"("done")"
                                 << "/points/1/runs/0/state: unknown";
        QTest::newRow("no figures") << "/points/0/runs/0/figures"
                                    << "null"
                                    << "/points/0/runs/0/figures: a run";
        QTest::newRow("outside") << "/points/0/runs/0/session"
                                 << R"("../x")"
                                 << "/points/0/runs/0/session: expected the name of a folder";
        QTest::newRow("itself") << "/points/0/runs/0/session"
                                << R"(".")"
                                << "/points/0/runs/0/session: expected the name of a folder";
        QTest::newRow("above") << "/points/0/runs/0/session"
                               << R"("..")"
                               << "/points/0/runs/0/session: expected the name of a folder";
        QTest::newRow("a share") << "/points/0/runs/0/figures/trainable_share"
                                 << "2"
                                 << "trainable_share: expected a number from 0 to 1";
        QTest::newRow("a depth") << "/points/0/depth"
                                 << "0"
                                 << "/points/0/lowest: goes with a depth";
        QTest::newRow("values") << "/points/0/values/batch_size"
                                << "8"
                                << "/points/0/values: expected a text";
        QTest::newRow("plan") << "/plan"
                              << "3"
                              << "/plan: expected an object";
        QTest::newRow("a key") << "/point"
                               << "3"
                               << "/point: unknown key; did you mean \"points\"?";
    }
    void damageIsNamedWithItsPlace()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, says);
        auto json = toJson(record());
        json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        const auto read = sweepFromJson(json, "sweep.json");
        QVERIFY(!read);
        QVERIFY2(asText(read.error().message).contains(says), read.error().message.c_str());
    }
    void aTornFileIsAnError()
    {
        const QTemporaryDir folder;
        const auto text = jsonText(toJson(record()));
        QVERIFY(writeFile(folder.filePath(QStringLiteral("sweep.json")).toStdString(),
                          std::string_view(text).substr(0, text.size() / 2)));
        const auto loaded = loadSweep(folder.path().toStdString());
        QVERIFY(!loaded);
        QVERIFY2(asText(loaded.error().message).contains(QStringLiteral("sweep.json")),
                 loaded.error().message.c_str());
    }

    void meansAndDeviationsAreOverSeeds()
    {
        const auto made = record();
        const auto table = tableOf(made);
        const auto& first = table.rows[0];
        QCOMPARE(first.validation.count, 2);
        QCOMPARE(first.validation.mean, 0.625);
        QCOMPARE(first.validation.deviation, 0.25 / std::sqrt(2.0));
        QCOMPARE(first.seconds.mean, 3.5);
        QCOMPARE(table.rows[1].test.mean, 0.5);
        QCOMPARE(table.rows[1].test.deviation, 0.0);
    }
    /// The test figures say otherwise, and do not decide.
    void theBestIsByValidation()
    {
        auto made = record();
        QCOMPARE(tableOf(made).best()->point->place.depth, 2);
        made.points[1].runs[1].state = SweepState::Stopped;
        QCOMPARE(tableOf(made).best()->point->place.depth, 1);
        made.points[0].runs[0].state = SweepState::Failed;
        QVERIFY(!tableOf(made).best());
    }
    void withoutAccuracyTheLeastLossIsBest()
    {
        auto made = record();
        double loss = 0.5;
        for (auto& point : made.points) {
            for (auto& each : point.runs)
                each.figures->validation = Scores{.loss = loss += 0.25, .accuracy = kNoFigure};
        }
        const auto table = tableOf(made);
        QVERIFY(!table.byAccuracy);
        QCOMPARE(table.best()->point->place.depth, 1);
        QCOMPARE(table.rows[0].validation.mean, 0.875);
        QVERIFY(asText(sweepText(made)).contains(QStringLiteral("0.8750 +/- 0.1768")));
    }

    void textHasARowForEachPoint()
    {
        auto made = record();
        const QStringList lines = asText(sweepText(made)).split(u'\n');
        QCOMPARE(lines[1].simplified(),
                 QStringLiteral("1 head [\"a\",\"b\"] 8 2 62.50 +/- 17.68 75.00 +/- 0.00 3.5 +/- 0.7 25.0"));
        QCOMPARE(
            lines[2].simplified(),
            QStringLiteral("* 2 block1 [\"a\",\"b\"] 8 2 75.00 +/- 0.00 50.00 +/- 0.00 3.5 +/- 0.7 25.0"));
        for (auto& point : made.points) {
            for (auto& each : point.runs)
                each.figures->test.reset();
        }
        made.points[0].runs[1].state = SweepState::Failed;
        const auto text = asText(sweepText(made)).simplified();
        QVERIFY2(text.contains(QStringLiteral("8 1 of 2 50.00 - 3.0 25.0")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("no test split apart from validation")), qPrintable(text));
    }
    void csvQuotesAndKeepsAllDigits()
    {
        const QStringList lines = asText(sweepCsv(record())).split(QStringLiteral("\r\n"));
        QCOMPARE(lines[0],
                 QStringLiteral("depth,lowest,data.classes,batch_size,seeds,validation_accuracy_mean,"
                                "validation_accuracy_deviation,test_accuracy_mean,"
                                "test_accuracy_deviation,seconds_mean,seconds_deviation,"
                                "trainable_share,best"));
        QCOMPARE(lines[2], QStringLiteral("2,block1,\"[\"\"a\"\",\"\"b\"\"]\",8,2,0.75,0,0.5,0,3.5,"
                                          "0.7071067811865476,0.25,1"));
    }
    void thePictureIsWellFormed()
    {
        const auto svg = asText(sweepSvg(record()));
        QXmlStreamReader reader(svg);
        int bars = 0;
        int circles = 0;
        while (!reader.atEnd()) {
            reader.readNext();
            bars += reader.attributes().value(QStringLiteral("class")) == QStringLiteral("bar");
            circles += reader.isStartElement() && reader.name() == QStringLiteral("circle");
        }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QCOMPARE(bars, 3); // Validation of one point and the time of both: what does not vary has none.
        QCOMPARE(circles, 8);
        QVERIFY(svg.contains(QStringLiteral("Best by validation: depth 2 (block1)")));
        QVERIFY(svg.contains(QStringLiteral(">1 head</text>")));
        SweepRecord none = record();
        for (auto& point : none.points) {
            for (auto& each : point.runs)
                each = {};
        }
        QCOMPARE(asText(sweepSvg(none)), QString());
    }
};

QTEST_APPLESS_MAIN(TestSweepRecord)

#include "tst_sweep_record.moc"
