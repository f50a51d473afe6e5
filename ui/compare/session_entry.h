#pragma once

#include <optional>
#include <vector>

#include <QDateTime>
#include <QString>

#include "session/comparison.h"
#include "session/session.h"

namespace frostline {

/// One session of a folder as a table shows it: the head of its record, or why that cannot be read.
struct SessionEntry {
    QString folder;
    std::optional<SessionHead> head;
    QString error; ///< Why it cannot be read.
    bool isRunning = false;
    qint64 changed = 0; ///< When its files last did; another number means reading them again.
    QDateTime created;
    SessionFigures figures;

    /// Its folder's, where it has none of its own.
    QString name() const;
    QString id() const;
    QString stateWord() const;
    QStringList tags() const;
    bool isArchived() const { return head && head->archived; }
    bool canResume() const;
    /// Whether a table shows both alike.
    bool looksLike(const SessionEntry& other) const;
};

/// The one way in which a session's folder is written here, so that two can be compared.
QString folderName(const QString& path);

/// Reads files, so not on the GUI thread.
std::vector<SessionEntry> sessionEntriesIn(const QString& sessionsFolder);

/// `a, b` as tags, without doubles and empty ones.
std::vector<std::string> tagsOf(const QString& text);

} // namespace frostline
