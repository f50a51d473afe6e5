#pragma once

#include <QWidget>

namespace frostline {

/// Says how the strip paints what is frozen and what is not. GUI thread.
class FreezeLegend : public QWidget {
    Q_OBJECT
public:
    explicit FreezeLegend(QWidget* parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace frostline
