#pragma once

#include <QLabel>

namespace frostline {

/// A label that shortens its text in the middle where there is no room for it, with all of it as tooltip.
class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    void setFullText(const QString& text);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace frostline
