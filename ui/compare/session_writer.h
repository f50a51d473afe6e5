#pragma once

#include <deque>
#include <functional>

#include <QObject>

#include "session/session.h"

namespace frostline {

/// Changes sessions on disk: on another thread, and one change after the other. GUI thread.
class SessionWriter : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Name, notes, tags, colour and archived.
    void annotate(const QString& folder, const SessionHead& head);
    void discard(const QString& folder);
    bool isIdle() const { return !m_isBusy; }

Q_SIGNALS:
    /// All that was asked for is done.
    void done();
    void failed(const QString& message);

private:
    void add(std::function<Status()> work);
    void next();

    std::deque<std::function<Status()>> m_waiting;
    bool m_isBusy = false;
};

} // namespace frostline
