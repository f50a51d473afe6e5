#pragma once

#include <QWidget>

class QComboBox;

namespace frostline {

/// A choice in a cell, and "…" for its fields. GUI thread.
class ChoiceEditor : public QWidget {
    Q_OBJECT
public:
    ChoiceEditor(const QString& name, const QStringList& choices, bool hasFields, QWidget* parent = nullptr);

    QComboBox* box() const { return m_box; }
    int choice() const;
    void setChoice(int choice);
    /// It is being closed: that the focus goes means nothing any more. False where it was closed before.
    bool finish();

Q_SIGNALS:
    void chosen();
    void fieldsRequested();
    void left(); ///< The focus has gone elsewhere.

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void takeChoice();
    void followFocus(const QWidget* now);

    QComboBox* m_box;
    bool m_isClosed = false;
    bool m_isWalking = false; ///< With arrow keys, which choose nothing for good yet.
};

} // namespace frostline
