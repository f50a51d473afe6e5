#include "compare/session_entry.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include "session/session_store.h"

namespace frostline {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("frostline::SessionEntry", text);
}

qint64 lastChange(const QDir& folder)
{
    qint64 newest = 0;
    for (const auto* name : {"session.json", "journal.jsonl"}) {
        const QFileInfo file(folder.filePath(QString::fromLatin1(name)));
        if (file.exists())
            newest = std::max(newest, file.lastModified().toMSecsSinceEpoch() + file.size());
    }
    return newest;
}

SessionEntry entryOf(SessionStore::Listing listing)
{
    SessionEntry entry;
    entry.folder = folderName(QString::fromStdString(listing.folder.string()));
    entry.isRunning = listing.isRunning;
    entry.changed = lastChange(QDir(entry.folder));
    if (!listing.session) {
        entry.error = QString::fromStdString(listing.session.error().message);
        return entry;
    }
    entry.head = std::move(*listing.session);
    entry.figures = figuresOf(*entry.head);
    const auto created = QString::fromStdString(entry.head->created);
    entry.created = QDateTime::fromString(created, Qt::ISODate).toLocalTime();
    return entry;
}

} // namespace

QString folderName(const QString& path)
{
    return QDir::cleanPath(QFileInfo(path).absoluteFilePath());
}

bool SessionEntry::looksLike(const SessionEntry& other) const
{
    if (folder != other.folder || changed != other.changed || isRunning != other.isRunning ||
        error != other.error || head.has_value() != other.head.has_value())
        return false;
    return !head || (head->name == other.head->name && head->notes == other.head->notes &&
                     head->tags == other.head->tags && head->colour == other.head->colour &&
                     head->archived == other.head->archived);
}

QString SessionEntry::name() const
{
    if (head && !head->name.empty())
        return QString::fromStdString(head->name);
    return id();
}

QString SessionEntry::id() const
{
    return QFileInfo(folder).fileName();
}

QString SessionEntry::stateWord() const
{
    if (!head)
        return translated(QT_TRANSLATE_NOOP("frostline::SessionEntry", "unreadable"));
    if (isRunning) {
        return head->state == SessionState::Paused
                   ? translated(QT_TRANSLATE_NOOP("frostline::SessionEntry", "paused"))
                   : translated(QT_TRANSLATE_NOOP("frostline::SessionEntry", "running"));
    }
    switch (head->state) {
    case SessionState::Running:
    case SessionState::Paused:
        return translated(QT_TRANSLATE_NOOP("frostline::SessionEntry", "interrupted"));
    case SessionState::Stopped:
        return translated(QT_TRANSLATE_NOOP("frostline::SessionEntry", "stopped"));
    case SessionState::Finished:
        return translated(QT_TRANSLATE_NOOP("frostline::SessionEntry", "finished"));
    case SessionState::Failed:
        break;
    }
    return translated(QT_TRANSLATE_NOOP("frostline::SessionEntry", "failed"));
}

QStringList SessionEntry::tags() const
{
    QStringList tags;
    if (head) {
        for (const auto& tag : head->tags)
            tags.append(QString::fromStdString(tag));
    }
    return tags;
}

bool SessionEntry::canResume() const
{
    return head && !isRunning && head->state != SessionState::Finished;
}

std::vector<SessionEntry> sessionEntriesIn(const QString& sessionsFolder)
{
    std::vector<SessionEntry> entries;
    if (!QDir(sessionsFolder).exists())
        return entries;
    for (auto& listing : SessionStore(sessionsFolder.toStdString()).list())
        entries.push_back(entryOf(std::move(listing)));
    return entries;
}

std::vector<std::string> tagsOf(const QString& text)
{
    std::vector<std::string> tags;
    for (const auto& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const auto tag = part.trimmed().toStdString();
        if (!tag.empty() && std::ranges::find(tags, tag) == tags.end())
            tags.push_back(tag);
    }
    return tags;
}

} // namespace frostline
