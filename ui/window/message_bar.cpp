#include "window/message_bar.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "theme/colours.h"
#include "theme/icons.h"

namespace frostline {

namespace {

QString iconNameOf(Message::Kind kind)
{
    switch (kind) {
    case Message::Kind::Error:
        return QStringLiteral("error");
    case Message::Kind::Warning:
        return QStringLiteral("warning");
    case Message::Kind::Outcome:
    case Message::Kind::Info:
        break;
    }
    return QStringLiteral("info");
}

int urgencyOf(const Message& message)
{
    switch (message.kind) {
    case Message::Kind::Error:
        return 2;
    case Message::Kind::Warning:
    case Message::Kind::Outcome:
        return 1;
    case Message::Kind::Info:
        break;
    }
    return 0;
}

QColor colourOf(Message::Kind kind, const QPalette& palette)
{
    switch (kind) {
    case Message::Kind::Error:
        return warningColour(palette);
    case Message::Kind::Warning:
        return trainableColour(palette);
    case Message::Kind::Outcome:
    case Message::Kind::Info:
        break;
    }
    return frozenColour(palette);
}

} // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_text(new QLabel(this)),
      m_waiting(new QLabel(this)),
      m_action(new QPushButton(this)),
      m_others(new QWidget(this)),
      m_close(new QToolButton(this))
{
    m_text->setObjectName(QStringLiteral("messageText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setWordWrap(true);
    m_action->setObjectName(QStringLiteral("messageAction"));
    m_close->setObjectName(QStringLiteral("messageClose"));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(m_close->toolTip());
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 6, 6, 6);
    layout->setSpacing(10);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    auto* others = new QHBoxLayout(m_others);
    others->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_waiting);
    layout->addWidget(m_others);
    layout->addWidget(m_action);
    layout->addWidget(m_close);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::closeFirst);
    connect(m_action, &QPushButton::clicked, this, &MessageBar::runAction);
    hide();
}

void MessageBar::post(const Message& message)
{
    if (!message.key.isEmpty())
        std::erase_if(m_messages, [&](const Message& other) { return other.key == message.key; });
    const auto place = std::ranges::find_if(
        m_messages, [&](const Message& other) { return urgencyOf(other) <= urgencyOf(message); });
    m_messages.insert(place, message);
    showFirst();
}

void MessageBar::withdraw(const QString& key)
{
    std::erase_if(m_messages, [&](const Message& message) { return message.key == key; });
    showFirst();
}

void MessageBar::clear()
{
    m_messages.clear();
    showFirst();
}

void MessageBar::showFirst()
{
    setVisible(!m_messages.empty());
    if (m_messages.empty())
        return;
    const auto& message = m_messages.front();
    m_text->setText(message.text);
    m_text->setAccessibleName(message.text);
    m_action->setVisible(!message.actionText.isEmpty());
    m_action->setText(message.actionText);
    showOthers(message.others);
    m_waiting->setVisible(m_messages.size() > 1);
    m_waiting->setText(tr("%1 more").arg(count() - 1));
    updateIcons();
    update();
}

void MessageBar::showOthers(const std::vector<MessageAction>& actions)
{
    // Later: one of them may be what brought us here.
    for (auto* old : m_others->findChildren<QPushButton*>()) {
        old->setObjectName(QString());
        old->hide();
        old->deleteLater();
    }
    for (const auto& action : actions) {
        auto* button = new QPushButton(action.text, m_others);
        button->setObjectName(QStringLiteral("messageOther"));
        m_others->layout()->addWidget(button);
        connect(button, &QPushButton::clicked, this, [run = action.run] { run(); });
    }
    m_others->setVisible(!actions.empty());
}

void MessageBar::updateIcons()
{
    m_close->setIcon(icon(QStringLiteral("close")));
    if (!m_messages.empty())
        m_icon->setPixmap(icon(iconNameOf(m_messages.front().kind)).pixmap(20));
}

void MessageBar::closeFirst()
{
    if (!m_messages.empty())
        m_messages.erase(m_messages.begin());
    showFirst();
}

void MessageBar::runAction()
{
    const auto action = m_messages.empty() ? nullptr : m_messages.front().action;
    closeFirst();
    if (action)
        action();
}

void MessageBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        updateIcons();
    QFrame::changeEvent(event);
}

void MessageBar::paintEvent(QPaintEvent* event)
{
    QFrame::paintEvent(event);
    if (m_messages.empty())
        return;
    QPainter painter(this);
    const QColor accent = colourOf(m_messages.front().kind, palette());
    QColor wash = accent;
    wash.setAlphaF(0.14f);
    painter.fillRect(rect(), wash);
    painter.fillRect(QRect(0, 0, 4, height()), accent);
}

} // namespace frostline
