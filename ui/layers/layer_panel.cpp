#include "layers/layer_panel.h"

#include <algorithm>

#include <QAction>
#include <QEvent>
#include <QMenu>
#include <QUndoStack>

#include "layers/layer_action_set.h"
#include "layers/layer_commands.h"
#include "layers/layer_filter.h"
#include "layers/layer_model.h"
#include "layers/layer_totals.h"
#include "layers/layer_tree_view.h"
#include "model/layer_diff.h"

namespace frostline {

namespace {

std::set<int> leavesThatDiffer(const LayerTable& left, const LayerTable& right)
{
    std::set<int> leaves;
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (left[i].isLeaf && left[i].settings != right[i].settings)
            leaves.insert(static_cast<int>(i));
    }
    return leaves;
}

} // namespace

LayerPanel::LayerPanel(QWidget* parent)
    : QWidget(parent),
      m_model(new LayerModel(this)),
      m_filter(new LayerFilter(this)),
      m_actions(new LayerActionSet(this)),
      m_undo(new QUndoStack(this)),
      m_totals(new LayerTotalsView(this))
{
    m_filter->setSourceModel(m_model);
    createTree();
    createActions();
    createFilterRow();
    createToolBar();
    createLayout();
    connect(m_model, &LayerModel::changesRequested, this, &LayerPanel::requestFromCell);
    connect(m_actions, &LayerActionSet::triggered, this, &LayerPanel::requestAction);
    connect(m_tree, &LayerTreeView::layerSelectionChanged, this, &LayerPanel::updateUsable);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &LayerPanel::showContextMenu);
    refreshIcons();
    updateUsable();
}

LayerPanel::~LayerPanel()
{
    // A cell's editor that is still open commits when it goes; by then nobody is to listen.
    m_model->disconnect(this);
    delete m_tree;
}

void LayerPanel::setTable(const LayerTable& table)
{
    const bool sameLayers = sameStructure(m_table, table);
    m_table = table;
    if (!sameLayers) {
        m_pending.clear();
        m_undo->clear();
    }
    showShownTable();
    if (leavesThatDiffer(m_table, m_shown).empty())
        m_pending.clear();
    if (!sameLayers) {
        m_tree->expandToDepth(0);
        applyFilter();
        updateUsable();
    }
}

void LayerPanel::setRunning(bool running, Step nextStep)
{
    m_running = running;
    m_nextStep = nextStep;
    if (!running)
        clearPending();
}

void LayerPanel::showPending(const std::vector<Change>& changes, Step step)
{
    m_pending.insert(m_pending.end(), changes.begin(), changes.end());
    m_pendingStep = step;
    showShownTable();
}

void LayerPanel::clearPending()
{
    if (m_pending.empty())
        return;
    m_pending.clear();
    showShownTable();
}

void LayerPanel::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    if (readOnly)
        m_undo->clear();
    m_model->setReadOnly(readOnly);
    updateUsable();
}

QByteArray LayerPanel::headerState() const
{
    return m_tree->headerState();
}

bool LayerPanel::restoreHeaderState(const QByteArray& state)
{
    return m_tree->restoreHeaderState(state);
}

void LayerPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_toolBar)
        refreshIcons();
}

void LayerPanel::showShownTable()
{
    m_shown = withChanges(m_table, m_pending);
    m_model->setTable(m_shown);
    m_model->setPending(leavesThatDiffer(m_table, m_shown), m_pendingStep);
    m_totals->setTotals(totalsOf(m_shown));
}

void LayerPanel::updateUsable()
{
    const bool selected = !m_tree->selectedLayers().empty();
    m_actions->setUsable(m_readOnly, selected);
    for (auto* action : {m_toggleAction, m_editRateAction, m_editSparsityAction})
        action->setEnabled(!m_readOnly && selected);
}

void LayerPanel::showContextMenu(const QPoint& position)
{
    auto* menu = createContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(m_tree->viewport()->mapToGlobal(position));
}

void LayerPanel::requestAction(LayerAction action)
{
    request(changesFor(action, m_shown, m_tree->selectedLayers()), m_actions->action(action)->text());
}

void LayerPanel::freezeUpTo(int tableIndex)
{
    if (m_readOnly || tableIndex >= static_cast<int>(m_shown.size()))
        return;
    const auto action = tableIndex < 0 ? LayerAction::UnfreezeAll : LayerAction::FreezeUpTo;
    request(changesFor(action, m_shown, {tableIndex}), m_actions->action(action)->text());
}

void LayerPanel::requestToggle()
{
    request(toggleTrainable(m_shown, m_tree->selectedLayers()), tr("Toggle"));
}

void LayerPanel::requestStatistics(Statistics statistics)
{
    const std::string value(nameOf(statistics));
    request(changeSelected(m_shown, m_tree->selectedLayers(), ChangeKind::Statistics, value),
            tr("Statistics"));
}

void LayerPanel::requestFromCell(const std::vector<Change>& changes)
{
    const auto& asked = changes.front();
    auto layers = m_tree->selectedLayers();
    const bool isSelected =
        std::ranges::any_of(layers, [&](int index) { return layerAt(m_shown, index).path == asked.target; });
    const auto text = tr("Change %1").arg(QString::fromStdString(asked.target));
    request(isSelected && layers.size() > 1 ? changeSelected(m_shown, layers, asked.kind, asked.value)
                                            : changes,
            text);
}

void LayerPanel::request(const std::vector<Change>& changes, const QString& text)
{
    if (changes.empty()) {
        Q_EMIT messageRequested(tr("%1: the layers are that way already").arg(text));
        return;
    }
    m_undo->push(
        new LayerCommand(text, m_shown, changes, [this](const std::vector<Change>& list) { execute(list); }));
}

void LayerPanel::requestWithRate(const std::vector<Change>& changes, double rateBefore, double rate,
                                 const QString& text)
{
    m_undo->push(new LayerCommand(text, m_shown, changes, rateBefore, rate,
                                  [this](const std::vector<Change>& list) { execute(list); }));
}

void LayerPanel::execute(const std::vector<Change>& changes)
{
    if (m_running)
        showPending(changes, m_nextStep);
    Q_EMIT changesRequested(changes);
}

} // namespace frostline
