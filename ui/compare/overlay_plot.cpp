#include "compare/overlay_plot.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <qcustomplot.h>

#include "compare/hover_link.h"
#include "compare/overlay_legend.h"
#include "compare/overlay_marks.h"
#include "compare/overlay_panel.h"
#include "compare/overlay_text.h"
#include "plots/plot_export.h"
#include "plots/tickers.h"
#include "theme/appearance.h"

namespace frostline {

namespace {

constexpr Step kNoStep = -1;
constexpr double kPickDistance = 14.0; ///< Pixels from a curve within which it is meant.
constexpr double kZoomStep = 0.7;
constexpr std::size_t kMostSmooth = 8; ///< Runs on screen whose lines are smoothed: that takes its time.
constexpr int kPictureColumns = 3200;
constexpr QSize kSmallestPicture(800, 600);
constexpr double kPictureScale = 2.0;

QSharedPointer<QCPAxisTicker> alignmentTicker(Alignment alignment)
{
    switch (alignment) {
    case Alignment::Steps:
    case Alignment::RelativeSteps:
        return stepTicker();
    case Alignment::Epochs:
        return numberTicker(8);
    case Alignment::Seconds:
        break;
    }
    return durationTicker();
}

} // namespace

OverlayPlot::OverlayPlot(HoverLink& hover, QWidget* parent)
    : QWidget(parent),
      m_hover(hover),
      m_canvas(new QCustomPlot(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Loss and accuracy of the ticked sessions"));
    setWhatsThis(tr("Up and down light up one run after another, left and right move along it, + and - zoom, "
                    "Ctrl and arrow keys move the view, 0 shows all again, the menu key branches."));
    createCanvas();
    createPanels();
    connectCanvas();
    applyAlignment();
    applyStyle();
    connect(&hover, &HoverLink::hovered, this, [this] {
        applyStyle();
        scheduleRedraw();
    });
}

OverlayPlot::~OverlayPlot()
{
    // What listens to the canvas looks at members that go before it does.
    disconnect(m_canvas, nullptr, this, nullptr);
}

void OverlayPlot::createCanvas()
{
    m_canvas->setObjectName(QStringLiteral("overlayCanvas"));
    m_canvas->setFocusPolicy(Qt::ClickFocus);
    m_canvas->setFocusProxy(this);
    m_canvas->setLocale(QLocale());
    m_canvas->setMouseTracking(true);
    m_canvas->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    m_canvas->setAutoAddPlottableToLegend(false);
    // Stroked as one path, a noisy curve takes two hundred milliseconds.
    m_canvas->setPlottingHint(QCP::phFastPolylines);
    m_canvas->installEventFilter(this);
    m_canvas->plotLayout()->clear();
    m_canvas->addLayer(QStringLiteral("lit"), m_canvas->layer(QStringLiteral("main")), QCustomPlot::limAbove);
    m_canvas->addLayer(QStringLiteral("cursor"));
    m_canvas->layer(QStringLiteral("cursor"))->setMode(QCPLayer::lmBuffered);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_canvas);
}

void OverlayPlot::createPanels()
{
    m_legend = std::make_unique<OverlayLegend>(*m_canvas);
    m_canvas->plotLayout()->addElement(0, 0, &m_legend->element());
    m_canvas->plotLayout()->setRowStretchFactor(0, 0.001);
    auto* margins = new QCPMarginGroup(m_canvas);
    for (const auto metric : {OverlayMetric::Loss, OverlayMetric::Accuracy}) {
        const auto& added = m_panels.emplace_back(std::make_unique<OverlayPanel>(*m_canvas, metric));
        const int row = m_canvas->plotLayout()->rowCount();
        m_canvas->plotLayout()->addElement(row, 0, &added->rect());
        m_canvas->plotLayout()->setRowStretchFactor(row, metric == OverlayMetric::Loss ? 1.15 : 1.0);
        added->rect().setMarginGroup(QCP::msLeft | QCP::msRight, margins);
        added->rect().setMinimumMargins(QMargins(8, 3, 14, 3));
        added->xAxis().setTickLabels(metric == OverlayMetric::Accuracy);
    }
    m_canvas->plotLayout()->setRowSpacing(3);
    m_marks = std::make_unique<OverlayMarks>(*m_canvas, *m_panels.front(), *m_panels.back());
}

void OverlayPlot::connectCanvas()
{
    for (const auto& panel : m_panels) {
        connect(&panel->xAxis(), qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
                [this](const QCPRange& range) {
                    takeUserRange({range.lower, range.upper});
                });
    }
    connect(m_canvas, &QCustomPlot::beforeReplot, this, &OverlayPlot::sync);
    connect(m_canvas, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { followMouse(*event); });
}

void OverlayPlot::setRuns(std::vector<OverlayRun> runs, Alignment alignment)
{
    const bool isMoved = std::exchange(m_alignment, alignment) != alignment;
    m_runs = std::move(runs);
    for (const auto& panel : m_panels)
        panel->setRuns(m_runs);
    m_marks->setRuns(m_runs);
    showAccuracy(m_runs.empty() || std::ranges::any_of(m_runs, [](const OverlayRun& run) {
                     return !run.accuracy.validation.empty() || !run.accuracy.x.empty();
                 }));
    applyAlignment();
    applyStyle();
    if (isMoved)
        fit();
    scheduleRedraw();
}

/// Tasks without an accuracy leave the room to the loss.
void OverlayPlot::showAccuracy(bool on)
{
    auto& accuracy = *m_panels.back();
    accuracy.rect().setVisible(on);
    m_canvas->plotLayout()->setRowStretchFactor(m_canvas->plotLayout()->rowCount() - 1, on ? 1.0 : 0.001);
    m_panels.front()->xAxis().setTickLabels(!on);
}

void OverlayPlot::applyAlignment()
{
    for (const auto& panel : m_panels)
        panel->xAxis().setLabel(QString());
    const bool isAccuracyShown = m_panels.back()->rect().visible();
    (isAccuracyShown ? m_panels.back() : m_panels.front())->xAxis().setLabel(alignmentTitle(m_alignment));
    for (const auto& panel : m_panels)
        panel->xAxis().setTicker(alignmentTicker(m_alignment));
}

void OverlayPlot::setShowsTraining(bool on)
{
    m_showsTraining = on;
    for (const auto& panel : m_panels)
        panel->setShowsTraining(on);
    applyStyle();
    scheduleRedraw();
}

void OverlayPlot::setLogarithmicLoss(bool on)
{
    m_panels.front()->setLogarithmic(on);
    scheduleRedraw();
}

void OverlayPlot::applyStyle()
{
    const QPalette shown = m_isPrinting ? lightPalette() : palette();
    const auto* lit = m_isPrinting ? nullptr : runOf(m_hover.run());
    const QString folder = lit ? lit->folders.front() : QString();
    m_canvas->setBackground(shown.brush(QPalette::Base));
    const bool isFast = !m_isPrinting && m_runs.size() > kMostSmooth;
    m_canvas->setNotAntialiasedElements(isFast ? QCP::AntialiasedElements(QCP::aePlottables)
                                               : QCP::AntialiasedElements(QCP::aeNone));
    for (const auto& panel : m_panels)
        panel->applyStyle(m_runs, folder, shown, font());
    std::vector<OverlayLegend::Entry> entries;
    for (const auto& run : m_runs)
        entries.push_back({run.folders.front(), run.name, run.style});
    m_legend->setEntries(std::move(entries), m_showsTraining);
    m_legend->applyStyle(folder, shown, font());
    m_marks->applyStyle(folder, shown);
}

void OverlayPlot::scheduleRedraw()
{
    m_isDirty = true;
    if (isVisible())
        m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void OverlayPlot::sync()
{
    m_legend->fit(m_canvas->width(), m_isPrinting);
    if (!m_isDirty)
        return;
    m_isDirty = false;
    if (m_followsX)
        setXRange(wholeX());
    const int pixels = static_cast<int>(width() * devicePixelRatioF()) + 1;
    const int columns = m_isPrinting ? kPictureColumns : m_runs.size() > kMostSmooth ? pixels / 2 : pixels;
    for (const auto& panel : m_panels)
        panel->sync(m_runs, xRange(), columns);
}

Interval OverlayPlot::xRange() const
{
    const QCPRange range = m_panels.front()->xAxis().range();
    return {range.lower, range.upper};
}

Interval OverlayPlot::wholeX() const
{
    std::optional<Interval> all;
    for (const auto& run : m_runs) {
        for (const auto* curve : {&run.loss, &run.accuracy}) {
            if (!curve->x.empty()) {
                include(all, curve->x.front());
                include(all, curve->x.back());
            }
            if (!curve->validation.empty()) {
                include(all, curve->validation.front().x);
                include(all, curve->validation.back().x);
            }
        }
    }
    const Interval whole = all.value_or(Interval{0.0, 1.0});
    const double room = whole.size() > 0.0 ? whole.size() * 0.015 : 0.5;
    return {whole.lower - room, whole.upper + room};
}

void OverlayPlot::setXRange(const Interval& range)
{
    m_settingX = true;
    for (const auto& panel : m_panels)
        panel->xAxis().setRange(range.lower, range.upper);
    m_settingX = false;
}

void OverlayPlot::takeUserRange(const Interval& range)
{
    if (m_settingX)
        return;
    const Interval whole = wholeX();
    const QCPRange bounded = QCPRange(range.lower, range.upper).bounded(whole.lower, whole.upper);
    setXRange({bounded.lower, bounded.upper});
    m_isDirty = true;
    if (std::exchange(m_followsX, false))
        Q_EMIT fittedChanged(false);
}

void OverlayPlot::fit()
{
    if (!std::exchange(m_followsX, true))
        Q_EMIT fittedChanged(true);
    scheduleRedraw();
}

void OverlayPlot::zoom(double factor)
{
    auto& axis = m_panels.front()->xAxis();
    axis.scaleRange(factor, m_marks->cursor().value_or(axis.range().center()));
    scheduleRedraw();
}

void OverlayPlot::pan(double share)
{
    auto& axis = m_panels.front()->xAxis();
    axis.moveRange(share * axis.range().size());
    scheduleRedraw();
}

const OverlayRun* OverlayPlot::runOf(const QString& folder) const
{
    const auto found = std::ranges::find_if(
        m_runs, [&folder](const OverlayRun& run) { return run.folders.contains(folder); });
    return found == m_runs.end() ? nullptr : &*found;
}

const OverlayPanel* OverlayPlot::panelAt(const QPointF& place) const
{
    const auto found = std::ranges::find_if(
        m_panels, [&place](const auto& panel) { return QRectF(panel->rect().rect()).contains(place); });
    return found == m_panels.end() ? nullptr : found->get();
}

const OverlayRun* OverlayPlot::runAt(const QPointF& place) const
{
    const auto* panel = panelAt(place);
    if (!panel)
        return runOf(m_legend->at(place));
    const OverlayRun* nearest = nullptr;
    double least = kPickDistance;
    for (const auto& run : m_runs) {
        const auto off = panel->distance(run, place);
        if (off && *off < least) {
            least = *off;
            nearest = &run;
        }
    }
    return nearest;
}

void OverlayPlot::followMouse(const QMouseEvent& event)
{
    if (event.buttons() != Qt::NoButton)
        return;
    const auto* panel = panelAt(event.position());
    const auto* run = runAt(event.position());
    const double x = m_panels.front()->xAxis().pixelToCoord(event.position().x());
    m_marks->setCursor(panel ? std::optional(x) : std::nullopt);
    if (run && panel) {
        tell(*run, x, event.globalPosition().toPoint());
        return;
    }
    m_hover.setRun(run ? run->folders.front() : QString());
    QToolTip::hideText();
}

bool OverlayPlot::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_canvas && event->type() == QEvent::ContextMenu) {
        contextMenuEvent(static_cast<QContextMenuEvent*>(event));
        return true;
    }
    if (watched == m_canvas && event->type() == QEvent::Leave) {
        m_marks->setCursor({});
        m_hover.setRun({});
    }
    return QWidget::eventFilter(watched, event);
}

void OverlayPlot::tell(const OverlayRun& run, double x, const QPoint& place)
{
    if (!run.folders.contains(m_hover.run()))
        m_hover.setRun(run.folders.front());
    const QString text = tr("<b>%1</b><br>%2<br>%3")
                             .arg(run.name.toHtmlEscaped(), placeText(m_alignment, x), valuesText(run, x));
    QToolTip::showText(place, text, m_canvas);
    setAccessibleDescription(QStringLiteral("%1, %2").arg(run.name, placeText(m_alignment, x)));
}

void OverlayPlot::lightNext(bool forward)
{
    if (m_runs.empty())
        return;
    const auto* lit = runOf(m_hover.run());
    const auto count = static_cast<std::ptrdiff_t>(m_runs.size());
    const auto index = lit ? lit - m_runs.data() + (forward ? 1 : -1) : (forward ? 0 : count - 1);
    m_hover.setRun(m_runs[static_cast<std::size_t>((index + count) % count)].folders.front());
    moveCursor(0.0);
}

void OverlayPlot::moveCursor(double share)
{
    const Interval view = xRange();
    const double from = m_marks->cursor().value_or(view.lower + view.size() / 2.0);
    const double x = std::clamp(from + share * view.size(), view.lower, view.upper);
    m_marks->setCursor(x);
    if (const auto* run = runOf(m_hover.run()))
        tell(*run, x, m_canvas->mapToGlobal(positionOf(m_hover.run(), x)));
}

QPoint OverlayPlot::positionOf(const QString& folder, double x) const
{
    const auto* run = runOf(folder);
    if (!run)
        return {};
    for (const auto& panel : m_panels) {
        const auto height = panel->heightOf(*run, x);
        if (!height)
            continue;
        const QPointF place(panel->xAxis().coordToPixel(x), panel->yAxis().coordToPixel(*height));
        if (QRectF(panel->rect().rect()).contains(place))
            return place.toPoint();
    }
    return {};
}

void OverlayPlot::keyPressEvent(QKeyEvent* event)
{
    const bool isControl = event->modifiers().testFlag(Qt::ControlModifier);
    const double direction = event->key() == Qt::Key_Left ? -1.0 : 1.0;
    switch (event->key()) {
    case Qt::Key_0:
        return fit();
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(kZoomStep);
    case Qt::Key_Minus:
        return zoom(1.0 / kZoomStep);
    case Qt::Key_Up:
    case Qt::Key_Down:
        return lightNext(event->key() == Qt::Key_Down);
    case Qt::Key_Left:
    case Qt::Key_Right:
        return isControl ? pan(direction * 0.1) : moveCursor(direction * 0.01);
    default:
        QWidget::keyPressEvent(event);
    }
}

void OverlayPlot::contextMenuEvent(QContextMenuEvent* event)
{
    const bool isKey = event->reason() == QContextMenuEvent::Keyboard;
    const auto* run = isKey ? runOf(m_hover.run()) : runAt(event->pos());
    const double x = isKey ? m_marks->cursor().value_or(wholeX().upper)
                           : m_panels.front()->xAxis().pixelToCoord(event->pos().x());
    showMenu(run, x, event->globalPos());
}

void OverlayPlot::showMenu(const OverlayRun* run, double x, const QPoint& position)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const Step step = run ? run->stepAt(x).value_or(kNoStep) : kNoStep;
    const QString folder = run ? run->folders.front() : QString();
    auto* branch = menu->addAction(tr("Branch from here: point at one run's curve"));
    if (step != kNoStep)
        branch->setText(tr("Branch “%1” from here (step %2)")
                            .arg(run->name, QLocale().toString(static_cast<qlonglong>(step))));
    branch->setObjectName(QStringLiteral("branchHere"));
    branch->setEnabled(step != kNoStep);
    auto* open = menu->addAction(tr("Open"));
    open->setEnabled(run != nullptr);
    menu->addSeparator();
    connect(menu->addAction(tr("Show all")), &QAction::triggered, this, &OverlayPlot::fit);
    connect(open, &QAction::triggered, this, [this, folder] { Q_EMIT openRequested(folder); });
    connect(branch, &QAction::triggered, this,
            [this, folder, step] { Q_EMIT branchRequested(folder, step); });
    menu->popup(position);
}

QByteArray OverlayPlot::picture(const QString& suffix)
{
    const QSize extent = size().expandedTo(kSmallestPicture);
    m_isPrinting = true;
    m_marks->setCursor({});
    m_isDirty = true;
    applyStyle();
    sync();
    m_legend->fit(extent.width(), true);
    const QString title = tr("Comparison");
    const QByteArray result = suffix == QLatin1String("svg")   ? renderSvg(*m_canvas, extent, title)
                              : suffix == QLatin1String("pdf") ? renderPdf(*m_canvas, extent, title)
                                                               : renderPng(*m_canvas, extent, kPictureScale);
    m_isPrinting = false;
    applyStyle();
    scheduleRedraw();
    return result;
}

void OverlayPlot::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_isDirty)
        m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void OverlayPlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange)
        return;
    applyStyle();
    scheduleRedraw();
}

} // namespace frostline
