#pragma once

#include <QWidget>

#include "plan/planned_course.h"
#include "plots/step_axis.h"

class QCPAxisRect;
class QCPGraph;
class QCPItemStraightLine;
class QCustomPlot;

namespace frostline {

/// The learning rate over a plan's steps; over its epochs while the steps of one are unknown. GUI thread.
class RatePlot : public QWidget, public StepAxis {
    Q_OBJECT
public:
    explicit RatePlot(QWidget* parent = nullptr);
    ~RatePlot() override;

    void setCourse(const PlannedCourse& course);
    void setLogarithmic(bool on);
    /// Where a run is; -1 for nowhere.
    void setNow(Step step);
    /// At least as wide a margin left of the rates.
    void setLeftRoom(int pixels);

    const QWidget& stepWidget() const override { return *this; }
    QRect stepArea() const override;
    XAxis axis() const override;
    Interval xRange() const override;
    double xOf(Step step) const override;
    Step stepAt(double x) const override;

    QSize sizeHint() const override;

Q_SIGNALS:
    void viewChanged(); ///< After each time it was drawn.

protected:
    void changeEvent(QEvent* event) override;

private:
    void createCanvas();
    void fillGraphs();
    void placeLines();
    void fitRates();
    void applyPalette();
    void describe();
    void showTip(const QPoint& position);
    QCPItemStraightLine* addLine();

    PlannedCourse m_course;
    QCustomPlot* m_canvas;
    QCPAxisRect* m_rect = nullptr;
    std::vector<QCPGraph*> m_known; ///< One for each phase, for between two the rate leaps.
    std::vector<QCPGraph*> m_guessed;
    std::vector<QCPItemStraightLine*> m_lines;
    QCPItemStraightLine* m_now = nullptr;
    Step m_nowStep = -1;
    int m_leftRoom = 0;
    bool m_isLogarithmic = false;
};

} // namespace frostline
