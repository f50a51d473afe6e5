#include "timeline/timeline_panel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QScrollBar>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "plots/metric_plot.h"
#include "theme/icons.h"
#include "timeline/freeze_legend.h"
#include "timeline/intervention_model.h"
#include "timeline/timeline_strip.h"

namespace frostline {

namespace {

constexpr int kLeastListWidth = 200; ///< Narrower than that, the strip gives way.
constexpr int kUsualListShare = 3;   ///< A third of the dock.

} // namespace

TimelinePanel::TimelinePanel(MetricPlot& plot, QWidget* parent)
    : QWidget(parent),
      m_plot(plot),
      m_model(new InterventionModel(this)),
      m_strip(new TimelineStrip(m_track, plot)),
      m_splitter(new QSplitter(this)),
      m_list(new QTreeView),
      m_branch(new QToolButton)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    createList();
    m_splitter->addWidget(m_strip);
    m_splitter->addWidget(createSide());
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setChildrenCollapsible(false);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] { m_isSplitByHand = true; });
    connect(m_strip, &TimelineStrip::branchRequested, this, &TimelinePanel::branchRequested);
    connect(m_strip, &TimelineStrip::interventionChosen, this, [this](int index) {
        select(index);
        Q_EMIT interventionSelected(index);
    });
    connect(m_branch, &QToolButton::clicked, this, [this] {
        if (const int index = selected(); index >= 0)
            Q_EMIT branchRequested(m_track.interventions()[static_cast<std::size_t>(index)].step);
    });
    m_lineUpSoon.setSingleShot(true);
    m_lineUpSoon.setInterval(0);
    connect(&m_lineUpSoon, &QTimer::timeout, this, &TimelinePanel::lineUp);
    connect(&m_plot, &MetricPlot::viewChanged, m_strip, &TimelineStrip::followAxis);
    m_plot.installEventFilter(this);
    setFocusProxy(m_strip);
    updateBranchButton();
}

QWidget* TimelinePanel::createSide()
{
    m_branch->setObjectName(QStringLiteral("branchBefore"));
    m_branch->setText(tr("Branch before this"));
    m_branch->setAccessibleName(m_branch->text());
    m_branch->setIcon(icon(QStringLiteral("branch")));
    m_branch->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_branch->setFocusPolicy(Qt::TabFocus);
    auto* side = new QWidget;
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 2);
    layout->setSpacing(2);
    layout->addWidget(m_list, 1);
    layout->addWidget(new FreezeLegend(side));
    layout->addWidget(m_branch, 0, Qt::AlignLeft);
    return side;
}

void TimelinePanel::createList()
{
    m_list->setObjectName(QStringLiteral("interventions"));
    m_list->setAccessibleName(tr("Changes while training"));
    m_list->setModel(m_model);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setMinimumSectionSize(24);
    m_list->header()->setResizeContentsPrecision(
        0); // Of what is in view alone: it grows while a run goes on.
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(InterventionModel::ChangeColumn, QHeaderView::Stretch);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TimelinePanel::takeListSelection);
    connect(m_list, &QTreeView::customContextMenuRequested, this, &TimelinePanel::showListMenu);
}

void TimelinePanel::clear()
{
    m_track.clear();
    m_model->setInterventions({});
    select(-1);
    m_strip->showOtherLayers();
}

void TimelinePanel::showSession(const Session& session)
{
    m_track.show(session);
    m_model->setInterventions(session.interventions);
    select(-1);
    m_strip->showOtherLayers();
    lineUp();
}

void TimelinePanel::begin(const LayerTable& table)
{
    m_track.begin(table);
    m_strip->showOtherLayers();
    lineUp();
}

void TimelinePanel::setSteps(Step done)
{
    m_track.setSteps(done);
    m_strip->refresh();
}

void TimelinePanel::addIntervention(const Intervention& intervention, const LayerTable& after)
{
    m_track.apply(intervention, after);
    m_model->append(intervention);
    if (selected() < 0)
        m_list->scrollToBottom();
    m_strip->refresh();
}

void TimelinePanel::setBranchObstacle(const QString& why)
{
    m_branchObstacle = why;
    m_strip->setBranchObstacle(why);
    m_plot.setBranchObstacle(why);
    updateBranchButton();
}

int TimelinePanel::selected() const
{
    return m_strip->selected();
}

void TimelinePanel::select(int index)
{
    m_strip->setSelected(index);
    // The strip has it already, so that the list's own signal asks for nothing.
    const auto row = m_model->index(index, 0);
    m_list->selectionModel()->setCurrentIndex(row, QItemSelectionModel::ClearAndSelect |
                                                       QItemSelectionModel::Rows);
    if (row.isValid())
        m_list->scrollTo(row);
    updateBranchButton();
}

void TimelinePanel::takeListSelection()
{
    const auto rows = m_list->selectionModel()->selectedRows();
    const int index = rows.isEmpty() ? -1 : rows.first().row();
    if (index == selected())
        return;
    m_strip->setSelected(index);
    updateBranchButton();
    Q_EMIT interventionSelected(index);
}

void TimelinePanel::updateBranchButton()
{
    const bool hasSelected = selected() >= 0;
    m_branch->setEnabled(hasSelected && m_branchObstacle.isEmpty());
    m_branch->setToolTip(!m_branchObstacle.isEmpty() ? m_branchObstacle
                         : hasSelected
                             ? tr("Another run with the same steps up to this change, and then without it")
                             : tr("Select a change first"));
}

void TimelinePanel::showListMenu(const QPoint& position)
{
    QModelIndex index = m_list->indexAt(position);
    if (!index.isValid())
        index = m_list->currentIndex();
    if (!index.isValid())
        return;
    const auto& intervention = m_model->interventions()[static_cast<std::size_t>(index.row())];
    showBranchMenu(this, m_list->viewport()->mapToGlobal(position), {placeBefore(intervention)},
                   m_branchObstacle, [this](Step step) { Q_EMIT branchRequested(step); });
}

void TimelinePanel::lineUp()
{
    if (!isVisible() || m_track.layers().empty())
        return;
    const bool shareWindow = m_plot.window() == window();
    const int offset = m_plot.mapToGlobal(QPoint()).x() - m_strip->mapToGlobal(QPoint()).x();
    m_plot.setLeftRoom(shareWindow ? m_strip->labelWidth() - offset : 0);
    if (m_isSplitByHand)
        return;
    const int bar = m_strip->verticalScrollBar()->isVisible() ? m_strip->verticalScrollBar()->width() : 0;
    const int toPlotEnd = offset + m_plot.width() + bar;
    const int room = width() - m_splitter->handleWidth();
    const bool fits = shareWindow && m_plot.isVisible() && room - toPlotEnd >= kLeastListWidth;
    const int list = fits ? room - toPlotEnd : std::max(kLeastListWidth, room / kUsualListShare);
    m_splitter->setSizes({room - list, list});
}

bool TimelinePanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == &m_plot && (event->type() == QEvent::Resize || event->type() == QEvent::Show))
        m_lineUpSoon.start();
    return QWidget::eventFilter(watched, event);
}

void TimelinePanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_lineUpSoon.start();
}

void TimelinePanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_lineUpSoon.start();
}

void TimelinePanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_plot.setLeftRoom(0);
}

void TimelinePanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_branch->setIcon(icon(QStringLiteral("branch")));
}

QSize TimelinePanel::sizeHint() const
{
    return m_strip->sizeHint();
}

} // namespace frostline
