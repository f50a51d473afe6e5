#pragma once

#include <functional>
#include <optional>

#include <QLabel>
#include <QLineEdit>

namespace frostline {

/// A line of text that counts only once it is finished and makes sense; Escape brings the last such text
/// back. GUI thread.
class CheckedEdit : public QLineEdit {
    Q_OBJECT
public:
    /// Says what is wrong with a text; empty if nothing is.
    using Check = std::function<QString(const QString&)>;

    explicit CheckedEdit(Check check, QWidget* parent = nullptr);

    void setCommitted(const QString& text);
    /// The last text that made sense.
    const QString& committed() const { return m_committed; }
    const QString& problem() const { return m_problem; }

Q_SIGNALS:
    void textCommitted(const QString& text);
    void problemChanged(const QString& problem);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void finish();
    void noteEdit();
    void setProblem(const QString& problem);

    Check m_check;
    QString m_committed;
    QString m_problem;
};

/// A number from `lowest` to `highest`, in any notation; what is typed is kept exactly.
class NumberEdit : public CheckedEdit {
    Q_OBJECT
public:
    NumberEdit(double lowest, double highest, QWidget* parent = nullptr);

    /// May lie outside the range: what a recipe says is shown as it is.
    void setValue(double value);
    double value() const { return m_value; }

Q_SIGNALS:
    void valueCommitted(double value);

private:
    double m_value = 0.0;
};

/// The line under an editor that says, in the warning colour, what is wrong in it; away while nothing is.
class HintLabel : public QLabel {
    Q_OBJECT
public:
    explicit HintLabel(CheckedEdit* edit, QWidget* parent = nullptr);
};

} // namespace frostline
