#pragma once

#include <memory>

#include <QRegularExpression>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include "compare/compare_page.h"
#include "compare/curves_tab.h"
#include "compare/session_table.h"
#include "compare/session_table_model.h"
#include "session_folder.h"

namespace frostline::test {

/// A Compare page over a folder with two sessions: `first`, of 300 steps, in which block4 is unfrozen at step
/// 100, and `second`, better, of 400 steps, in which block3 is.
class ComparePageCase : public QObject {
protected:
    enum Tab { kCurves, kSettings, kFreeze, kTradeoff };

    void start()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_first = add(sampleSession("first", 300, 0.1));
        auto second = sampleSession("second", 400, 0.9);
        second.recipe.optimizer.learningRate = 0.25;
        second.interventions = {sampleChange(100, "block3.*", true)};
        m_second = add(second);
    }

    void end()
    {
        m_page.reset();
        m_folder.reset();
    }

    void open()
    {
        m_page = std::make_unique<ComparePage>();
        m_page->resize(1000, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        QSignalSpy listed(&m_page->table(), &SessionTable::listed);
        m_page->setSessionsFolder(m_folder->path());
        QTRY_VERIFY(listed.count() > 0);
    }

    static QString pathOf(const std::filesystem::path& folder)
    {
        return QString::fromStdString(folder.string());
    }
    std::filesystem::path sessions() const { return m_folder->path().toStdString(); }
    QString add(Session session) const { return pathOf(keep(sessions(), session)); }

    template <class Widget>
    Widget* find(const char* name) const
    {
        return m_page->findChild<Widget*>(QString::fromLatin1(name));
    }
    SessionTableModel& model() const { return m_page->table().model(); }
    QTreeView* view() const { return find<QTreeView>("sessions"); }
    OverlayPlot& plot() const { return m_page->findChild<CurvesTab*>()->plot(); }
    void showTab(Tab tab) const { find<QTabWidget>("compareTabs")->setCurrentIndex(tab); }

    QRect cell(const QString& folder, int column) const
    {
        const auto index = model().indexOf(folder).siblingAtColumn(column);
        return view()->visualRect(
            qobject_cast<QSortFilterProxyModel*>(view()->model())->mapFromSource(index));
    }

    void clickTick(const QString& folder) const
    {
        const QRect name = cell(folder, SessionTableModel::Name);
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {},
                          QPoint(name.left() + 10, name.center().y()));
    }

    void choose(const QString& folder) const
    {
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {},
                          cell(folder, SessionTableModel::State).center());
    }

    void tickAll(const QStringList& folders) const
    {
        m_page->select(folders);
        QTRY_COMPARE(m_page->compared().size(), static_cast<std::size_t>(folders.size()));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ComparePage> m_page;
    QString m_first;
    QString m_second;
};

} // namespace frostline::test
