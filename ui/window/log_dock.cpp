#include "window/log_dock.h"

#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QTime>

namespace frostline {

namespace {

constexpr int kMaximumLines = 5000;

} // namespace

LogDock::LogDock(QWidget* parent) : QDockWidget(tr("Log"), parent), m_text(new QPlainTextEdit(this))
{
    setObjectName(QStringLiteral("logDock"));
    m_text->setReadOnly(true);
    m_text->setMaximumBlockCount(kMaximumLines);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setAccessibleName(windowTitle());
    m_text->setPlaceholderText(tr("Nothing has happened yet."));
    setWidget(m_text);
}

void LogDock::append(const QString& text)
{
    m_text->appendPlainText(
        QStringLiteral("%1  %2").arg(QTime::currentTime().toString(QStringLiteral("HH:mm:ss")), text));
}

} // namespace frostline
