#pragma once

#include <vector>

#include <QFuture>
#include <QLockFile>
#include <QObject>
#include <QString>

#include "base/error.h"
#include "queue/queue_item.h"

namespace frostline {

/// Keeps the queue in a file between two starts: `queue.json` in the folder of the sessions. Writes on
/// another thread, one state at a time and the newest always; the destructor waits for it. GUI thread.
class QueueStore : public QObject {
    Q_OBJECT
public:
    explicit QueueStore(const QString& sessionsFolder, QObject* parent = nullptr);
    ~QueueStore() override;

    /// What was queued last time. Where that cannot be read or another window keeps it: nothing, and
    /// problem() says why.
    std::vector<QueueItem> load();
    const QString& problem() const { return m_problem; }
    void save(const std::vector<QueueItem>& items);

Q_SIGNALS:
    void failed(const QString& why);

private:
    bool take();
    void write();

    QString m_folder;
    QString m_file;
    QLockFile m_lock;
    QString m_problem;
    bool m_isOurs = false; ///< Nobody else writes the file.
    bool m_isWriting = false;
    bool m_isWaiting = false;
    std::vector<QueueItem> m_waiting; ///< The newest state, while an older one is being written.
    QFuture<Status> m_writing;
};

} // namespace frostline
