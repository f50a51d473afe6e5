#pragma once

#include <optional>
#include <vector>

#include <QAbstractTableModel>
#include <QDateTime>
#include <QString>

#include "session/session.h"

namespace frostline {

/// What the start page says of one session.
struct RecentSession {
    QString folder;
    QString name;
    QDateTime created;
    std::optional<double> bestAccuracy; ///< On the validation images, 0..1; not of all tasks.
    std::optional<SessionState> state;  ///< None: it cannot be read.
    QString error;
    bool isRunning = false; ///< Here or elsewhere.

    /// It ended before its last epoch and nobody is at it.
    bool canResume() const { return state && *state != SessionState::Finished && !isRunning; }
};

/// Of a session on disk: one that has not ended was interrupted, unless a living process is at it.
QString wordFor(SessionState state, bool isRunning = false);

/// The newest sessions of a folder; reads files, so not on the GUI thread.
std::vector<RecentSession> recentSessionsIn(const QString& sessionsFolder);

/// Sessions of a folder, newest first. reload() reads on another thread. GUI thread.
class RecentSessionsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, When, Best, State, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void reload(const QString& sessionsFolder);
    void setSessions(std::vector<RecentSession> sessions);
    QString folderAt(const QModelIndex& index) const;
    const RecentSession& sessionAt(const QModelIndex& index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void reloaded();

private:
    std::vector<RecentSession> m_sessions;
};

} // namespace frostline
