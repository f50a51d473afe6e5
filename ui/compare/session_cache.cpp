#include "compare/session_cache.h"

#include <algorithm>

#include "run/background.h"
#include "session/session_store.h"

namespace frostline {

namespace {

constexpr qsizetype kMostKept = 40;

struct ReadSession {
    std::shared_ptr<const LoadedSession> loaded;
    QString error;
    std::vector<std::string> remarks;
};

ReadSession readWhole(const QString& folder)
{
    ReadSession result;
    auto session = SessionStore::load(folder.toStdString(), &result.remarks);
    if (!session) {
        result.error = QString::fromStdString(session.error().message);
        return result;
    }
    auto loaded = std::make_shared<LoadedSession>();
    loaded->session = std::move(*session);
    loaded->history = freezeHistory(loaded->session);
    loaded->trainableShare = meanTrainableShare(loaded->session);
    result.loaded = std::move(loaded);
    return result;
}

} // namespace

void SessionCache::want(const std::vector<WantedSession>& sessions)
{
    dropUnwanted(sessions);
    for (const auto& session : sessions) {
        auto& kept = m_kept[session.folder];
        if (kept.changed == session.changed)
            continue;
        kept.changed = session.changed;
        read(session);
    }
}

void SessionCache::dropUnwanted(const std::vector<WantedSession>& sessions)
{
    if (m_kept.size() <= kMostKept)
        return;
    m_kept.removeIf([&sessions](const auto& kept) {
        return std::ranges::find(sessions, kept.key(), &WantedSession::folder) == sessions.end();
    });
}

void SessionCache::read(const WantedSession& session)
{
    ++m_reading;
    inBackground([folder = session.folder] {
        return readWhole(folder);
    }).then(this, [this, session](const ReadSession& result) {
        --m_reading;
        const auto kept = m_kept.find(session.folder);
        if (kept != m_kept.end() && kept->changed == session.changed)
            kept->loaded = result.loaded;
        if (!result.error.isEmpty())
            Q_EMIT messageRequested(result.error);
        for (const auto& remark : result.remarks)
            Q_EMIT messageRequested(QString::fromStdString(remark));
        Q_EMIT arrived();
    });
}

std::shared_ptr<const LoadedSession> SessionCache::find(const QString& folder) const
{
    return m_kept.value(folder).loaded;
}

} // namespace frostline
