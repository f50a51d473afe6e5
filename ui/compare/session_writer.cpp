#include "compare/session_writer.h"

#include <utility>

#include "run/background.h"
#include "session/session_store.h"

namespace frostline {

void SessionWriter::annotate(const QString& folder, const SessionHead& head)
{
    add([path = folder.toStdString(), head] { return SessionStore::annotate(path, head); });
}

void SessionWriter::discard(const QString& folder)
{
    add([path = folder.toStdString()] { return SessionStore::discard(path); });
}

void SessionWriter::add(std::function<Status()> work)
{
    m_waiting.push_back(std::move(work));
    next();
}

void SessionWriter::next()
{
    if (m_isBusy)
        return;
    if (m_waiting.empty()) {
        Q_EMIT done();
        return;
    }
    m_isBusy = true;
    auto work = std::move(m_waiting.front());
    m_waiting.pop_front(); // before it begins: it may have ended by the next line
    inBackground(std::move(work)).then(this, [this](const Status& status) {
        m_isBusy = false;
        if (!status)
            Q_EMIT failed(QString::fromStdString(status.error().message));
        next();
    });
}

} // namespace frostline
