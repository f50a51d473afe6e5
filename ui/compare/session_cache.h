#pragma once

#include <memory>
#include <vector>

#include <QHash>
#include <QObject>

#include "compare/compared_run.h"

namespace frostline {

/// A session that is wanted, as its files were when it was listed.
struct WantedSession {
    QString folder;
    qint64 changed = 0;
};

/// Reads sessions whole, on other threads, and keeps them. GUI thread.
class SessionCache : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Reads those that are not there yet, or have changed since.
    void want(const std::vector<WantedSession>& sessions);
    /// Null while it is being read and where it cannot be.
    std::shared_ptr<const LoadedSession> find(const QString& folder) const;
    bool isReading() const { return m_reading > 0; }

Q_SIGNALS:
    /// One more can be had, or will never be.
    void arrived();
    void messageRequested(const QString& message);

private:
    struct Kept {
        qint64 changed = -1; ///< What was asked for last.
        std::shared_ptr<const LoadedSession> loaded;
    };

    void read(const WantedSession& session);
    void dropUnwanted(const std::vector<WantedSession>& sessions);

    QHash<QString, Kept> m_kept;
    int m_reading = 0;
};

} // namespace frostline
