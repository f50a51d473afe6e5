#include <QTemporaryDir>
#include <QTest>

#include <cmath>

#include "core/run_witness.h"
#include "evaluation/evaluate.h"
#include "fashion_recipe.h"
#include "session/session_store.h"
#include "training/run.h"

using namespace frostline;

using tests::Witness;

namespace {

/// Three classes; the second is never told right, the third never taken for anything.
Evaluation someEvaluation()
{
    Evaluation evaluation;
    evaluation.classNames = {"a", "b", "c"};
    evaluation.labels = {0, 0, 0, 1, 1, 2};
    evaluation.predicted = {0, 0, 1, 0, 0, 1};
    evaluation.losses = {0.1f, 0.2f, 2.0f, 1.0f, 3.0f, 2.0f};
    evaluation.samples = {0, 1, 2, 3, 4, 5};
    return evaluation;
}

} // namespace

class TestEvaluation : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::unique_ptr<Run> prepared(const Recipe& recipe) const
    {
        RunOptions options;
        options.threads = 1;
        options.sessionsFolder = m_folder.path().toStdString();
        auto run = Run::prepare(recipe, options);
        if (!run)
            qFatal("%s", run.error().message.c_str());
        return std::move(*run);
    }

private Q_SLOTS:
    void confusionByHand()
    {
        const auto evaluation = someEvaluation();
        QCOMPARE(confusionOf(evaluation), (std::vector<std::int64_t>{2, 1, 0, 2, 0, 0, 0, 1, 0}));
        const auto figures = classFiguresOf(evaluation);
        QCOMPARE(figures[0].precision, 0.5);
        QCOMPARE(figures[0].recall, 2.0 / 3.0);
        QCOMPARE(figures[1].precision, 0.0);
        QCOMPARE(figures[1].recall, 0.0);
        QVERIFY(std::isnan(figures[2].precision));
        QCOMPARE(figures[2].samples, std::int64_t{1});
    }
    void mistakesMostFrequentFirst()
    {
        const auto mistakes = mistakesOf(someEvaluation(), 2);
        QCOMPARE(mistakes.size(), std::size_t{2});
        QCOMPARE(mistakes[0].label, std::int64_t{1});
        QCOMPARE(mistakes[0].predicted, std::int64_t{0});
        QCOMPARE(mistakes[0].samples, std::int64_t{2});
        QCOMPARE(mistakes[1].label, std::int64_t{0});
    }
    void worstFirst()
    {
        QCOMPARE(worstOf(someEvaluation(), 3), (std::vector<std::size_t>{4, 2, 5}));
        auto values = someEvaluation();
        values.task = Task::Values;
        values.labels.clear();
        values.predicted.clear();
        QCOMPARE(worstOf(values, 9), (std::vector<std::size_t>{4, 2, 5, 3, 1, 0}));
    }
    void splitsByName()
    {
        QVERIFY(splitOf("test") == Split::Test);
        QVERIFY(!splitOf("tset"));
    }
    void finalWeightsGiveWhatWasRecorded_data()
    {
        QTest::addColumn<bool>("frozen");
        QTest::newRow("all trainable") << false;
        QTest::newRow("a frozen base, its output kept") << true;
    }
    void finalWeightsGiveWhatWasRecorded()
    {
        QFETCH(bool, frozen);
        auto recipe = tests::fashionRecipe();
        if (frozen)
            recipe.layers.push_back({"block*", false, {}, {}, {}});
        const auto run = prepared(recipe);
        Witness witness;
        const auto session = run->execute(witness, {});
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        const auto& recorded = *session->epochs.back().validation;
        const auto here = run->evaluate({});
        QVERIFY2(here, here ? "" : here.error().message.c_str());
        const auto saved = evaluateSession(run->sessionFolder(), {}, {});
        QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
        for (const auto* evaluation : {&*here, &*saved}) {
            QCOMPARE(evaluation->scores.loss, recorded.loss);
            QCOMPARE(evaluation->scores.accuracy, recorded.accuracy);
            QCOMPARE(evaluation->step, session->summary.steps);
            QCOMPARE(evaluation->size(), std::size_t{40});
        }
        QCOMPARE(here->outputs, saved->outputs);
        // Data that are there already are used.
        EvaluationOptions options;
        options.data = run->data();
        QCOMPARE(evaluateSession(run->sessionFolder(), {}, options)->outputs, saved->outputs);
    }
    void stopsWithinOneBatch()
    {
        auto recipe = tests::fashionRecipe();
        recipe.data.trainLimit = 200;
        const auto run = prepared(recipe);
        std::stop_source stop;
        EvaluationRequest request;
        request.split = Split::Train;
        request.progress = [&stop](std::int64_t, std::int64_t) { stop.request_stop(); };
        const auto evaluation = run->evaluate(request, stop.get_token());
        QVERIFY(evaluation);
        QVERIFY(evaluation->isStopped);
        QCOMPARE(evaluation->size(), std::size_t{256});
    }
};

QTEST_APPLESS_MAIN(TestEvaluation)
#include "tst_evaluation.moc"
