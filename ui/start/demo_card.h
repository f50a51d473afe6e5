#pragma once

#include <vector>

#include <QAbstractButton>
#include <QPixmap>

#include "start/architecture_strip.h"
#include "start/demos.h"

namespace frostline {

/// A demo to click: its picture, its title, and what to look for.
class DemoCard : public QAbstractButton {
    Q_OBJECT
public:
    static constexpr int kSmallestWidth = 250;
    static constexpr int kHeight = 206;

    explicit DemoCard(const Demo& demo, QWidget* parent = nullptr);

    const QString& file() const { return m_file; }
    QSize sizeHint() const override { return {kSmallestWidth, kHeight}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void paintFrame(QPainter& painter) const;
    void paintText(QPainter& painter, const QRect& area) const;

    QString m_file;
    QString m_sentence;
    QPixmap m_picture;
    std::vector<StripBlock> m_blocks;
};

} // namespace frostline
