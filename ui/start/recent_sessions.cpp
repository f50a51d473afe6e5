#include "start/recent_sessions.h"

#include <utility>

#include <QDir>
#include <QLocale>

#include "run/background.h"
#include "session/session_store.h"

namespace frostline {

namespace {

constexpr std::size_t kMostSessions = 50;

RecentSession entryOf(const SessionStore::Listing& listing)
{
    RecentSession entry;
    entry.folder = QString::fromStdString(listing.folder.string());
    entry.name = QString::fromStdString(listing.folder.filename().string());
    if (!listing.session) {
        entry.error = QString::fromStdString(listing.session.error().message);
        return entry;
    }
    const auto& session = *listing.session;
    if (!session.name.empty())
        entry.name = QString::fromStdString(session.name);
    entry.created = QDateTime::fromString(QString::fromStdString(session.created), Qt::ISODate).toLocalTime();
    entry.bestAccuracy = session.summary.bestAccuracy();
    entry.state = session.state;
    entry.isRunning = listing.isRunning;
    return entry;
}

QString textOf(const RecentSession& session, int column)
{
    switch (column) {
    case RecentSessionsModel::Name:
        return session.name;
    case RecentSessionsModel::When:
        return QLocale().toString(session.created, QLocale::ShortFormat);
    case RecentSessionsModel::Best:
        return session.bestAccuracy ? RecentSessionsModel::tr("%1 %").arg(
                                          QLocale().toString(100 * *session.bestAccuracy, 'f', 1))
                                    : RecentSessionsModel::tr("–");
    default:
        return session.state ? wordFor(*session.state, session.isRunning)
                             : RecentSessionsModel::tr("cannot be read");
    }
}

} // namespace

QString wordFor(SessionState state, bool isRunning)
{
    switch (state) {
    case SessionState::Running:
    case SessionState::Paused:
        return isRunning ? RecentSessionsModel::tr("running") : RecentSessionsModel::tr("interrupted");
    case SessionState::Stopped:
        return RecentSessionsModel::tr("stopped");
    case SessionState::Finished:
        return RecentSessionsModel::tr("finished");
    case SessionState::Failed:
        break;
    }
    return RecentSessionsModel::tr("failed");
}

std::vector<RecentSession> recentSessionsIn(const QString& sessionsFolder)
{
    if (!QDir(sessionsFolder).exists())
        return {};
    std::vector<RecentSession> sessions;
    for (const auto& listing : SessionStore(sessionsFolder.toStdString()).list()) {
        if (sessions.size() < kMostSessions)
            sessions.push_back(entryOf(listing));
    }
    return sessions;
}

void RecentSessionsModel::reload(const QString& sessionsFolder)
{
    inBackground([sessionsFolder] {
        return recentSessionsIn(sessionsFolder);
    }).then(this, [this](std::vector<RecentSession> sessions) {
        setSessions(std::move(sessions));
        Q_EMIT reloaded();
    });
}

void RecentSessionsModel::setSessions(std::vector<RecentSession> sessions)
{
    beginResetModel();
    m_sessions = std::move(sessions);
    endResetModel();
}

QString RecentSessionsModel::folderAt(const QModelIndex& index) const
{
    return index.isValid() ? m_sessions[static_cast<std::size_t>(index.row())].folder : QString();
}

const RecentSession& RecentSessionsModel::sessionAt(const QModelIndex& index) const
{
    return m_sessions[static_cast<std::size_t>(index.row())];
}

int RecentSessionsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_sessions.size());
}

int RecentSessionsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RecentSessionsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& session = m_sessions[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(session, index.column());
    case Qt::ToolTipRole:
        return session.error.isEmpty() ? QDir::toNativeSeparators(session.folder) : session.error;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(index.column() == Best ? Qt::AlignRight | Qt::AlignVCenter
                                                          : Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant RecentSessionsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Name:
        return tr("Session");
    case When:
        return tr("When");
    case Best:
        return tr("Best validation accuracy");
    default:
        return tr("State");
    }
}

} // namespace frostline
