#pragma once

#include <optional>

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

#include "theme/appearance.h"

namespace frostline {

/// What the window remembers between two starts; the one place that knows the keys. GUI thread.
class Settings {
public:
    static constexpr int kMaximumRecent = 10;

    /// Where the system keeps the settings of this application.
    Settings();
    /// A file of one's own, for tests.
    explicit Settings(const QString& iniFile);

    QByteArray windowGeometry() const;
    void setWindowGeometry(const QByteArray& geometry);
    QByteArray windowState() const;
    void setWindowState(const QByteArray& state);
    QByteArray layerHeader() const;
    void setLayerHeader(const QByteArray& state);

    /// Nothing where they were never stored: the panel's own choice holds.
    std::optional<QStringList> foldedGroups() const;
    void setFoldedGroups(const QStringList& names);

    Appearance appearance() const;
    void setAppearance(Appearance appearance);

    QString lastRecipe() const;
    void setLastRecipe(const QString& file);

    /// Newest first, each once, at most kMaximumRecent.
    QStringList recentRecipes() const;
    void addRecentRecipe(const QString& file);
    QStringList recentSessions() const;
    void addRecentSession(const QString& folder);
    void removeRecentSession(const QString& folder);
    void clearRecent();

    /// The store's default folder where none was chosen.
    QString sessionsFolder() const;
    void setSessionsFolder(const QString& folder);

private:
    void addRecent(const QString& key, const QString& path);

    QSettings m_store;
};

} // namespace frostline
