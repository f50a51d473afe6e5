#include "data/picture_cache.h"

#include <algorithm>
#include <utility>

#include "run/background.h"

namespace frostline {

namespace {

constexpr int kMostKept = 2000;
constexpr std::size_t kMostWanted = 300; ///< More than a screen shows: what was scrolled past is dropped.
constexpr std::size_t kAtOnce = 2;

} // namespace

PictureCache::PictureCache(QObject* parent) : QObject(parent), m_pictures(kMostKept) {}

void PictureCache::setSource(Make make, Takes takes)
{
    ++m_source;
    m_make = std::move(make);
    m_takes = takes;
    m_pictures.clear();
    m_wanted.clear();
    m_inWork.clear();
}

QImage PictureCache::picture(std::int64_t sample)
{
    if (!m_make)
        return {};
    if (m_takes == Takes::NoTime)
        return m_make(sample);
    if (const auto* known = m_pictures.object(sample))
        return *known;
    if (m_inWork.contains(sample))
        return {};
    std::erase(m_wanted, sample);
    m_wanted.push_back(sample);
    if (m_wanted.size() > kMostWanted)
        m_wanted.pop_front();
    makeNext();
    return {};
}

void PictureCache::makeNext()
{
    while (m_inWork.size() < kAtOnce && !m_wanted.empty()) {
        const auto sample = m_wanted.back();
        m_wanted.pop_back();
        m_inWork.insert(sample);
        inBackground([make = m_make, sample] {
            return make(sample);
        }).then(this, [this, sample, source = m_source](const QImage& picture) {
            if (source != m_source)
                return;
            m_inWork.erase(sample);
            m_pictures.insert(sample, new QImage(picture));
            Q_EMIT made(sample);
            makeNext();
        });
    }
}

} // namespace frostline
