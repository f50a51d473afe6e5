#include "range/range_plot.h"

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

#include "compare/plot_frame.h"
#include "compare/run_style.h"
#include "plots/number_text.h"
#include "plots/plot_export.h"
#include "plots/plot_scaling.h"
#include "plots/tickers.h"
#include "range/range_text.h"
#include "theme/appearance.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kTicks = 8;
constexpr double kFaint = 0.45;
constexpr double kPictureScale = 2.0;
constexpr QSize kSmallestPicture(900, 500);

} // namespace

RangePlot::RangePlot(QWidget* parent) : QWidget(parent), m_canvas(new QCustomPlot(this))
{
    setAccessibleName(tr("Loss over learning rate"));
    createCanvas();
    createCurves();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_canvas);
    connect(m_canvas, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { followMouse(*event); });
    const RangeTestOptions usual;
    begin(usual.start, usual.end);
}

RangePlot::~RangePlot()
{
    disconnect(m_canvas, nullptr, this, nullptr);
}

void RangePlot::createCanvas()
{
    m_canvas->setObjectName(QStringLiteral("rangeCanvas"));
    m_canvas->setMouseTracking(true);
    m_canvas->setLocale(QLocale());
    m_canvas->setAutoAddPlottableToLegend(false);
    m_canvas->plotLayout()->clear();
    m_rect = new QCPAxisRect(m_canvas, true);
    createFrame(*m_rect);
    m_canvas->plotLayout()->addElement(0, 0, m_rect);
    auto* rates = m_rect->axis(QCPAxis::atBottom);
    rates->setScaleType(QCPAxis::stLogarithmic);
    rates->setTicker(logarithmicTicker(kTicks));
    rates->setLabel(tr("Learning rate"));
    m_rect->axis(QCPAxis::atLeft)->setTicker(numberTicker(6));
    m_rect->axis(QCPAxis::atLeft)->setLabel(tr("Loss"));
    m_marks = std::make_unique<RangeMarks>(*m_canvas, *m_rect);
}

void RangePlot::createCurves()
{
    m_legend = new QCPLegend;
    m_rect->insetLayout()->addElement(m_legend, Qt::AlignLeft | Qt::AlignTop);
    m_rect->insetLayout()->setMargins(QMargins(10, 10, 10, 10));
    m_legend->setLayer(QStringLiteral("legend"));
    m_raw = m_canvas->addGraph(m_rect->axis(QCPAxis::atBottom), m_rect->axis(QCPAxis::atLeft));
    m_raw->setName(tr("Each step"));
    m_smooth = m_canvas->addGraph(m_rect->axis(QCPAxis::atBottom), m_rect->axis(QCPAxis::atLeft));
    m_smooth->setName(tr("Smoothed"));
    m_smooth->addToLegend(m_legend);
    m_raw->addToLegend(m_legend);
}

void RangePlot::begin(double start, double end)
{
    m_start = start;
    m_end = end;
    m_points.clear();
    m_raw->data()->clear();
    m_smooth->data()->clear();
    m_marks->set({});
    setAccessibleDescription({});
    fit();
    redraw();
}

void RangePlot::add(std::span<const RangePoint> points)
{
    for (const auto& point : points) {
        m_points.push_back(point);
        m_raw->addData(point.rate, point.loss);
        m_smooth->addData(point.rate, point.smoothed);
    }
    fit();
    redraw();
}

void RangePlot::setSuggestions(const std::vector<RateSuggestion>& suggestions)
{
    std::vector<RangeMark> marks;
    for (const auto& suggestion : suggestions) {
        if (suggestion.rate)
            marks.push_back({suggestion.method, *suggestion.rate, smoothedAt(*suggestion.rate)});
    }
    m_marks->set(std::move(marks));
    if (!m_points.empty())
        setAccessibleDescription(tr("%1 steps, up to a rate of %2")
                                     .arg(QLocale().toString(static_cast<qlonglong>(m_points.size())),
                                          rateText(m_points.back().rate, QLocale())));
    redraw();
}

/// Between two steps the curve is straight over the logarithm.
double RangePlot::smoothedAt(double rate) const
{
    const auto after = std::ranges::lower_bound(m_points, rate, {}, &RangePoint::rate);
    if (after == m_points.begin())
        return m_points.front().smoothed;
    if (after == m_points.end())
        return m_points.back().smoothed;
    const auto& before = *std::prev(after);
    return std::lerp(before.smoothed, after->smoothed,
                     std::log(rate / before.rate) / std::log(after->rate / before.rate));
}

/// Where the raw loss shoots up it may leave the picture: the smoothed one tells enough.
void RangePlot::fit()
{
    std::optional<Interval> losses;
    for (const auto& point : m_points)
        include(losses, point.smoothed);
    const double highest = losses ? losses->upper : 0.0;
    for (const auto& point : m_points)
        include(losses, std::min(point.loss, highest));
    const auto range = losses ? padded(*losses, Scale::Linear) : Interval{0.0, 1.0};
    m_rect->axis(QCPAxis::atLeft)->setRange(range.lower, range.upper);
    m_rect->axis(QCPAxis::atBottom)->setRange(m_start, m_end);
}

void RangePlot::redraw()
{
    applyStyle(palette());
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void RangePlot::applyStyle(const QPalette& palette)
{
    const QColor base = palette.color(QPalette::Base);
    const QColor colour = seriesColour(0, palette);
    m_canvas->setBackground(base);
    applyFrameStyle(*m_rect, palette, font());
    m_rect->setMinimumMargins(QMargins(8, RangeMarks::stripHeight(font()), 16, 6));
    m_raw->setPen(QPen(faded(colour, base, kFaint), 1.0));
    m_smooth->setPen(QPen(colour, 2.2));
    m_marks->applyStyle(palette, font());
    m_legend->setVisible(!m_points.empty());
    m_legend->setFont(font());
    m_legend->setTextColor(palette.color(QPalette::Text));
    m_legend->setBrush(base);
    m_legend->setBorderPen(Qt::NoPen);
}

void RangePlot::followMouse(const QMouseEvent& event)
{
    const double rate = m_rect->axis(QCPAxis::atBottom)->pixelToCoord(event.position().x());
    const bool isOnCurve = !m_points.empty() && m_rect->rect().contains(event.pos()) &&
                           rate >= m_points.front().rate && rate <= m_points.back().rate;
    if (!isOnCurve) {
        QToolTip::hideText();
        return;
    }
    const QLocale locale;
    QToolTip::showText(event.globalPosition().toPoint(),
                       tr("learning rate %1<br>smoothed loss %2")
                           .arg(rateText(roundedRate(rate), locale), compactNumber(smoothedAt(rate), locale)),
                       m_canvas);
}

QPoint RangePlot::positionOf(RateMethod method) const
{
    const QPoint place = m_marks->positionOf(method);
    return place.isNull() ? place : m_canvas->mapTo(this, place);
}

QByteArray RangePlot::picture(const QString& suffix)
{
    const QSize extent = m_canvas->size().expandedTo(kSmallestPicture);
    applyStyle(lightPalette());
    const QString title = tr("Range test");
    const QByteArray result = suffix == QLatin1String("svg")   ? renderSvg(*m_canvas, extent, title)
                              : suffix == QLatin1String("pdf") ? renderPdf(*m_canvas, extent, title)
                                                               : renderPng(*m_canvas, extent, kPictureScale);
    redraw();
    return result;
}

void RangePlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        redraw();
}

} // namespace frostline
