#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "compare/compared_run.h"

class QPainter;

namespace frostline {

class HoverLink;

QString wordFor(FreezeState state);
/// A swatch and a word for each state, as rich text for a label.
QIcon freezeSwatch(FreezeState state, const QPalette& palette);

/// What was trainable when: a layer x step strip for each session, one under the other on one step axis.
/// Where a session was set differently from the baseline is outlined. GUI thread.
class FreezeMapView : public QWidget {
    Q_OBJECT
public:
    explicit FreezeMapView(HoverLink& hover, QWidget* parent = nullptr);

    void setSessions(const ComparedRuns& sessions);
    /// Differences of each session to the baseline, in the sessions' order; of the baseline itself none.
    const std::vector<std::vector<FreezeDifference>>& differences() const { return m_differences; }

    /// A place in the middle of a span; null where there is none.
    QPoint positionOf(int session, int layer, int span) const;
    QRect rowRect(int session, int layer) const;
    /// Puts the keyboard's mark on a layer at a step.
    void setCurrent(int session, const std::string& path, Step step);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// What lies under the pointer or the keyboard's mark; empty for nothing.
    void described(const QString& text);
    void currentMoved(const QRect& row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Place {
        int session = 0;
        int layer = 0;
        int span = 0;

        bool operator==(const Place&) const = default;
    };

    int rowHeight() const;
    int headHeight() const;
    int axisHeight() const;
    int blockTop(int session) const;
    int blockHeight(int session) const;
    QRect strip(int top, int height) const;
    double pixelOf(Step step) const;
    const std::vector<LayerHistory>& historyOf(int session) const;
    const FreezeSpan& spanOf(const Place& place) const;
    QRectF spanRect(const Place& place) const;
    std::optional<Place> placeAt(const QPoint& position) const;
    QString describe(const Place& place) const;
    void measure();
    void moveTo(const Place& place);
    Place moved(const Place& from, int key) const;
    void paintBlock(QPainter& painter, int session, const QRect& exposed) const;
    void paintHead(QPainter& painter, int session) const;
    void paintRow(QPainter& painter, int session, int layer) const;
    void paintDifferences(QPainter& painter, int session, const QRect& exposed) const;
    void paintAxis(QPainter& painter, int session) const;

    HoverLink& m_hover;
    ComparedRuns m_sessions;
    std::vector<std::vector<FreezeDifference>> m_differences;
    std::vector<int> m_tops; ///< Of each session's block, and one more for the end.
    Step m_steps = 1;
    int m_gutter = 0;
    std::optional<Place> m_current;
};

} // namespace frostline
