#pragma once

#include <deque>
#include <functional>
#include <set>

#include <QCache>
#include <QImage>
#include <QObject>

namespace frostline {

/// Pictures of samples. Those that take a while, since a file has to be read and decoded, are made on threads
/// of the pool, the last asked for first, and kept: painting never waits for them. GUI thread.
class PictureCache : public QObject {
    Q_OBJECT
public:
    using Make = std::function<QImage(std::int64_t sample)>;
    enum class Takes { NoTime, AWhile };

    explicit PictureCache(QObject* parent = nullptr);

    /// `make` has to own what it draws from, and is called on any thread where it takes a while.
    void setSource(Make make, Takes takes);
    /// Empty while it is being made.
    QImage picture(std::int64_t sample);

Q_SIGNALS:
    void made(qint64 sample);

private:
    void makeNext();

    Make m_make;
    Takes m_takes = Takes::NoTime;
    int m_source = 0; ///< Counts sources: what an earlier one made is not told.
    QCache<qint64, QImage> m_pictures;
    std::deque<std::int64_t> m_wanted; ///< The last asked for at its end.
    std::set<std::int64_t> m_inWork;
};

} // namespace frostline
