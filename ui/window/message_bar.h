#pragma once

#include <functional>
#include <vector>

#include <QFrame>
#include <QString>

class QLabel;
class QPushButton;
class QToolButton;

namespace frostline {

struct MessageAction {
    QString text;
    std::function<void()> run;
};

/// One thing that the user should know, and perhaps what to do about it.
struct Message {
    enum class Kind {
        Info,
        Outcome, ///< What became of a run: as urgent as a warning, so that no older one hides it.
        Warning,
        Error
    };

    Kind kind = Kind::Info;
    QString text = {};
    QString key = {};        ///< A later message with the same key takes the place of this one.
    QString actionText = {}; ///< Empty: no button.
    std::function<void()> action = {};
    std::vector<MessageAction> others = {}; ///< Buttons before it, which leave the message where it is.
};

/// The one place where errors appear: a bar above the page that shows one message at a time, the gravest
/// first, then the newest. Hidden while there is none. GUI thread.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(QWidget* parent = nullptr);

    void post(const Message& message);
    /// Takes back the message with this key, shown or waiting.
    void withdraw(const QString& key);
    void clear();

    /// Shown and waiting.
    int count() const { return static_cast<int>(m_messages.size()); }
    /// The message that is shown; there has to be one.
    const Message& current() const { return m_messages.front(); }

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void showFirst();
    void updateIcons();
    void closeFirst();
    void runAction();
    void showOthers(const std::vector<MessageAction>& actions);

    std::vector<Message> m_messages;
    QLabel* m_icon;
    QLabel* m_text;
    QLabel* m_waiting;
    QPushButton* m_action;
    QWidget* m_others;
    QToolButton* m_close;
};

} // namespace frostline
