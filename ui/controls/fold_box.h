#pragma once

#include <QWidget>

class QToolButton;

namespace frostline {

/// A group of controls under a heading that folds it away. GUI thread.
class FoldBox : public QWidget {
    Q_OBJECT
public:
    FoldBox(const QString& title, QWidget* content, QWidget* parent = nullptr);

    void setOpen(bool open);
    bool isOpen() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void styleHeading();
    void showOpen(bool open);

    QToolButton* m_heading = nullptr;
    QWidget* m_content = nullptr;
};

} // namespace frostline
