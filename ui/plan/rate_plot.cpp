#include "plan/rate_plot.h"

#include <algorithm>
#include <cmath>

#include <QToolTip>
#include <QVBoxLayout>

#include <qcustomplot.h>

#include "compare/plot_frame.h"
#include "plots/number_text.h"
#include "plots/tickers.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kLeastLeft = 58;
constexpr int kRight = 20; ///< A scroll bar under it has room there.
constexpr double kHeadroom = 1.08;
constexpr double kDecadesBelow = 5.0; ///< Where a rate ends at zero.

QCPAxis& bottom(const QCPAxisRect& rect)
{
    return *rect.axis(QCPAxis::atBottom);
}

QCPAxis& left(const QCPAxisRect& rect)
{
    return *rect.axis(QCPAxis::atLeft);
}

} // namespace

RatePlot::RatePlot(QWidget* parent) : QWidget(parent), m_canvas(new QCustomPlot(this))
{
    setAccessibleName(tr("Planned learning rate"));
    createCanvas();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_canvas);
    connect(m_canvas, &QCustomPlot::afterReplot, this, &RatePlot::viewChanged);
    connect(m_canvas, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { showTip(event->pos()); });
    applyPalette();
}

RatePlot::~RatePlot()
{
    disconnect(m_canvas, nullptr, this, nullptr);
}

void RatePlot::createCanvas()
{
    m_canvas->setObjectName(QStringLiteral("planRates"));
    m_canvas->setMouseTracking(true);
    m_canvas->setLocale(QLocale());
    m_canvas->setAutoAddPlottableToLegend(false);
    m_canvas->setPlottingHint(QCP::phFastPolylines);
    m_canvas->plotLayout()->clear();
    m_rect = new QCPAxisRect(m_canvas, true);
    createFrame(*m_rect);
    m_canvas->plotLayout()->addElement(0, 0, m_rect);
    left(*m_rect).setTicker(numberTicker(4));
    left(*m_rect).setNumberFormat(QStringLiteral("g"));
    setLeftRoom(kLeastLeft);
    m_now = addLine();
    m_now->setVisible(false);
}

QCPItemStraightLine* RatePlot::addLine()
{
    auto* line = new QCPItemStraightLine(m_canvas);
    line->setClipAxisRect(m_rect);
    line->setSelectable(false);
    for (auto* position : {line->point1, line->point2}) {
        position->setAxisRect(m_rect);
        position->setAxes(&bottom(*m_rect), &left(*m_rect));
        position->setTypeX(QCPItemPosition::ptPlotCoords);
        position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    return line;
}

void RatePlot::setCourse(const PlannedCourse& course)
{
    m_course = course;
    bottom(*m_rect).setTicker(course.hasSteps ? stepTicker() : numberTicker(8));
    const double end = xOf(course.steps());
    bottom(*m_rect).setRange(-0.01 * end, 1.01 * std::max(end, 1e-9));
    fillGraphs();
    placeLines();
    fitRates();
    describe();
    applyPalette();
}

void RatePlot::fillGraphs()
{
    for (auto* graphs : {&m_known, &m_guessed}) {
        for (auto* graph : *graphs)
            m_canvas->removeGraph(graph);
        graphs->clear();
    }
    std::size_t phase = 0;
    QCPGraph* graph = nullptr;
    for (const auto& point : m_course.rates) {
        if (!graph || point.step >= m_course.begins[phase + 1]) {
            phase += graph ? 1 : 0;
            graph = m_canvas->addGraph(&bottom(*m_rect), &left(*m_rect));
            (point.dependsOnRun ? m_guessed : m_known).push_back(graph);
        }
        graph->addData(xOf(point.step), point.rate);
    }
}

void RatePlot::placeLines()
{
    for (auto* line : m_lines)
        m_canvas->removeItem(line);
    m_lines.clear();
    for (std::size_t i = 1; i + 1 < m_course.begins.size(); ++i) {
        m_lines.push_back(addLine());
        const double x = xOf(m_course.begins[i]);
        m_lines.back()->point1->setCoords(x, 0.0);
        m_lines.back()->point2->setCoords(x, 1.0);
    }
}

void RatePlot::fitRates()
{
    std::optional<Interval> values;
    double highest = 0.0;
    for (const auto& point : m_course.rates)
        highest = std::max(highest, point.rate);
    const double lowest = highest * std::pow(10.0, -kDecadesBelow);
    for (const auto& point : m_course.rates)
        include(values, m_isLogarithmic ? std::max(point.rate, lowest) : point.rate);
    if (!m_isLogarithmic)
        include(values, 0.0);
    const auto scale = m_isLogarithmic ? Scale::Logarithmic : Scale::Linear;
    const auto range = padded(values.value_or(Interval{1e-4, 1e-3}), scale);
    left(*m_rect).setScaleType(m_isLogarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    left(*m_rect).setTicker(m_isLogarithmic ? logarithmicTicker(4) : numberTicker(4));
    left(*m_rect).setRange(m_isLogarithmic ? range.lower : 0.0,
                           m_isLogarithmic ? range.upper : std::max(range.upper, kHeadroom * highest));
}

void RatePlot::setLogarithmic(bool on)
{
    m_isLogarithmic = on;
    fitRates();
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void RatePlot::setNow(Step step)
{
    if (std::exchange(m_nowStep, step) == step)
        return;
    m_now->setVisible(step >= 0);
    m_now->point1->setCoords(xOf(step), 0.0);
    m_now->point2->setCoords(xOf(step), 1.0);
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void RatePlot::setLeftRoom(int pixels)
{
    const int room = std::max(kLeastLeft, pixels);
    if (std::exchange(m_leftRoom, room) == room)
        return;
    m_rect->setMinimumMargins(QMargins(room, 8, kRight, 4));
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void RatePlot::applyPalette()
{
    applyFrameStyle(*m_rect, palette(), font());
    m_canvas->setBackground(palette().brush(QPalette::Base));
    const QColor colour = seriesColour(2, palette());
    for (auto* graph : m_known)
        graph->setPen(QPen(colour, 2.0));
    for (auto* graph : m_guessed)
        graph->setPen(QPen(colour, 2.0, Qt::DashLine));
    QColor faint = palette().color(QPalette::Text);
    faint.setAlphaF(0.55f);
    for (auto* line : m_lines)
        line->setPen(QPen(faint, 1.0, Qt::DotLine));
    m_now->setPen(QPen(palette().color(QPalette::Highlight), 2.0));
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void RatePlot::describe()
{
    if (m_course.rates.empty())
        return;
    const auto [lowest, highest] = std::ranges::minmax(m_course.rates, {}, &PlannedRate::rate);
    setAccessibleDescription(
        tr("From %1 to %2").arg(rateText(lowest.rate, QLocale()), rateText(highest.rate, QLocale())));
}

void RatePlot::showTip(const QPoint& position)
{
    if (m_course.rates.empty() || !stepArea().contains(position)) {
        QToolTip::hideText();
        return;
    }
    const Step step = stepAt(bottom(*m_rect).pixelToCoord(position.x()));
    auto point = std::ranges::lower_bound(m_course.rates, step, {}, &PlannedRate::step);
    if (point == m_course.rates.end())
        --point;
    const double epoch = static_cast<double>(point->step) / static_cast<double>(m_course.stepsPerEpoch);
    const QString place = m_course.hasSteps ? tr("Step %1").arg(QLocale().toString(qlonglong(point->step)))
                                            : tr("Epoch %1").arg(QLocale().toString(epoch, 'f', 1));
    const QString text = tr("%1: learning rate %2").arg(place, rateText(point->rate, QLocale()));
    QToolTip::showText(m_canvas->mapToGlobal(position), text, m_canvas);
}

QRect RatePlot::stepArea() const
{
    return m_rect->rect();
}

XAxis RatePlot::axis() const
{
    return m_course.hasSteps ? XAxis::Steps : XAxis::Epochs;
}

Interval RatePlot::xRange() const
{
    const auto range = bottom(*m_rect).range();
    return {range.lower, range.upper};
}

double RatePlot::xOf(Step step) const
{
    const auto steps = static_cast<double>(step);
    return m_course.hasSteps ? steps : steps / static_cast<double>(m_course.stepsPerEpoch);
}

Step RatePlot::stepAt(double x) const
{
    const double steps = m_course.hasSteps ? x : x * static_cast<double>(m_course.stepsPerEpoch);
    return std::clamp<Step>(std::llround(steps), 0, m_course.steps());
}

QSize RatePlot::sizeHint() const
{
    return {400, 130};
}

void RatePlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyPalette();
}

} // namespace frostline
