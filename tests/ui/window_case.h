#pragma once

#include <memory>

#include <QAction>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QToolBar>

#include "controls/controls_panel.h"
#include "layers/layer_panel.h"
#include "layers/layer_tree_view.h"
#include "session/session_store.h"
#include "window/main_window.h"
#include "window/message_bar.h"
#include "window/window_actions.h"

namespace frostline::test {

inline constexpr int kPatience = 60'000;

// Small enough to be ready at once, long enough not to end by itself.
inline constexpr auto kRecipe =
    R"({"frostline": "recipe/1", "name": "small", "title": "Small and long", "seed": 1,
"data": {"source": "idx", "path": "dataset:fashion-mnist", "task": "classes", "classes": ["bag", "sneaker"],
         "train_limit": 20, "validation": {"from": "test", "limit": 10}},
"model": {"architecture": "mlp", "options": {"sizes": [16, 8]}},
"optimizer": {"kind": "adam", "learning_rate": 0.001}, "batch_size": 8, "epochs": 20000})";

/// A window of its own for each test, with a recipe beside it and its sessions in a folder that goes with it.
class WindowCase : public QObject {
protected:
    void setUp()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
        m_folder = std::make_unique<QTemporaryDir>();
        write(kRecipe);
        m_settings = std::make_unique<Settings>(m_folder->filePath(QStringLiteral("settings.ini")));
        createWindow();
    }

    void tearDown()
    {
        m_window.reset();
        m_settings.reset();
    }

    void write(const QByteArray& content)
    {
        QFile file(recipeFile());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    void createWindow()
    {
        m_window.reset();
        RunOptions options;
        options.threads = 1;
        options.device = "cpu";
        options.sessionsFolder = sessions().toStdString();
        m_window = std::make_unique<MainWindow>(*m_settings, options);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->activateWindow();
    }

    void load()
    {
        m_window->openAtStart(recipeFile());
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), RunController::State::Ready, kPatience);
        QVERIFY(!parts().layers->table().empty());
        auto* text = m_window->findChild<QLabel*>(QStringLiteral("dataDescription"));
        QVERIFY(text->text().startsWith(QStringLiteral("40 images, 2 classes")));
    }

    void toggleLayer(const QString& name, bool expected)
    {
        auto* tree = parts().layers->tree();
        const auto found = tree->model()->match(tree->model()->index(0, 0), Qt::DisplayRole, name, 1,
                                                Qt::MatchExactly | Qt::MatchRecursive);
        QCOMPARE(found.size(), 1);
        tree->setFocus();
        tree->setCurrentIndex(found.first());
        QTest::keyClick(tree, Qt::Key_Space);
        QTRY_COMPARE_WITH_TIMEOUT(settingsOf(name.toStdString()).trainable, expected, kPatience);
    }

    LayerSettings settingsOf(const std::string& path) const
    {
        for (const auto& layer : parts().layers->table()) {
            if (layer.path == path)
                return layer.settings;
        }
        return {};
    }

    QString message() const { return m_window->findChild<QLabel*>(QStringLiteral("messageText"))->text(); }
    QPushButton* messageButton() const
    {
        return m_window->findChild<QPushButton*>(QStringLiteral("messageAction"));
    }
    QString label(const char* name) const
    {
        return m_window->findChild<QLabel*>(QLatin1String(name))->text();
    }
    QWidget* button(QAction* action) const
    {
        return m_window->findChild<QToolBar*>(QStringLiteral("transport"))->widgetForAction(action);
    }
    const WindowParts& parts() const { return m_window->parts(); }
    RunController* run() const { return parts().run; }
    QString recipeFile() const { return m_folder->filePath(QStringLiteral("small.json")); }
    QString sessions() const { return m_folder->filePath(QStringLiteral("sessions")); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace frostline::test
