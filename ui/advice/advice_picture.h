#pragma once

#include <optional>

#include <QWidget>

#include "advice/advice.h"

namespace frostline {

/// The network's blocks as advised: what is frozen, where the frost line lies, and under each block its ratio
/// of gradient to weight. GUI thread.
class AdvicePicture : public QWidget {
    Q_OBJECT
public:
    explicit AdvicePicture(QWidget* parent = nullptr);

    void setAdvice(const std::optional<Advice>& advice);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QRect stripArea() const;
    void paintFrostLine(QPainter& painter, const std::vector<QRectF>& boxes) const;
    void paintBars(QPainter& painter, const std::vector<QRectF>& boxes) const;
    void paintNames(QPainter& painter, const std::vector<QRectF>& boxes) const;

    std::optional<Advice> m_advice;
};

} // namespace frostline
