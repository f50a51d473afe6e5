#pragma once

#include <QDockWidget>

class QPlainTextEdit;

namespace frostline {

/// Everything that happened, a line each with its time of day. Read-only. GUI thread.
class LogDock : public QDockWidget {
    Q_OBJECT
public:
    explicit LogDock(QWidget* parent = nullptr);

    void append(const QString& text);

private:
    QPlainTextEdit* m_text;
};

} // namespace frostline
