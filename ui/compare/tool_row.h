#pragma once

#include <vector>

#include <QWidget>

class QAction;
class QHBoxLayout;
class QToolButton;

namespace frostline {

/// A row of flat icon buttons and other controls; its icons follow the palette. GUI thread.
class ToolRow : public QWidget {
    Q_OBJECT
public:
    explicit ToolRow(QWidget* parent = nullptr);

    /// `name` is that of the icon and of the button as an object.
    QToolButton* addButton(const QString& name, const QString& text, const QString& help);
    QToolButton* addToggle(const QString& name, const QString& text, const QString& help, bool on);
    void addWidget(QWidget* widget, int stretch = 0);
    void addSpacing();
    void addStretch();

protected:
    void changeEvent(QEvent* event) override;

private:
    void updateIcons();

    QHBoxLayout* m_layout;
    std::vector<QToolButton*> m_buttons;
};

} // namespace frostline
