#include "controls/quiet_commit.h"

#include <chrono>

#include <QTimer>

namespace frostline {

using namespace std::chrono_literals;

QuietCommit::QuietCommit(QObject* parent) : QObject(parent), m_quiet(new QTimer(this))
{
    m_quiet->setSingleShot(true);
    m_quiet->setInterval(300ms);
    connect(m_quiet, &QTimer::timeout, this, &QuietCommit::commit);
}

void QuietCommit::reset(double value)
{
    m_quiet->stop();
    m_value = m_told = value;
}

void QuietCommit::change(double value, bool isHeld)
{
    m_value = value;
    if (isHeld)
        m_quiet->stop();
    else
        m_quiet->start();
}

void QuietCommit::commit()
{
    m_quiet->stop();
    if (m_value == m_told)
        return;
    m_told = m_value;
    Q_EMIT committed(m_value);
}

} // namespace frostline
