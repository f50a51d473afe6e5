#include "compare/tool_row.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>

#include "theme/icons.h"

namespace frostline {

ToolRow::ToolRow(QWidget* parent) : QWidget(parent), m_layout(new QHBoxLayout(this))
{
    m_layout->setContentsMargins(8, 4, 8, 4);
    m_layout->setSpacing(4);
}

QToolButton* ToolRow::addButton(const QString& name, const QString& text, const QString& help)
{
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setText(text);
    button->setAccessibleName(text);
    button->setAccessibleDescription(help);
    button->setToolTip(help);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setIcon(icon(name));
    m_layout->addWidget(button);
    m_buttons.push_back(button);
    return button;
}

QToolButton* ToolRow::addToggle(const QString& name, const QString& text, const QString& help, bool on)
{
    auto* button = addButton(name, text, help);
    button->setCheckable(true);
    button->setChecked(on);
    return button;
}

void ToolRow::addWidget(QWidget* widget, int stretch)
{
    m_layout->addWidget(widget, stretch);
}

void ToolRow::addSpacing()
{
    m_layout->addSpacing(8);
}

void ToolRow::addStretch()
{
    m_layout->addStretch(1);
}

void ToolRow::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateIcons();
}

void ToolRow::updateIcons()
{
    for (auto* button : m_buttons)
        button->setIcon(icon(button->objectName()));
}

} // namespace frostline
