#include "plan/choice_editor.h"

#include <QApplication>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QToolButton>

namespace frostline {

ChoiceEditor::ChoiceEditor(const QString& name, const QStringList& choices, bool hasFields, QWidget* parent)
    : QWidget(parent),
      m_box(new QComboBox(this))
{
    m_box->addItems(choices);
    m_box->setAccessibleName(name);
    setAutoFillBackground(true);
    setFocusProxy(m_box);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_box, 1);
    m_box->installEventFilter(this);
    connect(m_box, &QComboBox::activated, this, &ChoiceEditor::takeChoice);
    connect(qApp, &QApplication::focusChanged, this,
            [this](const QWidget*, const QWidget* now) { followFocus(now); });
    if (!hasFields)
        return;
    auto* fields = new QToolButton(this);
    fields->setObjectName(QStringLiteral("fields"));
    fields->setText(QStringLiteral("…"));
    fields->setToolTip(tr("Its fields"));
    fields->setAccessibleName(tr("%1: fields").arg(name));
    fields->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(fields);
    connect(fields, &QToolButton::clicked, this, &ChoiceEditor::fieldsRequested);
}

bool ChoiceEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_box && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isArrow = key->key() == Qt::Key_Up || key->key() == Qt::Key_Down ||
                             key->key() == Qt::Key_PageUp || key->key() == Qt::Key_PageDown ||
                             key->key() == Qt::Key_Home || key->key() == Qt::Key_End;
        m_isWalking = isArrow && !key->modifiers().testFlag(Qt::AltModifier);
    }
    return QWidget::eventFilter(watched, event);
}

void ChoiceEditor::takeChoice()
{
    if (!std::exchange(m_isWalking, false))
        Q_EMIT chosen();
}

bool ChoiceEditor::finish()
{
    return !std::exchange(m_isClosed, true);
}

/// The list that drops down is a window of its own, and still a part of this.
void ChoiceEditor::followFocus(const QWidget* now)
{
    for (const auto* widget = now; widget; widget = widget->parentWidget()) {
        if (widget == this)
            return;
    }
    if (now && !m_isClosed)
        Q_EMIT left();
}

int ChoiceEditor::choice() const
{
    return m_box->currentIndex();
}

void ChoiceEditor::setChoice(int choice)
{
    m_box->setCurrentIndex(choice);
}

} // namespace frostline
