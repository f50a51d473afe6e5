#include <QDropEvent>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QUrl>

#include "compare/compare_page.h"
#include "queue/queue_edit_dialog.h"
#include "queue_page_case.h"

using namespace frostline;
using test::kPatience;
using ItemState = QueueItem::State;

class TestQueuePage : public test::QueuePageCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        if (!QDir(QStringLiteral("/usr/share/datasets/fashion-mnist")).exists())
            QSKIP("dataset-fashion-mnist is not installed");
    }
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void theDraftIsQueuedByKeyAndByMouse()
    {
        QVERIFY(!m_window->actions()->addToQueue->isEnabled());
        load();
        QVERIFY(m_window->actions()->addToQueue->isEnabled());
        QCOMPARE(tabText(), QStringLiteral("Queue"));
        QTest::keyClick(m_window.get(), Qt::Key_Q, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(tabText(), QStringLiteral("Queue (1)"));
        toggleLayer(QStringLiteral("dense1"), false);
        QTest::mouseClick(button(m_window->actions()->addToQueue), Qt::LeftButton);
        showPage();
        QTest::mouseClick(tool(actions().addDraft), Qt::LeftButton);
        QCOMPARE(queue().items().size(), std::size_t(3));
        QCOMPARE(text(1, QueueModel::Name), QStringLiteral("Small and long"));
        QVERIFY2(text(1, QueueModel::Difference).contains(QStringLiteral("layers")),
                 qPrintable(text(1, QueueModel::Difference)));
        QCOMPARE(page().view().chosen().size(), 1); // What was added last.
    }

    void cloneAndEditSayWhatIsWrong()
    {
        queueShort(1);
        chooseRow(0);
        QTest::keyClick(&page().view(), Qt::Key_D, Qt::ControlModifier);
        auto* dialog = m_window->findChild<QueueEditDialog*>();
        QVERIFY(dialog);
        type(*dialog, "editRate", QStringLiteral("fast"));
        QCOMPARE(said(*dialog), QStringLiteral("“fast” is no learning rate: write one like 0.001 or 1e-4"));
        QVERIFY(!dialog->findChild<QPushButton*>(QStringLiteral("editAccept"))->isEnabled());
        type(*dialog, "editRate", QStringLiteral("0.01"));
        auto* others = dialog->findChild<QPlainTextEdit*>(QStringLiteral("editOthers"));
        QTest::keyClicks(others, QStringLiteral("batch_siez=4"));
        QVERIFY2(said(*dialog).contains(QStringLiteral("batch_size")), qPrintable(said(*dialog)));
        others->selectAll();
        QTest::keyClicks(others, QStringLiteral("batch_size=4"));
        QCOMPARE(said(*dialog), QString());
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("editAccept")), Qt::LeftButton);
        QTRY_COMPARE(queue().items().size(), std::size_t(2));
        QCOMPARE(text(1, QueueModel::Difference), QStringLiteral("learning rate 0.01, batch size 4"));
        QTRY_VERIFY(!m_window->findChild<QueueEditDialog*>());

        focusView();
        QTest::keyClick(&page().view(), Qt::Key_F2); // The clone is chosen now.
        dialog = m_window->findChild<QueueEditDialog*>();
        QVERIFY(dialog);
        type(*dialog, "editSeeds", QStringLiteral("1..3"));
        QVERIFY(said(*dialog).contains(QStringLiteral("One run has one seed")));
        type(*dialog, "editSeeds", QStringLiteral("9"));
        type(*dialog, "editName", QStringLiteral("better"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(text(1, QueueModel::Name), QStringLiteral("better"));
        QCOMPARE(queue().items()[1].recipe.seed, std::uint64_t(9));
    }

    void severalSeedsInOneGo()
    {
        queueShort(2);
        chooseRow(0);
        QTest::mouseClick(tool(actions().cloneSeeds), Qt::LeftButton);
        auto* dialog = m_window->findChild<QueueEditDialog*>();
        QCOMPARE(dialog->findChild<QLineEdit*>(QStringLiteral("editSeeds"))->text(), QStringLiteral("2..5"));
        QCOMPARE(dialog->findChild<QPushButton*>(QStringLiteral("editAccept"))->text(),
                 QStringLiteral("&Add 4 clones"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(queue().items().size(), std::size_t(6));
        QCOMPARE(seeds(), QStringLiteral("1 2 3 4 5 1")); // After the one that they come from.
        QCOMPARE(text(4, QueueModel::Difference), QStringLiteral("seed 5"));
        QCOMPARE(page().view().chosen().size(), 4);
    }

    void rowsMoveByKeysButtonsAndMouse()
    {
        queueSeeds();
        chooseRow(0);
        QTest::keyClick(&page().view(), Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(seeds(), QStringLiteral("2 1 3 4"));
        QTest::mouseClick(tool(actions().moveDown), Qt::LeftButton);
        QTest::mouseClick(tool(actions().moveDown), Qt::LeftButton);
        QCOMPARE(seeds(), QStringLiteral("2 3 4 1"));
        QVERIFY(!actions().moveDown->isEnabled());
        QCOMPARE(actions().moveDown->toolTip(), QStringLiteral("It stands at the end"));
        focusView();
        QTest::keyClick(&page().view(), Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(seeds(), QStringLiteral("2 3 1 4"));
        const auto below = page().view().visualRect(index(3, QueueModel::Name));
        dropRow(QPoint(below.center().x(), below.bottom() - 1)); // What is chosen, after the last.
        QCOMPARE(seeds(), QStringLiteral("2 3 4 1"));
        dropRow(QPoint(below.center().x(), 1));
        QCOMPARE(seeds(), QStringLiteral("1 2 3 4"));
        QCOMPARE(page().view().chosen(), QList<QueueItem::Id>{queue().items()[0].id});
        QTest::keyClick(&page().view(), Qt::Key_Delete);
        QCOMPARE(seeds(), QStringLiteral("2 3 4"));
    }

    void recipeFilesAreDropped()
    {
        load();
        showPage();
        QVERIFY(queue().items().empty());
        const QString broken = m_folder->filePath(QStringLiteral("broken.json"));
        QFile file(broken);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"frostline\": ");
        file.close();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(recipeFile()), QUrl::fromLocalFile(broken)});
        drop(data, page().view().viewport()->rect().center());
        QCOMPARE(queue().items().size(), std::size_t(1));
        QVERIFY2(message().contains(QStringLiteral("1 of 2 recipes were queued")) &&
                     message().contains(QStringLiteral("broken.json")),
                 qPrintable(message()));
    }

    void finishedRunsAreOpenedAndCompared()
    {
        queueSeeds();
        QTest::mouseClick(find<QToolButton>("queueStart"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(queue().state(), RunQueue::State::Off, kPatience);
        QVERIFY2(message().startsWith(QStringLiteral("The queue is through: 4 of 4 done")),
                 qPrintable(message()));
        QCOMPARE(tabText(), QStringLiteral("Queue"));
        chooseRow(0);
        QTest::keyClick(&page().view(), Qt::Key_A, Qt::ControlModifier);
        QTest::mouseClick(tool(actions().compare), Qt::LeftButton);
        QCOMPARE(tabs()->currentWidget(), parts().compare);
        QTRY_COMPARE_WITH_TIMEOUT(parts().compare->compared().size(), std::size_t(4), kPatience);

        showPage();
        const auto place = page().view().visualRect(index(2, QueueModel::Name)).center();
        QTest::mouseClick(page().view().viewport(), Qt::LeftButton, {}, place);
        QTest::mouseDClick(page().view().viewport(), Qt::LeftButton, {}, place);
        QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("read only")), kPatience);
        QVERIFY(!m_window->actions()->addToQueue->isEnabled());
        showPage();
        QTest::mouseClick(tool(actions().clearFinished), Qt::LeftButton);
        QVERIFY(queue().items().empty());
        QVERIFY(!find<QToolButton>("queueStart")->isEnabled());
    }

    void aFailedRunSaysWhy()
    {
        load();
        auto recipe = queueShort(1).recipe;
        recipe.data.path = "dataset:none-such";
        queue().add({recipe}, 0);
        QTest::mouseClick(find<QToolButton>("queueStart"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(queue().items()[1].state, ItemState::Finished, kPatience);
        QCOMPARE(text(0, QueueModel::State), QStringLiteral("failed"));
        chooseRow(0);
        QVERIFY(find<QLabel>("queueDetail")->isVisible());
        QVERIFY2(find<QLabel>("queueDetail")->text().contains(QStringLiteral("none-such")),
                 qPrintable(find<QLabel>("queueDetail")->text()));
        QTRY_VERIFY(find<QLabel>("queueTotals")->text().contains(QStringLiteral("1 failed")));
    }

    void aRecipeIsEditedInTheWindow()
    {
        load();
        queueSeeds();
        chooseRow(2);
        QTest::mouseClick(tool(actions().editInWindow), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), RunController::State::Ready, kPatience);
        QCOMPARE(parts().controls->recipe().seed, std::uint64_t(3));
        QTest::mouseClick(messageButton(), Qt::LeftButton); // Add to queue.
        QCOMPARE(seeds(), QStringLiteral("1 2 3 4 3"));
    }

private:
    static void type(QueueEditDialog& dialog, const char* name, const QString& text)
    {
        auto* edit = dialog.findChild<QLineEdit*>(QLatin1String(name));
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }

    static QString said(const QueueEditDialog& dialog)
    {
        return dialog.findChild<QLabel*>(QStringLiteral("editProblem"))->text();
    }

    /// As the system hands over what is dragged; offscreen there is no pointer to drag with.
    void drop(const QMimeData& data, const QPoint& place)
    {
        auto* target = page().view().viewport();
        QDragEnterEvent enter(place, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(target, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(place, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(target, &event);
        QVERIFY(event.isAccepted());
        QCOMPARE(event.dropAction(), Qt::CopyAction); // The view must not take rows out.
    }

    void dropRow(const QPoint& place)
    {
        const std::unique_ptr<QMimeData> data(page().view().model()->mimeData({index(0, 0)}));
        drop(*data, place);
    }
};

QTEST_MAIN(TestQueuePage)
#include "tst_queue_page.moc"
