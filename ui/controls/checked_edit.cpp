#include "controls/checked_edit.h"

#include <algorithm>

#include <QKeyEvent>

#include "controls/number_text.h"
#include "theme/colours.h"

namespace frostline {

namespace {

QString rangeProblem(const QString& text, double lowest, double highest)
{
    const auto number = numberOf(text);
    if (!number)
        return CheckedEdit::tr("Not a number");
    if (*number < lowest || *number > highest)
        return CheckedEdit::tr("From %1 to %2").arg(numberText(lowest), numberText(highest));
    return {};
}

} // namespace

CheckedEdit::CheckedEdit(Check check, QWidget* parent) : QLineEdit(parent), m_check(std::move(check))
{
    connect(this, &QLineEdit::editingFinished, this, &CheckedEdit::finish);
    connect(this, &QLineEdit::textEdited, this, &CheckedEdit::noteEdit);
}

void CheckedEdit::setCommitted(const QString& text)
{
    m_committed = text;
    setText(text);
    setProblem({});
}

void CheckedEdit::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && text() != m_committed)
        setCommitted(QString(m_committed));
    else
        QLineEdit::keyPressEvent(event);
}

void CheckedEdit::finish()
{
    setProblem(m_check(text()));
    if (!m_problem.isEmpty() || text() == m_committed)
        return;
    m_committed = text();
    Q_EMIT textCommitted(m_committed);
}

void CheckedEdit::noteEdit()
{
    // A half-typed number is no mistake yet, but one that has been put right is none any more.
    if (!m_problem.isEmpty())
        setProblem(m_check(text()));
}

void CheckedEdit::setProblem(const QString& problem)
{
    if (problem == m_problem)
        return;
    m_problem = problem;
    QPalette colours;
    if (!problem.isEmpty())
        colours.setColor(QPalette::Text, warningColour(palette()));
    setPalette(colours);
    Q_EMIT problemChanged(problem);
}

NumberEdit::NumberEdit(double lowest, double highest, QWidget* parent)
    : CheckedEdit([lowest, highest](const QString& text) { return rangeProblem(text, lowest, highest); },
                  parent)
{
    connect(this, &CheckedEdit::textCommitted, this, [this](const QString& text) {
        const double value = numberOf(text).value_or(m_value);
        if (std::exchange(m_value, value) != value)
            Q_EMIT valueCommitted(value);
    });
}

void NumberEdit::setValue(double value)
{
    m_value = value;
    setCommitted(numberText(value));
}

HintLabel::HintLabel(CheckedEdit* edit, QWidget* parent) : QLabel(parent)
{
    setWordWrap(true);
    hide();
    connect(edit, &CheckedEdit::problemChanged, this, [this](const QString& problem) {
        QPalette colours;
        colours.setColor(QPalette::WindowText, warningColour(colours));
        setPalette(colours);
        setText(problem);
        constexpr int kNarrowest = 120;
        setMinimumHeight(problem.isEmpty() ? 0 : heightForWidth(std::max(width(), kNarrowest)));
        setVisible(!problem.isEmpty());
    });
}

} // namespace frostline
