#pragma once

#include <QLineEdit>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>

#include "queue/queue_actions.h"
#include "queue/queue_model.h"
#include "queue/queue_page.h"
#include "queue/queue_view.h"
#include "queue/run_queue.h"
#include "window_case.h"

namespace frostline::test {

/// A window with its Queue page at hand.
class QueuePageCase : public WindowCase {
protected:
    RunQueue& queue() const { return *parts().queue; }
    QueuePage& page() const { return *parts().queuePage; }
    QueueActions& actions() const { return page().actions(); }
    QTabWidget* tabs() const { return m_window->findChild<QTabWidget*>(); }
    QString tabText() const { return tabs()->tabText(tabs()->indexOf(parts().queuePage)); }
    void showPage() const
    {
        m_window->resize(1440, 900); // The screen offscreen is a small one.
        tabs()->setCurrentWidget(parts().queuePage);
    }
    /// The way back from a dialog or a button.
    void focusView() const
    {
        m_window->activateWindow();
        page().view().setFocus();
        QTRY_VERIFY(page().view().hasFocus());
    }
    void addDraft() const { m_window->actions()->addToQueue->trigger(); }

    template <class Widget>
    Widget* find(const char* name) const
    {
        return page().findChild<Widget*>(QLatin1String(name));
    }

    QToolButton* tool(const QAction* action) const
    {
        for (auto* each : page().findChildren<QToolButton*>()) {
            if (each->defaultAction() == action)
                return each;
        }
        return nullptr;
    }

    QModelIndex index(int row, int column) const { return page().view().model()->index(row, column); }
    QString text(int row, int column) const { return index(row, column).data().toString(); }

    QString seeds() const
    {
        QStringList seeds;
        for (const auto& item : queue().items())
            seeds.append(QString::number(item.recipe.seed));
        return seeds.join(QLatin1Char(' '));
    }

    /// Runs of two epochs, with the page in front.
    const QueueItem& queueShort(int count)
    {
        auto recipe = recipeFromJson(nlohmann::ordered_json::parse(kRecipe), "test", {}).value();
        recipe.epochs = 2;
        queue().add(std::vector(static_cast<std::size_t>(count), recipe));
        showPage();
        return queue().items().back();
    }

    void queueSeeds()
    {
        for (std::uint64_t seed = 1; seed <= 4; ++seed) {
            const auto& item = queueShort(1);
            auto recipe = item.recipe;
            recipe.seed = seed;
            queue().edit(item.id, recipe);
        }
    }

    void chooseRow(int row)
    {
        auto& view = page().view();
        focusView();
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                          view.visualRect(index(row, QueueModel::Name)).center());
        QCOMPARE(view.chosen().size(), 1);
    }
};

} // namespace frostline::test
