#include "plots/metric_plot.h"

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

#include "plots/best_badge.h"
#include "plots/change_text.h"
#include "plots/mark_groups.h"
#include "plots/markers.h"
#include "plots/plot_navigator.h"
#include "plots/plot_panel.h"
#include "plots/tickers.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kPictureColumns = 3200; ///< Of an envelope in a picture, which may be enlarged.
constexpr int kLeastMargin = 8;
constexpr int kHeaderSpacing = 12; ///< Between title and legend, and for what the canvas keeps at its edge.

double stretchOf(Metric metric)
{
    return metric == Metric::Loss ? 5.0 : metric == Metric::Accuracy ? 3.4 : 1.25;
}

} // namespace

MetricPlot::MetricPlot(QWidget* parent) : QWidget(parent), m_canvas(new QCustomPlot(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Loss, accuracy, learning rate and sparsity"));
    setWhatsThis(
        tr("Arrow keys move the crosshair (Shift: by ten, Page Up and Down: further), Ctrl and arrow "
           "keys go from marker to marker, Enter selects one, + and - zoom, 0 shows all again."));
    m_canvas->setObjectName(QStringLiteral("canvas"));
    m_canvas->setFocusPolicy(Qt::ClickFocus);
    m_canvas->setFocusProxy(this);
    m_canvas->setLocale(QLocale());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_canvas);
    createLayers();
    createHeader();
    createPanels();
    linkAxes();
    connectNavigator();
    applyAxis();
    applyPalette(palette());
    connect(m_canvas, &QCustomPlot::beforeReplot, this, &MetricPlot::sync);
    connect(m_canvas, &QCustomPlot::afterReplot, this, &MetricPlot::viewChanged);
}

MetricPlot::~MetricPlot()
{
    // What listens to the canvas looks at members that go before it does.
    disconnect(m_canvas, nullptr, this, nullptr);
    delete m_navigator;
}

void MetricPlot::createLayers()
{
    m_canvas->plotLayout()->clear();
    m_canvas->setAutoAddPlottableToLegend(false);
    // Stroked as one path, a noisy curve takes two hundred milliseconds.
    m_canvas->setPlottingHint(QCP::phFastPolylines);
    m_canvas->addLayer(QStringLiteral("markers"), m_canvas->layer(QStringLiteral("main")),
                       QCustomPlot::limAbove);
    m_canvas->addLayer(QStringLiteral("crosshair"));
    m_canvas->layer(QStringLiteral("crosshair"))->setMode(QCPLayer::lmBuffered);
}

void MetricPlot::createHeader()
{
    auto* header = new QCPLayoutGrid;
    m_canvas->plotLayout()->addElement(0, 0, header);
    m_canvas->plotLayout()->setRowStretchFactor(0, 0.001);
    m_title = new QCPTextElement(m_canvas);
    m_title->setMargins(QMargins(8, 4, 4, 2));
    m_title->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
    m_legend = new QCPLegend;
    header->addElement(0, 0, m_title);
    header->addElement(0, 1, m_legend);
    header->setColumnStretchFactor(1, 0.001);
    m_legend->setLayer(QStringLiteral("legend"));
    m_legend->setFillOrder(QCPLegend::foColumnsFirst);
    m_legend->setBorderPen(Qt::NoPen);
    m_legend->setBrush(Qt::NoBrush);
    m_legend->setIconSize(24, 10);
    m_legend->setColumnSpacing(14);
    m_legend->setMargins(QMargins(4, 4, 14, 2));
}

void MetricPlot::createPanels()
{
    auto* margins = new QCPMarginGroup(m_canvas);
    QList<QCPAxisRect*> rects;
    for (const Metric metric : kMetrics) {
        const auto& added = m_panels.emplace_back(std::make_unique<PlotPanel>(*m_canvas, metric));
        const int row = m_canvas->plotLayout()->rowCount();
        m_canvas->plotLayout()->addElement(row, 0, &added->rect());
        m_canvas->plotLayout()->setRowStretchFactor(row, stretchOf(metric));
        added->rect().setMarginGroup(QCP::msLeft | QCP::msRight, margins);
        added->xAxis().setTickLabels(metric == kMetrics.back());
        rects.push_back(&added->rect());
    }
    m_canvas->plotLayout()->setRowSpacing(3);
    panel(Metric::Loss).addToLegend(*m_legend);
    m_markers = std::make_unique<Markers>(*m_canvas, rects);
    m_crosshair = std::make_unique<Crosshair>(*m_canvas, m_model, m_panels);
    m_best = std::make_unique<BestBadge>(*m_canvas, panel(Metric::Loss), panel(Metric::Accuracy));
}

void MetricPlot::linkAxes()
{
    for (const auto& each : m_panels) {
        connect(&each->xAxis(), qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
                [this](const QCPRange& range) {
                    takeUserRange({range.lower, range.upper});
                });
    }
}

void MetricPlot::connectNavigator()
{
    m_navigator = new PlotNavigator(*m_canvas, m_model, m_panels, *m_markers, *m_crosshair, this);
    connect(m_navigator, &PlotNavigator::markerReached, this, [this](int index) {
        selectMarker(index);
        Q_EMIT markerSelected(index);
    });
    connect(m_navigator, &PlotNavigator::markerClicked, this, [this](int index) {
        selectMarker(index);
        Q_EMIT markerSelected(index);
        Q_EMIT markerClicked(index);
    });
}

std::vector<BranchPlace> MetricPlot::branchPlacesAt(const QPoint& position) const
{
    const auto& history = m_model.history();
    const double x = m_panels.front()->xAxis().pixelToCoord(position.x());
    std::vector<BranchPlace> places;
    if (const int marker = m_markers->at(position); marker >= 0)
        places.push_back(placeBefore(history.interventions()[static_cast<std::size_t>(marker)]));
    const Step step = history.stepAt(x, m_model.axis());
    places.push_back(placeAt(step));
    const auto next = std::ranges::lower_bound(history.epochs(), step, {}, &EpochRecord::step);
    if (next != history.epochs().end())
        places.push_back(placeAfter(*next));
    return places;
}

void MetricPlot::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_model.history().points().empty())
        return;
    QPoint position = event->pos();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const auto point = m_crosshair->point();
        const double x = point ? m_model.x()[*point] : xRange().upper;
        position = {static_cast<int>(m_panels.front()->xAxis().coordToPixel(x)),
                    area(Metric::Loss).center().y()};
        if (const auto marker = markerPosition(selectedMarker()); !point && !marker.isNull())
            position = marker;
    }
    showBranchMenu(this, mapToGlobal(position), branchPlacesAt(position), m_branchObstacle,
                   [this](Step step) { Q_EMIT branchRequested(step); });
}

void MetricPlot::setLeftRoom(int pixels)
{
    if (std::exchange(m_leftRoom, pixels) == pixels)
        return;
    applyMargins();
    scheduleRedraw();
}

void MetricPlot::applyMargins()
{
    const int left = std::max(kLeastMargin, m_leftRoom);
    for (const auto& each : m_panels)
        each->rect().setMinimumMargins(QMargins(left, 3, 14, 3));
    m_panels.front()->rect().setMinimumMargins(QMargins(left, Markers::stripHeight(font()), 14, 3));
}

void MetricPlot::clear()
{
    m_model.clear();
    showQuality(Metric::Accuracy);
    m_crosshair->hide();
    m_markers->highlight(-1);
    fit();
}

void MetricPlot::setTitle(const QString& title)
{
    m_titleText = title;
    scheduleRedraw();
}

/// The legend has its full width, and the title what is left of it.
void MetricPlot::fitTitle(int width)
{
    const QMargins margins = m_title->margins();
    const int room =
        width - m_legend->minimumOuterSizeHint().width() - margins.left() - margins.right() - kHeaderSpacing;
    m_title->setText(QFontMetrics(m_title->font()).elidedText(m_titleText, Qt::ElideRight, room));
}

void MetricPlot::setStepsPerEpoch(Step steps)
{
    m_model.setStepsPerEpoch(steps);
    scheduleRedraw();
}

void MetricPlot::append(std::span<const MetricPoint> points)
{
    if (points.empty())
        return;
    m_model.append(points);
    showQuality(std::isnan(points.back().mae) ? Metric::Accuracy : Metric::Error);
    scheduleRedraw();
}

/// Accuracy in the second panel, or the error of tasks that have none.
void MetricPlot::showQuality(Metric metric)
{
    auto& second = panel(Metric::Accuracy);
    if (second.metric() == metric)
        return;
    second.setMetric(metric);
    setAccessibleName(metric == Metric::Error ? tr("Loss, mean absolute error, learning rate and sparsity")
                                              : tr("Loss, accuracy, learning rate and sparsity"));
}

void MetricPlot::addEpoch(const EpochRecord& record)
{
    m_model.addEpoch(record);
    scheduleRedraw();
}

void MetricPlot::addIntervention(const Intervention& intervention)
{
    m_model.addIntervention(intervention);
    scheduleRedraw();
}

bool MetricPlot::isFitted() const
{
    return m_followsX && std::ranges::all_of(m_panels, [](const auto& each) { return each->followsData(); });
}

Interval MetricPlot::xRange() const
{
    if (m_isDirty && m_followsX)
        return wholeX(); // Not drawn yet.
    const QCPRange range = m_panels.front()->xAxis().range();
    return {range.lower, range.upper};
}

Interval MetricPlot::yRange(Metric metric) const
{
    const QCPRange range = panel(metric).yAxis().range();
    return {range.lower, range.upper};
}

QRect MetricPlot::area(Metric metric) const
{
    return panel(metric).rect().rect();
}

QPoint MetricPlot::markerPosition(int index) const
{
    return m_markers->positionOf(index);
}

int MetricPlot::selectedMarker() const
{
    return m_markers->highlighted();
}

void MetricPlot::fit()
{
    const bool wasFitted = isFitted();
    m_followsX = true;
    for (const auto& each : m_panels)
        each->followData();
    if (!wasFitted)
        Q_EMIT fittedChanged(true);
    scheduleRedraw();
}

void MetricPlot::setAxis(XAxis axis)
{
    m_model.setAxis(axis);
    m_crosshair->hide();
    applyAxis();
    fit();
}

void MetricPlot::applyAxis()
{
    QCPAxis& axis = m_panels.back()->xAxis();
    switch (m_model.axis()) {
    case XAxis::Steps:
        axis.setLabel(tr("Step"));
        break;
    case XAxis::Epochs:
        axis.setLabel(tr("Epoch"));
        break;
    case XAxis::Time:
        axis.setLabel(tr("Time"));
        break;
    }
    for (const auto& each : m_panels) {
        each->xAxis().setTicker(m_model.axis() == XAxis::Steps    ? stepTicker()
                                : m_model.axis() == XAxis::Epochs ? numberTicker(8)
                                                                  : durationTicker());
    }
}

void MetricPlot::setSmoothing(double weight)
{
    m_model.setSmoothing(weight);
    for (const auto& each : m_panels)
        each->showSmoothing(weight > 0.0, *m_legend);
    applyPalette(shownPalette());
    scheduleRedraw();
}

void MetricPlot::setLogarithmicLoss(bool on)
{
    panel(Metric::Loss).setLogarithmic(on);
    scheduleRedraw();
}

void MetricPlot::setIgnoresOutliers(bool on)
{
    m_ignoresOutliers = on;
    scheduleRedraw();
}

void MetricPlot::setLegendVisible(bool on)
{
    m_legend->setVisible(on);
    scheduleRedraw();
}

void MetricPlot::setCrosshairEnabled(bool on)
{
    m_crosshair->setEnabled(on);
}

void MetricPlot::selectMarker(int index)
{
    const auto& interventions = m_model.history().interventions();
    const bool isKnown = index >= 0 && index < std::ssize(interventions);
    const int lead =
        isKnown ? static_cast<int>(leadOf(interventions, static_cast<std::size_t>(index))) : index;
    if (m_markers->highlighted() == lead)
        return;
    m_markers->highlight(lead);
    scheduleRedraw();
}

void MetricPlot::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_isDirty)
        m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void MetricPlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange)
        return;
    applyPalette(shownPalette());
    scheduleRedraw();
}

void MetricPlot::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_0)
        fit();
    else if (!m_navigator->handleKey(*event))
        QWidget::keyPressEvent(event);
}

void MetricPlot::applyPalette(const QPalette& palette)
{
    m_canvas->setBackground(palette.brush(QPalette::Base));
    for (const auto& each : m_panels)
        each->applyPalette(palette, font());
    m_markers->applyPalette(palette, font());
    m_crosshair->applyPalette(palette);
    m_best->applyPalette(palette, font());
    const QColor text = palette.color(QPalette::Text);
    m_legend->setTextColor(text);
    m_legend->setFont(font());
    for (int i = 0; i < m_legend->itemCount(); ++i) {
        m_legend->item(i)->setTextColor(text);
        m_legend->item(i)->setFont(font());
        m_legend->item(i)->setMargins(QMargins(0, 0, 0, 3)); // else descenders are cut off
    }
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setTextColor(text);
    applyMargins();
    m_isDirty = true;
}

void MetricPlot::scheduleRedraw()
{
    m_isDirty = true;
    if (isVisible())
        m_canvas->replot(QCustomPlot::rpQueuedReplot);
    else
        Q_EMIT viewChanged();
}

void MetricPlot::sync()
{
    fitTitle(m_canvas->width());
    if (!m_isDirty)
        return;
    m_isDirty = false;
    if (m_followsX)
        setXRange(wholeX());
    const int columns = m_isPrinting ? kPictureColumns : static_cast<int>(width() * devicePixelRatioF()) + 1;
    const XWindow window{xRange(), columns};
    for (const auto& each : m_panels) {
        each->sync(m_model, window);
        each->fit(m_model, window, m_ignoresOutliers);
    }
    syncMarkers();
    m_best->sync(m_model);
    m_crosshair->refresh();
}

void MetricPlot::syncMarkers()
{
    std::vector<Marker> markers;
    const auto& interventions = m_model.history().interventions();
    for (const auto& group : markGroups(interventions)) {
        const auto& lead = interventions[group.lead];
        markers.push_back({static_cast<int>(group.lead), xOf(lead.step), shortText(lead.change),
                           describe(group, interventions), markerColour(lead.change)});
    }
    std::ranges::stable_sort(markers, {}, &Marker::x);
    m_markers->set(std::move(markers));
}

QColor MetricPlot::markerColour(const Change& change) const
{
    const bool* on = std::get_if<bool>(&change.value);
    if (change.kind != ChangeKind::Trainable || !on)
        return shownPalette().color(QPalette::Text);
    return *on ? trainableColour(shownPalette()) : frozenColour(shownPalette());
}

Interval MetricPlot::wholeX() const
{
    const Interval all = m_model.extent().value_or(Interval{0.0, 1.0});
    const double room = all.size() > 0.0 ? all.size() * 0.015 : 0.5;
    return {all.lower - room, all.upper + room};
}

void MetricPlot::setXRange(const Interval& range)
{
    m_settingX = true;
    for (const auto& each : m_panels)
        each->xAxis().setRange(range.lower, range.upper);
    m_settingX = false;
}

void MetricPlot::takeUserRange(const Interval& range)
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

PlotPanel& MetricPlot::panel(Metric metric) const
{
    return *m_panels[static_cast<std::size_t>(metric)];
}

} // namespace frostline
