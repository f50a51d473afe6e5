#pragma once

#include <QDialog>

#include "training/intervention.h"

class QCheckBox;
class QSpinBox;

namespace frostline {

/// Asks from which step of a session to branch. GUI thread.
class BranchDialog : public QDialog {
    Q_OBJECT
public:
    /// `lastStep` is the number of steps the session has.
    BranchDialog(const QString& session, Step lastStep, Step likelyStep, QWidget* parent = nullptr);

    Step step() const;
    /// Whether changes that were made later are to be made again.
    bool keepsLater() const;

private:
    QSpinBox* m_step;
    QCheckBox* m_keepLater;
};

} // namespace frostline
