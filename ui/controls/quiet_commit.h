#pragma once

#include <QObject>

class QTimer;

namespace frostline {

/// Tells of a value once, however many changes led to it: when its editor is let go of, or 300 ms after the
/// last change. A value that comes back to what was told before is not told again. GUI thread.
class QuietCommit : public QObject {
    Q_OBJECT
public:
    explicit QuietCommit(QObject* parent = nullptr);

    /// Set from outside: nothing to tell.
    void reset(double value);
    /// Changed by the user; tells by itself unless `isHeld`, while more is sure to follow.
    void change(double value, bool isHeld);
    /// The user has finished.
    void commit();

Q_SIGNALS:
    void committed(double value);

private:
    QTimer* m_quiet = nullptr;
    double m_value = 0.0;
    double m_told = 0.0;
};

} // namespace frostline
