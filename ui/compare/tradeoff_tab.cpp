#include "compare/tradeoff_tab.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <qcustomplot.h>

#include "compare/compare_export.h"
#include "compare/hover_link.h"
#include "compare/plot_frame.h"
#include "compare/tool_row.h"
#include "plots/number_text.h"
#include "plots/plot_export.h"
#include "plots/plot_scaling.h"
#include "plots/tickers.h"
#include "theme/appearance.h"

namespace frostline {

namespace {

constexpr int kSideBySide = 820; ///< Wide enough for both plots in one row.
constexpr double kPickDistance = 14.0;
constexpr std::size_t kMostNamed = 8;
constexpr double kPictureScale = 2.0;
constexpr QSize kSmallestPicture(900, 600);

QCPScatterStyle markOf(const RunStyle& style, const QColor& colour, double size)
{
    return {shapeOf(style, QPointF(), 3.0), QPen(colour, 0.5), colour, size};
}

void setRange(QCPAxis* axis, const std::optional<Interval>& values, const Interval& otherwise)
{
    const auto range = values ? padded(*values, Scale::Linear) : otherwise;
    axis->setRange(range.lower, range.upper);
}

} // namespace

TradeoffTab::TradeoffTab(HoverLink& hover, QWidget* parent)
    : QWidget(parent),
      m_hover(hover),
      m_canvas(new QCustomPlot(this))
{
    setAccessibleName(tr("Accuracy over trainable share and over time"));
    createCanvas();
    createFrames();
    auto* tools = new ToolRow(this);
    tools->addWidget(new QLabel(tr("What accuracy costs: in trainable values and in time"), tools));
    tools->addStretch();
    auto* out = tools->addButton(QStringLiteral("export"), tr("Export…"), tr("Save as a picture"));
    connect(out, &QToolButton::clicked, this, &TradeoffTab::exportPicture);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(tools);
    layout->addWidget(m_canvas, 1);
    arrange();
    connect(&hover, &HoverLink::hovered, this, &TradeoffTab::redraw);
    connect(m_canvas, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { followMouse(*event); });
    redraw();
}

TradeoffTab::~TradeoffTab()
{
    disconnect(m_canvas, nullptr, this, nullptr);
}

void TradeoffTab::createCanvas()
{
    m_canvas->setObjectName(QStringLiteral("tradeoffCanvas"));
    m_canvas->setMouseTracking(true);
    m_canvas->setLocale(QLocale());
    m_canvas->setAutoAddPlottableToLegend(false);
    m_canvas->setPlottingHint(QCP::phFastPolylines);
    m_canvas->plotLayout()->clear();
    m_canvas->addLayer(QStringLiteral("lit"), m_canvas->layer(QStringLiteral("main")), QCustomPlot::limAbove);
}

void TradeoffTab::createFrames()
{
    const auto create = [this](const QString& title, const QString& value) {
        auto* rect = new QCPAxisRect(m_canvas, true);
        createFrame(*rect);
        rect->setMinimumMargins(QMargins(8, 10, 16, 6));
        rect->axis(QCPAxis::atBottom)->setLabel(title);
        rect->axis(QCPAxis::atLeft)->setLabel(value);
        rect->axis(QCPAxis::atLeft)->setTicker(percentTicker(5));
        return rect;
    };
    m_share = create(tr("Trainable share, mean over the steps"), tr("Best validation accuracy"));
    m_share->axis(QCPAxis::atBottom)->setTicker(percentTicker(6));
    m_time = create(tr("Time"), tr("Validation accuracy"));
    m_time->axis(QCPAxis::atBottom)->setTicker(durationTicker());
    m_front = m_canvas->addGraph(m_share->axis(QCPAxis::atBottom), m_share->axis(QCPAxis::atLeft));
    m_front->setLineStyle(QCPGraph::lsStepLeft);
}

/// Beside one another where there is room, else one under the other.
void TradeoffTab::arrange()
{
    auto* grid = m_canvas->plotLayout();
    for (auto* rect : {m_share, m_time}) {
        if (rect->layout())
            grid->take(rect);
    }
    grid->simplify();
    grid->addElement(0, 0, m_share);
    grid->addElement(m_isWide ? 0 : 1, m_isWide ? 1 : 0, m_time);
}

void TradeoffTab::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool isWide = width() >= kSideBySide;
    if (isWide == m_isWide)
        return;
    m_isWide = isWide;
    arrange();
    redraw();
}

void TradeoffTab::setSessions(const ComparedRuns& sessions)
{
    for (const auto& run : m_runs) {
        m_canvas->removeGraph(run.point);
        m_canvas->removeGraph(run.curve);
    }
    m_runs.clear();
    for (const auto& session : sessions) {
        Run run;
        run.session = session;
        run.share = session.loaded->trainableShare;
        run.accuracy = figuresOf(session.loaded->session).bestAccuracy;
        run.overTime = curveOf(session.loaded->session, Curve::ValidationAccuracy, Alignment::Seconds);
        m_runs.push_back(std::move(run));
    }
    fillRuns();
    fillFront();
    fitAxes();
    redraw();
}

void TradeoffTab::fillRuns()
{
    for (auto& run : m_runs) {
        run.point = m_canvas->addGraph(m_share->axis(QCPAxis::atBottom), m_share->axis(QCPAxis::atLeft));
        run.point->setLineStyle(QCPGraph::lsNone);
        if (run.accuracy)
            run.point->addData(run.share, *run.accuracy);
        run.curve = m_canvas->addGraph(m_time->axis(QCPAxis::atBottom), m_time->axis(QCPAxis::atLeft));
        for (const auto& point : run.overTime)
            run.curve->addData(point.x, point.y);
    }
}

QStringList TradeoffTab::front() const
{
    std::vector<const Run*> runs;
    for (const auto& run : m_runs) {
        if (run.accuracy)
            runs.push_back(&run);
    }
    std::ranges::stable_sort(runs, [](const Run* a, const Run* b) {
        return a->share < b->share || (a->share == b->share && *a->accuracy > *b->accuracy);
    });
    QStringList folders;
    double best = -std::numeric_limits<double>::infinity();
    for (const auto* run : runs) {
        if (*run->accuracy > best)
            folders.append(run->session.folder);
        best = std::max(best, *run->accuracy);
    }
    return folders;
}

void TradeoffTab::fillFront()
{
    m_front->data()->clear();
    for (const auto& folder : front()) {
        const auto run =
            std::ranges::find(m_runs, folder, [](const Run& each) { return each.session.folder; });
        m_front->addData(run->share, *run->accuracy);
    }
}

void TradeoffTab::fitAxes()
{
    std::optional<Interval> accuracy;
    std::optional<Interval> share;
    std::optional<Interval> seconds;
    std::optional<Interval> course;
    for (const auto& run : m_runs) {
        if (run.accuracy) {
            include(accuracy, *run.accuracy);
            include(share, run.share);
        }
        for (const auto& point : run.overTime) {
            include(seconds, point.x);
            include(course, point.y);
        }
    }
    if (share)
        include(share, 0.0);
    if (seconds)
        include(seconds, 0.0);
    setRange(m_share->axis(QCPAxis::atLeft), accuracy, {0.0, 1.0});
    setRange(m_share->axis(QCPAxis::atBottom), share, {0.0, 1.0});
    setRange(m_time->axis(QCPAxis::atLeft), course, {0.0, 1.0});
    setRange(m_time->axis(QCPAxis::atBottom), seconds, {0.0, 1.0});
}

void TradeoffTab::redraw()
{
    applyStyle(palette(), false);
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void TradeoffTab::applyStyle(const QPalette& palette, bool isPicture)
{
    const QColor base = palette.color(QPalette::Base);
    m_canvas->setBackground(base);
    for (auto* rect : {m_share, m_time})
        applyFrameStyle(*rect, palette, font());
    m_front->setPen(QPen(faded(palette.color(QPalette::Text), base, 0.4), 1.2, Qt::DashLine));
    const bool isAnyLit = !isPicture && std::ranges::any_of(m_runs, [this](const Run& run) {
        return run.session.folder == m_hover.run();
    });
    for (const auto& run : m_runs) {
        const bool isLit = isAnyLit && run.session.folder == m_hover.run();
        const QColor own = colourOf(run.session.style, palette);
        const QColor colour = isAnyLit && !isLit ? faded(own, base, 0.3) : own;
        run.point->setScatterStyle(markOf(run.session.style, colour, isLit ? 14.0 : 10.0));
        run.curve->setScatterStyle(markOf(run.session.style, colour, isLit ? 8.0 : 6.0));
        run.curve->setPen(QPen(colour, isLit ? 2.8 : 1.6));
        for (auto* graph : {run.point, run.curve})
            graph->setLayer(isLit ? QStringLiteral("lit") : QStringLiteral("main"));
    }
    drawNames(palette);
}

/// Beside the points: of all runs while they are few, else of the one that is lit up.
void TradeoffTab::drawNames(const QPalette& palette)
{
    m_canvas->clearItems();
    for (const auto& run : m_runs) {
        const bool isLit = run.session.folder == m_hover.run();
        if (!run.accuracy || (m_runs.size() > kMostNamed && !isLit))
            continue;
        auto* name = new QCPItemText(m_canvas);
        name->setClipToAxisRect(false);
        name->position->setAxes(m_share->axis(QCPAxis::atBottom), m_share->axis(QCPAxis::atLeft));
        name->position->setCoords(run.share, *run.accuracy);
        const bool isRight = run.share > m_share->axis(QCPAxis::atBottom)->range().center();
        name->setPositionAlignment((isRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignBottom);
        name->setPadding(QMargins(8, 0, 8, 4));
        name->setFont(font());
        name->setColor(palette.color(QPalette::Text));
        name->setText(QFontMetrics(font()).elidedText(run.session.name, Qt::ElideMiddle, 200));
    }
}

double TradeoffTab::distance(const Run& run, const QPointF& place) const
{
    double least = std::numeric_limits<double>::infinity();
    const auto consider = [&](const QCPAxisRect& rect, double x, double y) {
        const QPointF pixel(rect.axis(QCPAxis::atBottom)->coordToPixel(x),
                            rect.axis(QCPAxis::atLeft)->coordToPixel(y));
        least = std::min(least, std::hypot(pixel.x() - place.x(), pixel.y() - place.y()));
    };
    if (run.accuracy)
        consider(*m_share, run.share, *run.accuracy);
    double distanceToCurve = 0.0;
    if (m_time->rect().contains(place.toPoint())) {
        distanceToCurve = run.curve->selectTest(place, false);
        least = distanceToCurve >= 0.0 ? std::min(least, distanceToCurve) : least;
    }
    return least;
}

const TradeoffTab::Run* TradeoffTab::runAt(const QPointF& place) const
{
    const auto nearest =
        std::ranges::min_element(m_runs, {}, [this, &place](const Run& run) { return distance(run, place); });
    return nearest != m_runs.end() && distance(*nearest, place) < kPickDistance ? &*nearest : nullptr;
}

void TradeoffTab::followMouse(const QMouseEvent& event)
{
    const auto* run = runAt(event.position());
    m_hover.setRun(run ? run->session.folder : QString());
    if (!run) {
        QToolTip::hideText();
        return;
    }
    const QLocale locale;
    const QString accuracy = run->accuracy ? percentText(*run->accuracy, locale) : tr("–");
    QToolTip::showText(event.globalPosition().toPoint(),
                       tr("<b>%1</b><br>best validation accuracy %2<br>%3 trainable on average<br>%4")
                           .arg(run->session.name.toHtmlEscaped(), accuracy, percentText(run->share, locale),
                                durationText(run->session.loaded->session.summary.seconds, locale)),
                       m_canvas);
}

QPoint TradeoffTab::positionOf(const QString& folder) const
{
    const auto run = std::ranges::find(m_runs, folder, [](const Run& each) { return each.session.folder; });
    if (run == m_runs.end() || !run->accuracy)
        return {};
    const QPointF place(m_share->axis(QCPAxis::atBottom)->coordToPixel(run->share),
                        m_share->axis(QCPAxis::atLeft)->coordToPixel(*run->accuracy));
    return m_canvas->mapTo(this, place.toPoint());
}

QByteArray TradeoffTab::picture(const QString& suffix)
{
    const QSize extent = m_canvas->size().expandedTo(kSmallestPicture);
    applyStyle(lightPalette(), true);
    const QString title = tr("What accuracy costs");
    const QByteArray result = suffix == QLatin1String("svg")   ? renderSvg(*m_canvas, extent, title)
                              : suffix == QLatin1String("pdf") ? renderPdf(*m_canvas, extent, title)
                                                               : renderPng(*m_canvas, extent, kPictureScale);
    redraw();
    return result;
}

void TradeoffTab::exportPicture()
{
    askForFile(this, tr("Export the picture"), tr("trade-off"),
               {tr("PNG picture (*.png)"), tr("SVG picture (*.svg)"), tr("PDF document (*.pdf)")},
               [this](const QString& file) {
                   const QString error = writeFile(file, picture(QFileInfo(file).suffix().toLower()));
                   if (!error.isEmpty())
                       Q_EMIT messageRequested(error);
               });
}

void TradeoffTab::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        redraw();
}

} // namespace frostline
