#include "plan/pattern_edit.h"

#include <QAbstractItemView>
#include <QCompleter>

namespace frostline {

PatternEdit::PatternEdit(const QStringList& words, QWidget* parent)
    : QLineEdit(parent),
      m_completer(new QCompleter(words, this))
{
    m_completer->setWidget(this);
    m_completer->setCompletionMode(QCompleter::PopupCompletion);
    m_completer->setFilterMode(Qt::MatchContains);
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this, &PatternEdit::take);
    connect(this, &QLineEdit::textEdited, this, &PatternEdit::offer);
}

std::pair<int, int> PatternEdit::tokenAtCursor() const
{
    const QString all = text();
    const int at = cursorPosition();
    int begin = at > 0 ? static_cast<int>(all.lastIndexOf(u',', at - 1)) + 1 : 0;
    while (begin < at && all[begin].isSpace())
        ++begin;
    const auto end = static_cast<int>(all.indexOf(u',', at));
    return {begin, end < 0 ? static_cast<int>(all.size()) : end};
}

void PatternEdit::offer()
{
    const auto [begin, end] = tokenAtCursor();
    const QString typed = text().mid(begin, cursorPosition() - begin);
    m_completer->setCompletionPrefix(typed);
    const bool isWhole = m_completer->completionCount() == 1 && m_completer->currentCompletion() == typed;
    if (typed.isEmpty() || isWhole || m_completer->completionCount() == 0)
        m_completer->popup()->hide();
    else
        m_completer->complete();
}

void PatternEdit::take(const QString& word)
{
    const auto [begin, end] = tokenAtCursor();
    setText(text().left(begin) + word + text().mid(end));
    setCursorPosition(begin + static_cast<int>(word.size()));
}

} // namespace frostline
