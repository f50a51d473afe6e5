#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include "fashion_recipe.h"
#include "results/confusion_view.h"
#include "results/results_panel.h"
#include "training/run.h"

using namespace frostline;

class TestResults : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_sessions.isValid());
        RunOptions options;
        options.threads = 1;
        options.sessionsFolder = m_sessions.path().toStdString();
        auto run = Run::prepare(tests::fashionRecipe(), options);
        QVERIFY2(run, run ? "" : run.error().message.c_str());
        RunObserver nobody;
        const auto session = (*run)->execute(nobody, {});
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        m_accuracy = session->epochs.back().validation->accuracy;
        m_folder = QString::fromStdString((*run)->sessionFolder().string());
        m_data = (*run)->data();
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    }

    void aCellIsChosenByMouseAndKeys()
    {
        ConfusionView view;
        view.setMatrix({QStringLiteral("a"), QStringLiteral("b")}, {8, 2, 1, 9});
        view.resize(view.sizeHint());
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy chosen(&view, &ConfusionView::cellChosen);
        // The lower right corner of the matrix lies in the last cell, whatever the font.
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(chosen.takeFirst(), (QList<QVariant>{0, 1}));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(chosen.takeFirst(), (QList<QVariant>{1, 1}));
        QTest::keyClick(&view, Qt::Key_Down);
        QVERIFY(chosen.isEmpty());
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(chosen.takeFirst(), (QList<QVariant>{-1, -1}));
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(1, 1));
        QVERIFY(chosen.isEmpty());
    }

    void aSessionIsEvaluatedAsItWasRecorded()
    {
        ResultsPanel panel;
        panel.resize(900, 600);
        panel.show();
        auto* evaluate = panel.findChild<QPushButton*>(QStringLiteral("evaluate"));
        auto* grid = panel.findChild<QListView*>(QStringLiteral("predictions"));
        auto* figures = panel.findChild<QLabel*>(QStringLiteral("resultsFigures"));
        auto* shown = panel.findChild<QComboBox*>(QStringLiteral("resultsShown"));
        QVERIFY(!evaluate->isEnabled());
        panel.setSession(m_folder, m_data);
        QVERIFY(evaluate->isEnabled());
        QTest::mouseClick(evaluate, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(shown->isEnabled(), 30000);
        QVERIFY2(figures->text().contains(QLocale().toString(100.0 * m_accuracy, 'f', 1)),
                 qPrintable(figures->text()));
        const int mistakes = grid->model()->rowCount();
        QCOMPARE(mistakes, qRound((1.0 - m_accuracy) * 40.0));
        shown->setCurrentIndex(shown->count() - 1);
        Q_EMIT shown->activated(shown->currentIndex());
        QCOMPARE(grid->model()->rowCount(), 40);
        QVERIFY(!grid->model()->index(0, 0).data(Qt::DecorationRole).value<QImage>().isNull());
    }

    void aCellShowsItsSamplesOnly()
    {
        ResultsPanel panel;
        panel.resize(900, 600);
        panel.show();
        panel.setSession(m_folder, {}); // Its data are read again.
        QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("evaluate")), Qt::LeftButton);
        auto* shown = panel.findChild<QComboBox*>(QStringLiteral("resultsShown"));
        QTRY_VERIFY_WITH_TIMEOUT(shown->isEnabled(), 30000);
        QTest::keyClick(&panel.confusion(), Qt::Key_Right);
        QVERIFY(shown->currentText().contains(QStringLiteral("taken for")));
        const auto* model = panel.findChild<QListView*>(QStringLiteral("predictions"))->model();
        for (int row = 0; row < model->rowCount(); ++row)
            QVERIFY(model->index(row, 0)
                        .data(Qt::ToolTipRole)
                        .toString()
                        .contains(QStringLiteral("sandal, taken for sneaker")));
        QTest::keyClick(&panel.confusion(), Qt::Key_Escape);
        QCOMPARE(shown->currentIndex(), 0);
    }

    void whatIsForgottenIsNotHeardOf()
    {
        EvaluationJob job;
        const QSignalSpy ended(&job, &EvaluationJob::ended);
        const QSignalSpy failed(&job, &EvaluationJob::failed);
        job.start(m_folder, Split::Validation, m_data);
        job.start(m_sessions.filePath(QStringLiteral("gone")), Split::Validation, {});
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(QThreadPool::globalInstance()->waitForDone());
        QCoreApplication::processEvents();
        QCOMPARE(ended.size(), 0);
    }

    void noResultStaysBehindAnError()
    {
        ResultsPanel panel;
        panel.show();
        panel.setSession(m_folder, m_data);
        auto* evaluate = panel.findChild<QPushButton*>(QStringLiteral("evaluate"));
        auto* split = panel.findChild<QComboBox*>(QStringLiteral("resultsSplit"));
        auto* shown = panel.findChild<QComboBox*>(QStringLiteral("resultsShown"));
        QTest::mouseClick(evaluate, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(shown->isEnabled(), 30000);
        auto* figures = panel.findChild<QLabel*>(QStringLiteral("resultsFigures"));
        QVERIFY2(figures->text().startsWith(QStringLiteral("Validation: 40 samples")),
                 qPrintable(figures->text()));
        split->setCurrentIndex(split->findData(static_cast<int>(Split::Train)));
        const QString away = m_folder + QStringLiteral(".away");
        QVERIFY(QDir().rename(m_folder, away));
        QTest::mouseClick(evaluate, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(evaluate->text().contains(QStringLiteral("valuate")), 30000);
        QVERIFY(QDir().rename(away, m_folder));
        QVERIFY2(figures->text().contains(QStringLiteral("cannot open")), qPrintable(figures->text()));
        QVERIFY(!shown->isEnabled());
        QCOMPARE(panel.findChild<QListView*>(QStringLiteral("predictions"))->model()->rowCount(), 0);
    }

    void whatIsGoneIsSaid()
    {
        ResultsPanel panel;
        panel.setSession(m_sessions.filePath(QStringLiteral("gone")), {});
        QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("evaluate")), Qt::LeftButton);
        auto* figures = panel.findChild<QLabel*>(QStringLiteral("resultsFigures"));
        QTRY_VERIFY(figures->text().contains(QStringLiteral("gone")));
    }

private:
    QTemporaryDir m_sessions;
    QString m_folder;
    double m_accuracy = 0.0;
    std::shared_ptr<const DataSplits> m_data;
};

QTEST_MAIN(TestResults)
#include "tst_results.moc"
