#include "queue/queue_page.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "queue/queue_actions.h"
#include "queue/queue_estimate.h"
#include "queue/queue_model.h"
#include "queue/queue_text.h"
#include "queue/queue_view.h"
#include "queue/run_queue.h"
#include "theme/icons.h"

namespace frostline {

namespace {

constexpr int kProgressParts = 1000;
constexpr int kProgressWidth = 260;
constexpr int kIconExtent = 16;

QToolButton* headButton(const QString& name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

QueuePage::QueuePage(RunQueue& queue, QWidget* parent)
    : QWidget(parent),
      m_queue(queue),
      m_model(new QueueModel(queue, this)),
      m_actions(new QueueActions(queue, this)),
      m_view(new QueueView(*m_model, this)),
      m_detail(new QLabel(this))
{
    m_detail->setObjectName(QStringLiteral("queueDetail"));
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail->setContentsMargins(10, 6, 10, 6);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createHead());
    layout->addWidget(createTools());
    layout->addWidget(m_view, 1);
    layout->addWidget(m_detail);
    connectQueue();
    connectView();
    showState();
}

QWidget* QueuePage::createHead()
{
    auto* head = new QWidget(this);
    m_start = headButton(QStringLiteral("queueStart"), head);
    m_cancel = headButton(QStringLiteral("queueCancel"), head);
    m_cancel->setText(tr("Cancel run"));
    m_totals = new QLabel(head);
    m_totals->setObjectName(QStringLiteral("queueTotals"));
    QFont bold = m_totals->font();
    bold.setBold(true);
    m_totals->setFont(bold);
    m_totals->setWordWrap(true);
    m_state = new QLabel(head);
    m_state->setObjectName(QStringLiteral("queueState"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    m_progress = new QProgressBar(head);
    m_progress->setObjectName(QStringLiteral("queueProgress"));
    m_progress->setAccessibleName(tr("Progress of the queue"));
    m_progress->setRange(0, kProgressParts);
    m_progress->setMinimumWidth(kProgressWidth / 3);
    m_progress->setMaximumWidth(kProgressWidth);
    m_progress->setAlignment(Qt::AlignCenter);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_totals);
    words->addWidget(m_state);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(8);
    layout->addWidget(m_start);
    layout->addWidget(m_cancel);
    layout->addSpacing(8);
    layout->addLayout(words, 1);
    layout->addWidget(m_progress);
    return head;
}

/// What finds no room goes behind the bar's arrow.
QToolBar* QueuePage::createTools()
{
    auto* bar = new QToolBar(this);
    bar->setIconSize(QSize(kIconExtent, kIconExtent));
    for (auto* action : {m_actions->addDraft, m_actions->addFiles})
        addTool(*bar, action, true);
    bar->addSeparator();
    for (auto* action : {m_actions->clone, m_actions->cloneSeeds})
        addTool(*bar, action, true);
    for (auto* action : {m_actions->edit, m_actions->editInWindow})
        addTool(*bar, action, false);
    bar->addSeparator();
    for (auto* action : {m_actions->moveUp, m_actions->moveDown, m_actions->remove, m_actions->resume})
        addTool(*bar, action, false);
    bar->addSeparator();
    for (auto* action : {m_actions->compare, m_actions->clearFinished})
        addTool(*bar, action, true);
    return bar;
}

void QueuePage::addTool(QToolBar& bar, QAction* action, bool withText)
{
    bar.addAction(action);
    auto* button = qobject_cast<QToolButton*>(bar.widgetForAction(action));
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAccessibleName(action->text());
    button->setToolButtonStyle(withText ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
}

void QueuePage::connectQueue()
{
    connect(&m_queue, &RunQueue::stateChanged, this, &QueuePage::showState);
    connect(&m_queue, &RunQueue::itemChanged, this, [this] {
        showTotals();
        showDetail();
    });
    connect(m_start, &QToolButton::clicked, this, &QueuePage::startOrPause);
    connect(m_cancel, &QToolButton::clicked, &m_queue, &RunQueue::cancelCurrent);
    connect(m_actions, &QueueActions::added, this, &QueuePage::choose);
}

void QueuePage::connectView()
{
    for (auto* action : {m_actions->clone, m_actions->edit, m_actions->moveUp, m_actions->moveDown,
                         m_actions->remove, m_actions->open})
        m_view->addAction(action);
    connect(m_view, &QueueView::chosenChanged, this, [this] {
        m_actions->setChosen(m_view->chosen());
        showDetail();
    });
    connect(m_view, &QueueView::rowsDropped, this, [this](int row) { m_queue.move(m_view->chosen(), row); });
    connect(m_view, &QueueView::filesDropped, m_actions, &QueueActions::addRecipeFiles);
    connect(m_view, &QTreeView::doubleClicked, this, [this] {
        if (m_actions->open->isEnabled())
            m_actions->open->trigger();
        else if (m_actions->edit->isEnabled())
            m_actions->edit->trigger();
    });
    connect(m_view, &QTreeView::customContextMenuRequested, this, &QueuePage::showMenu);
}

void QueuePage::choose(const QList<QueueItem::Id>& ids)
{
    m_view->choose(ids);
}

void QueuePage::startOrPause()
{
    switch (m_queue.state()) {
    case RunQueue::State::Off:
        m_queue.start();
        break;
    case RunQueue::State::Pausing:
    case RunQueue::State::Paused:
        m_queue.resume();
        break;
    default:
        m_queue.pause();
    }
}

void QueuePage::showState()
{
    showTransport();
    showTotals();
    showDetail();
}

void QueuePage::showTransport()
{
    const auto state = m_queue.state();
    const bool canResume = state == RunQueue::State::Pausing || state == RunQueue::State::Paused;
    const bool isOff = state == RunQueue::State::Off;
    m_start->setText(isOff ? tr("Start queue") : canResume ? tr("Resume") : tr("Pause"));
    m_start->setIcon(icon(isOff || canResume ? QStringLiteral("play") : QStringLiteral("pause")));
    m_start->setEnabled(!isOff || m_queue.hasWaiting());
    m_start->setToolTip(!m_start->isEnabled() ? tr("Nothing waits: add a run first")
                        : isOff               ? tr("Run what waits, one after another, from the top down")
                        : canResume           ? tr("Go on")
                                    : tr("Pause the current run after its step, and begin no other"));
    const bool canCancel = m_queue.current() && state != RunQueue::State::Stopping;
    m_cancel->setIcon(icon(QStringLiteral("stop")));
    m_cancel->setEnabled(canCancel);
    m_cancel->setToolTip(canCancel
                             ? tr("End the current run, keep its session as stopped, and go on with the next")
                             : tr("Nothing is running"));
    m_state->setText(stateText());
}

QString QueuePage::stateText() const
{
    const auto* current = m_queue.current();
    const QString name = current ? nameOf(*current) : QString();
    switch (m_queue.state()) {
    case RunQueue::State::Running:
        return current && !current->problem.isEmpty() ? tr("Waits: %1").arg(current->problem)
                                                      : tr("“%1” is running").arg(name);
    case RunQueue::State::Pausing:
        return tr("“%1” pauses after its step…").arg(name);
    case RunQueue::State::Paused:
        return current ? tr("“%1” is paused").arg(name) : tr("Paused: no run begins");
    case RunQueue::State::Stopping:
        return tr("“%1” ends, and its session is being written…").arg(name);
    case RunQueue::State::Blocked:
        return tr("Waits until the window's own run or test has ended");
    case RunQueue::State::Off:
        break;
    }
    return m_queue.hasWaiting() ? tr("Not started") : tr("Nothing waits");
}

void QueuePage::showTotals()
{
    const auto totals = totalsOf(m_queue.items());
    m_totals->setText(totals.all > 0 ? totalsText(totals) : tr("The queue is empty"));
    m_progress->setVisible(totals.all > 0);
    m_progress->setValue(static_cast<int>(kProgressParts * totals.share));
}

/// What the table has no room for.
void QueuePage::showDetail()
{
    const auto chosen = m_view->chosen();
    const auto* item = chosen.size() == 1 ? m_queue.find(chosen.front()) : nullptr;
    const bool hasProblem = item && !item->problem.isEmpty();
    m_detail->setText(hasProblem ? tr("%1: %2").arg(nameOf(*item), item->problem) : QString());
    m_detail->setVisible(hasProblem);
}

void QueuePage::showMenu(const QPoint& position)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_actions->fill(*menu);
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

void QueuePage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || !m_start)
        return;
    m_model->refreshIcons();
    m_actions->refreshIcons();
    showTransport();
}

} // namespace frostline
