#include "queue/queue_store.h"

#include <utility>

#include <QDir>
#include <QFile>

#include "base/file.h"
#include "queue/queue_file.h"
#include "run/background.h"

namespace frostline {

namespace {

Status writeItems(const QString& file, const std::vector<QueueItem>& items)
{
    return writeFile(file.toStdString(), queueText(items));
}

} // namespace

QueueStore::QueueStore(const QString& sessionsFolder, QObject* parent)
    : QObject(parent),
      m_folder(sessionsFolder),
      m_file(QDir(sessionsFolder).filePath(QStringLiteral("queue.json"))),
      m_lock(QDir(sessionsFolder).filePath(QStringLiteral(".queue.lock")))
{
    m_lock.setStaleLockTime(0); // A window may be open for long; only a dead one's lock is taken over.
}

QueueStore::~QueueStore()
{
    m_writing.waitForFinished();
    if (m_isWaiting)
        static_cast<void>(writeItems(m_file, m_waiting));
}

std::vector<QueueItem> QueueStore::load()
{
    if (!QDir(m_folder).exists() || !take())
        return {};
    auto items = readQueue(m_file.toStdString());
    if (items)
        return std::move(*items);
    // Left for whoever can read it: a new queue must not overwrite it.
    const QString aside = m_file + QStringLiteral(".unread");
    QFile::remove(aside);
    QFile::rename(m_file, aside);
    m_problem = tr("The queue of last time cannot be read: %1. It is kept as %2.")
                    .arg(QString::fromStdString(items.error().message), QDir::toNativeSeparators(aside));
    return {};
}

bool QueueStore::take()
{
    m_isOurs = m_lock.tryLock();
    if (!m_isOurs)
        m_problem = m_lock.error() == QLockFile::LockFailedError
                        ? tr("Another window keeps the queue of these sessions: what is queued here is "
                             "forgotten when this window closes.")
                        : tr("Nothing can be written in %1: what is queued is forgotten when the window "
                             "closes.")
                              .arg(QDir::toNativeSeparators(m_folder));
    return m_isOurs;
}

void QueueStore::save(const std::vector<QueueItem>& items)
{
    // The folder is made when there first is something to keep in it.
    if (!m_isOurs && m_problem.isEmpty()) {
        static_cast<void>(makeFolder(m_folder.toStdString()));
        if (!take())
            Q_EMIT failed(m_problem);
    }
    if (!m_isOurs)
        return;
    m_waiting = items;
    m_isWaiting = true;
    write();
}

void QueueStore::write()
{
    if (!m_isWaiting || m_isWriting)
        return;
    m_isWaiting = false;
    m_isWriting = true;
    m_writing = inBackground(
        [file = m_file, items = std::exchange(m_waiting, {})] { return writeItems(file, items); });
    m_writing.then(this, [this](const Status& written) {
        m_isWriting = false;
        if (!written)
            Q_EMIT failed(
                tr("The queue cannot be saved: %1").arg(QString::fromStdString(written.error().message)));
        write();
    });
}

} // namespace frostline
