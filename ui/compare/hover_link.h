#pragma once

#include <QObject>
#include <QString>

namespace frostline {

/// Which run the pointer is on; shared by all that show runs, so that it lights up in each. GUI thread.
class HoverLink : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Folder of the run; empty for none.
    const QString& run() const { return m_run; }

public Q_SLOTS:
    void setRun(const QString& folder)
    {
        if (m_run == folder)
            return;
        m_run = folder;
        Q_EMIT hovered(folder);
    }

Q_SIGNALS:
    void hovered(const QString& folder);

private:
    QString m_run;
};

} // namespace frostline
