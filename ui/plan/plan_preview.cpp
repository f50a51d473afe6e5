#include "plan/plan_preview.h"

#include <algorithm>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "plan/rate_plot.h"
#include "timeline/freeze_legend.h"
#include "timeline/timeline_strip.h"

namespace frostline {

namespace {

constexpr int kNameRoom = 6; ///< Between the names of layers and the axis.

} // namespace

PlanPreview::PlanPreview(QWidget* parent)
    : QWidget(parent),
      m_rates(new RatePlot(this)),
      m_strip(new TimelineStrip(m_track, *m_rates, this)),
      m_logarithmic(new QCheckBox(tr("Log scale"), this)),
      m_note(new QLabel(this))
{
    m_strip->setObjectName(QStringLiteral("planStrip"));
    m_strip->setPlanned(tr("The layers appear here once data and network have been read"));
    m_note->setObjectName(QStringLiteral("planNote"));
    m_note->setWordWrap(true);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setContentsMargins(8, 0, 8, 2);
    m_rates->setFixedHeight(m_rates->sizeHint().height());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createHeading());
    layout->addWidget(m_rates);
    layout->addWidget(m_strip, 1);
    layout->addWidget(m_note);
    connect(m_logarithmic, &QCheckBox::toggled, m_rates, &RatePlot::setLogarithmic);
    connect(m_rates, &RatePlot::viewChanged, m_strip, &TimelineStrip::followAxis);
    m_lineUpSoon.setSingleShot(true);
    m_lineUpSoon.setInterval(0);
    connect(&m_lineUpSoon, &QTimer::timeout, this, &PlanPreview::lineUp);
}

QWidget* PlanPreview::createHeading()
{
    auto* heading = new QWidget(this);
    auto* title = new QLabel(tr("Learning rate, and which layers train when"), heading);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    m_logarithmic->setToolTip(tr("Draws the learning rate on a logarithmic scale"));
    auto* layout = new QHBoxLayout(heading);
    layout->setContentsMargins(8, 4, 8, 2);
    layout->addWidget(title);
    layout->addWidget(m_logarithmic);
    layout->addWidget(new FreezeLegend(heading), 1);
    return heading;
}

void PlanPreview::setPlan(const std::vector<PlanReport>& reports, const QStringList& names,
                          Step stepsPerEpoch)
{
    m_course = plannedCourse(reports, stepsPerEpoch);
    m_rates->setCourse(m_course);
    m_track.clear();
    if (!reports.empty() && !reports.front().layers.empty()) {
        m_track.begin(reports.front().layers);
        for (std::size_t i = 0; i < reports.size() && !names.isEmpty(); ++i) {
            const std::string name = names[static_cast<qsizetype>(i)].toStdString();
            m_track.apply({m_course.begins[i], {ChangeKind::Phase, "", name}, Origin::Phase, ""},
                          reports[i].layers);
        }
        m_track.setSteps(m_course.steps());
    }
    m_strip->showOtherLayers();
    m_lineUpSoon.start();
    showNotes(std::ranges::any_of(reports, &PlanReport::mayEndEarly));
}

void PlanPreview::showNotes(bool mayEndEarly)
{
    QStringList notes;
    if (m_course.dependsOnRun())
        notes << tr("Dashed: when the rate drops on a plateau depends on the run.");
    if (mayEndEarly)
        notes << tr("What may end early is drawn at its longest.");
    if (!m_course.hasSteps)
        notes << tr("In epochs: how many steps one has is known once the data has been read.");
    m_note->setText(notes.join(QLatin1Char(' ')));
    m_note->setVisible(!notes.isEmpty());
}

void PlanPreview::setNow(int phase, Step stepsInPhase)
{
    m_strip->setSelected(phase);
    const bool isSomewhere = phase >= 0 && phase + 1 < static_cast<int>(m_course.begins.size());
    if (!isSomewhere) {
        m_rates->setNow(-1);
        return;
    }
    const auto at = static_cast<std::size_t>(phase);
    m_rates->setNow(std::min(m_course.begins[at] + stepsInPhase, m_course.begins[at + 1]));
}

void PlanPreview::lineUp()
{
    const int offset = m_rates->mapToGlobal(QPoint()).x() - m_strip->mapToGlobal(QPoint()).x();
    m_rates->setLeftRoom(m_strip->labelWidth() + kNameRoom - offset);
}

void PlanPreview::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_lineUpSoon.start();
}

void PlanPreview::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_lineUpSoon.start();
}

} // namespace frostline
