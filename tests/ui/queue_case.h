#pragma once

#include <memory>
#include <string>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "queue/run_queue.h"

namespace frostline::test {

inline constexpr int kPatience = 60'000;

/// A recipe whose run takes a moment for each hundred epochs.
inline Recipe queuedRecipe(const std::string& title, int epochs = 1)
{
    Recipe recipe;
    recipe.name = "queued";
    recipe.title = title;
    recipe.data.path = "dataset:fashion-mnist";
    recipe.data.classes = {"bag", "sneaker"};
    recipe.data.trainLimit = 20;
    recipe.data.validation.limit = 10;
    recipe.model.architecture = "mlp";
    recipe.model.options.sizes = {{16, 8}};
    recipe.batchSize = 8;
    recipe.epochs = epochs;
    return recipe;
}

inline constexpr int kEndless = 20'000; ///< Epochs that no test waits for.

/// A queue of its own for each test, which can be closed and opened again.
class QueueCase : public QObject {
protected:
    void setUp()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
        m_folder = std::make_unique<QTemporaryDir>();
        open();
    }

    void open()
    {
        m_queue.reset();
        m_queue = std::make_unique<RunQueue>(options());
    }

    RunOptions options() const
    {
        RunOptions options;
        options.threads = 1;
        options.device = "cpu";
        options.sessionsFolder = sessions().toStdString();
        return options;
    }

    QString sessions() const { return m_folder->filePath(QStringLiteral("sessions")); }
    QString queueFile() const { return QDir(sessions()).filePath(QStringLiteral("queue.json")); }

    const QueueItem& item(int row) const { return m_queue->items().at(static_cast<std::size_t>(row)); }

    /// Titles from the top down: "a b c".
    QString titles() const
    {
        QStringList titles;
        for (const auto& each : m_queue->items())
            titles.append(QString::fromStdString(each.recipe.title));
        return titles.join(QLatin1Char(' '));
    }

    /// Runs with these titles, of one epoch each.
    QList<RunQueue::Id> addRuns(const std::vector<std::string>& titles, int epochs = 1)
    {
        std::vector<Recipe> recipes;
        for (const auto& title : titles)
            recipes.push_back(queuedRecipe(title, epochs));
        return m_queue->add(recipes);
    }

    void startAndWaitForSteps()
    {
        m_queue->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_queue->current() && m_queue->current()->progress.step > 10, kPatience);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunQueue> m_queue;
};

} // namespace frostline::test
