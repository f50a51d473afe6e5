#pragma once

#include <QTimer>
#include <QWidget>

#include "plan/planned_course.h"
#include "timeline/freeze_track.h"

class QCheckBox;
class QLabel;

namespace frostline {

class RatePlot;
class TimelineStrip;

/// What a plan comes to, on one axis: the learning rate, and under it which layers train when. GUI thread.
class PlanPreview : public QWidget {
    Q_OBJECT
public:
    explicit PlanPreview(QWidget* parent = nullptr);

    /// `names` are those of the phases; none where the whole run is one.
    void setPlan(const std::vector<PlanReport>& reports, const QStringList& names, Step stepsPerEpoch);
    /// Where a run is: in this phase, as many steps after its beginning. -1 for nowhere.
    void setNow(int phase, Step stepsInPhase);

    const PlannedCourse& course() const { return m_course; }
    const FreezeTrack& track() const { return m_track; }

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* createHeading();
    void lineUp();
    void showNotes(bool mayEndEarly);

    PlannedCourse m_course;
    FreezeTrack m_track;
    RatePlot* m_rates;
    TimelineStrip* m_strip;
    QCheckBox* m_logarithmic;
    QLabel* m_note;
    QTimer m_lineUpSoon;
};

} // namespace frostline
