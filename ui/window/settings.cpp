#include "window/settings.h"

#include <QDir>

#include "session/session_store.h"

namespace frostline {

namespace {

constexpr auto kGeometry = "window/geometry";
constexpr auto kState = "window/state";
constexpr auto kLayerHeader = "layers/header";
constexpr auto kFoldedGroups = "controls/folded";
constexpr auto kAppearance = "appearance";
constexpr auto kLastRecipe = "recipe/last";
constexpr auto kRecentRecipes = "recipe/recent";
constexpr auto kRecentSessions = "session/recent";
constexpr auto kSessionsFolder = "session/folder";

QString keyOf(const char* key)
{
    return QString::fromLatin1(key);
}

} // namespace

Settings::Settings() = default;

Settings::Settings(const QString& iniFile) : m_store(iniFile, QSettings::IniFormat) {}

QByteArray Settings::windowGeometry() const
{
    return m_store.value(keyOf(kGeometry)).toByteArray();
}

void Settings::setWindowGeometry(const QByteArray& geometry)
{
    m_store.setValue(keyOf(kGeometry), geometry);
}

QByteArray Settings::windowState() const
{
    return m_store.value(keyOf(kState)).toByteArray();
}

void Settings::setWindowState(const QByteArray& state)
{
    m_store.setValue(keyOf(kState), state);
}

QByteArray Settings::layerHeader() const
{
    return m_store.value(keyOf(kLayerHeader)).toByteArray();
}

void Settings::setLayerHeader(const QByteArray& state)
{
    m_store.setValue(keyOf(kLayerHeader), state);
}

std::optional<QStringList> Settings::foldedGroups() const
{
    if (!m_store.contains(keyOf(kFoldedGroups)))
        return std::nullopt;
    return m_store.value(keyOf(kFoldedGroups)).toStringList();
}

void Settings::setFoldedGroups(const QStringList& names)
{
    m_store.setValue(keyOf(kFoldedGroups), names);
}

Appearance Settings::appearance() const
{
    return appearanceOf(m_store.value(keyOf(kAppearance)).toString());
}

void Settings::setAppearance(Appearance appearance)
{
    m_store.setValue(keyOf(kAppearance), nameOf(appearance));
}

QString Settings::lastRecipe() const
{
    return m_store.value(keyOf(kLastRecipe)).toString();
}

void Settings::setLastRecipe(const QString& file)
{
    m_store.setValue(keyOf(kLastRecipe), file);
}

QStringList Settings::recentRecipes() const
{
    return m_store.value(keyOf(kRecentRecipes)).toStringList();
}

void Settings::addRecentRecipe(const QString& file)
{
    addRecent(keyOf(kRecentRecipes), file);
}

QStringList Settings::recentSessions() const
{
    return m_store.value(keyOf(kRecentSessions)).toStringList();
}

void Settings::addRecentSession(const QString& folder)
{
    addRecent(keyOf(kRecentSessions), folder);
}

void Settings::removeRecentSession(const QString& folder)
{
    auto recent = recentSessions();
    recent.removeAll(QDir::cleanPath(folder));
    m_store.setValue(keyOf(kRecentSessions), recent);
}

void Settings::clearRecent()
{
    m_store.remove(keyOf(kRecentRecipes));
    m_store.remove(keyOf(kRecentSessions));
}

QString Settings::sessionsFolder() const
{
    const auto chosen = m_store.value(keyOf(kSessionsFolder)).toString();
    return chosen.isEmpty() ? QString::fromStdString(SessionStore::defaultFolder().string()) : chosen;
}

void Settings::setSessionsFolder(const QString& folder)
{
    m_store.setValue(keyOf(kSessionsFolder), folder);
}

void Settings::addRecent(const QString& key, const QString& path)
{
    const auto clean = QDir::cleanPath(path);
    auto recent = m_store.value(key).toStringList();
    recent.removeAll(clean);
    recent.prepend(clean);
    while (recent.size() > kMaximumRecent)
        recent.removeLast();
    m_store.setValue(key, recent);
}

} // namespace frostline
