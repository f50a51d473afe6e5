#include "controls/fold_box.h"

#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace frostline {

FoldBox::FoldBox(const QString& title, QWidget* content, QWidget* parent)
    : QWidget(parent),
      m_heading(new QToolButton(this)),
      m_content(content)
{
    QFont bold = font();
    bold.setBold(true);
    m_heading->setText(title);
    m_heading->setFont(bold);
    m_heading->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_heading->setAutoRaise(true);
    m_heading->setCheckable(true);
    m_heading->setChecked(true);
    m_heading->setFocusPolicy(Qt::StrongFocus);
    styleHeading();
    auto* line = new QFrame(this);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Sunken);
    auto* heading = new QHBoxLayout;
    heading->setSpacing(6);
    heading->addWidget(m_heading);
    heading->addWidget(line, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(heading);
    layout->addWidget(content);
    connect(m_heading, &QToolButton::toggled, this, &FoldBox::showOpen);
    showOpen(true);
}

/// A style sheet keeps the colours it was given with, so it is given anew with every palette.
void FoldBox::styleHeading()
{
    m_heading->setStyleSheet(QStringLiteral("QToolButton { border: none; padding: 2px; color: %1; }"
                                            "QToolButton:focus { text-decoration: underline; }")
                                 .arg(palette().color(QPalette::WindowText).name()));
}

void FoldBox::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        styleHeading();
}

void FoldBox::setOpen(bool open)
{
    m_heading->setChecked(open);
}

bool FoldBox::isOpen() const
{
    return m_heading->isChecked();
}

void FoldBox::showOpen(bool open)
{
    m_heading->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    m_content->setVisible(open);
}

} // namespace frostline
