// How the Layers dock is put together; what it does is in layer_panel.cpp.
#include "layers/layer_panel.h"

#include <algorithm>

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolBar>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>

#include "layers/layer_action_set.h"
#include "layers/layer_delegate.h"
#include "layers/layer_filter.h"
#include "layers/layer_model.h"
#include "layers/layer_totals.h"
#include "layers/layer_tree_view.h"
#include "theme/colours.h"
#include "theme/icons.h"

namespace frostline {

void LayerPanel::createTree()
{
    m_tree = new LayerTreeView(this);
    m_tree->setModel(m_filter);
    m_tree->setItemDelegate(new LayerDelegate(m_tree));
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
}

QAction* LayerPanel::addTreeAction(const QString& text, const QKeySequence& key)
{
    auto* action = new QAction(text, this);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetShortcut);
    m_tree->addAction(action);
    return action;
}

void LayerPanel::createActions()
{
    m_toggleAction = addTreeAction(tr("Toggle trainable"), Qt::Key_Space);
    m_editRateAction = addTreeAction(tr("Edit rate ×"), Qt::Key_F2);
    m_editSparsityAction = addTreeAction(tr("Edit sparsity"), QKeySequence(Qt::SHIFT | Qt::Key_F2));
    m_expandAction = addTreeAction(tr("Expand all"), QKeySequence(Qt::CTRL | Qt::Key_Plus));
    m_collapseAction = addTreeAction(tr("Collapse all"), QKeySequence(Qt::CTRL | Qt::Key_Minus));
    connect(m_toggleAction, &QAction::triggered, this, &LayerPanel::requestToggle);
    connect(m_editRateAction, &QAction::triggered, this,
            [this] { m_tree->editCurrent(LayerModel::RateColumn); });
    connect(m_editSparsityAction, &QAction::triggered, this,
            [this] { m_tree->editCurrent(LayerModel::SparsityColumn); });
    connect(m_expandAction, &QAction::triggered, m_tree, &QTreeView::expandAll);
    connect(m_collapseAction, &QAction::triggered, m_tree, &QTreeView::collapseAll);
    m_undoAction = m_undo->createUndoAction(this);
    m_redoAction = m_undo->createRedoAction(this);
    m_undoAction->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Z));
    m_redoAction->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    for (auto* action : {m_undoAction, m_redoAction}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
    }
}

void LayerPanel::createFilterRow()
{
    m_filterEdit = new QLineEdit(this);
    m_filterEdit->setPlaceholderText(tr("conv, layer4.*"));
    m_filterEdit->setClearButtonEnabled(true);
    m_filterIcon = m_filterEdit->addAction(QIcon(), QLineEdit::LeadingPosition);
    m_filterLabel = new QLabel(tr("Filter"), this);
    m_filterLabel->setBuddy(m_filterEdit);
    m_regexButton = new QToolButton(this);
    m_regexButton->setObjectName(QStringLiteral("regex"));
    m_regexButton->setText(QStringLiteral(".*"));
    m_regexButton->setAccessibleName(tr("Regular expression"));
    m_regexButton->setToolTip(tr("Read the filter as a regular expression"));
    m_regexButton->setCheckable(true);
    m_matchCount = new QLabel(this);
    m_matchCount->setObjectName(QStringLiteral("matchCount"));
    connect(m_filterEdit, &QLineEdit::textChanged, this, &LayerPanel::applyFilter);
    connect(m_regexButton, &QToolButton::toggled, this, &LayerPanel::applyFilter);
    auto* find = new QAction(tr("Filter layers"), this);
    find->setShortcut(QKeySequence::Find);
    find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QAction::triggered, m_filterEdit,
            [this] { m_filterEdit->setFocus(Qt::ShortcutFocusReason); });
    addAction(find);
}

void LayerPanel::createToolBar()
{
    m_toolBar = new QToolBar(tr("Layer actions"), this);
    const int extent = fontMetrics().height() + 2;
    m_toolBar->setIconSize(QSize(extent, extent));
    for (const auto action : kLayerActions) {
        if (action == LayerAction::FreezeUpTo || action == LayerAction::HeadOnly)
            m_toolBar->addSeparator();
        m_toolBar->addAction(m_actions->action(action));
    }
    m_toolBar->addSeparator();
    m_toolBar->addActions({m_undoAction, m_redoAction});
    m_toolBar->addSeparator();
    m_toolBar->addActions({m_expandAction, m_collapseAction});
    for (auto* button : m_toolBar->findChildren<QToolButton*>())
        button->setFocusPolicy(Qt::TabFocus);
}

void LayerPanel::addTool(QAction* action)
{
    m_toolBar->insertAction(m_actions->action(LayerAction::FreezeAll), action);
    m_toolBar->insertSeparator(m_actions->action(LayerAction::FreezeAll));
    m_toolBar->widgetForAction(action)->setFocusPolicy(Qt::TabFocus);
}

void LayerPanel::createLayout()
{
    auto* filterRow = new QHBoxLayout;
    filterRow->addWidget(m_filterLabel);
    filterRow->addWidget(m_filterEdit, 1);
    filterRow->addWidget(m_regexButton);
    filterRow->addWidget(m_matchCount);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->setSpacing(4);
    layout->addLayout(filterRow);
    layout->addWidget(m_toolBar);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_totals);
}

QMenu* LayerPanel::createContextMenu()
{
    auto* menu = new QMenu(this);
    menu->setToolTipsVisible(true);
    menu->addAction(m_toggleAction);
    menu->addSeparator();
    for (const auto action : kLayerActions)
        menu->addAction(m_actions->action(action));
    menu->addSeparator();
    menu->addActions({m_editRateAction, m_editSparsityAction});
    addStatisticsMenu(menu);
    menu->addSeparator();
    menu->addActions({m_undoAction, m_redoAction});
    menu->addSeparator();
    menu->addActions({m_expandAction, m_collapseAction});
    return menu;
}

void LayerPanel::addStatisticsMenu(QMenu* menu)
{
    auto* statistics = menu->addMenu(tr("Running statistics"));
    const auto selection = m_tree->selectedLayers();
    const auto summaries = summarise(m_shown);
    const bool anyNorm = std::ranges::any_of(
        selection, [&](int index) { return summaries[static_cast<std::size_t>(index)].normLeaves > 0; });
    statistics->setEnabled(!m_readOnly && anyNorm);
    const auto add = [&](const QString& text, const QString& toolTip, Statistics value) {
        auto* action = statistics->addAction(text);
        action->setToolTip(toolTip);
        connect(action, &QAction::triggered, this, [this, value] { requestStatistics(value); });
    };
    statistics->setToolTipsVisible(true);
    add(tr("Follow"), tr("Updated while the layer trains, stored with it while it is frozen"),
        Statistics::Follow);
    add(tr("Frozen"), tr("Stored statistics are used and never updated"), Statistics::Frozen);
    add(tr("Updating"), tr("Always updated, even while the layer is frozen"), Statistics::Updating);
}

void LayerPanel::applyFilter()
{
    m_filter->setRegularExpression(m_regexButton->isChecked());
    m_filter->setPattern(m_filterEdit->text());
    if (m_filter->isFiltering())
        m_tree->beginFiltering();
    else
        m_tree->endFiltering();
    showMatchCount();
}

void LayerPanel::showMatchCount()
{
    const bool isWrong = !m_filter->error().isEmpty();
    const int all = m_filter->layerCount();
    if (isWrong)
        m_matchCount->setText(tr("Not valid"));
    else
        m_matchCount->setText(m_filter->isFiltering() ? tr("%1 of %2").arg(m_filter->matchCount()).arg(all)
                                                      : tr("%1 layers").arg(all));
    m_filterEdit->setToolTip(isWrong ? m_filter->error()
                                     : tr("Part of a layer's path, or a pattern such as layer4.*"));
    m_matchCount->setToolTip(m_filter->error());
    QPalette colours;
    if (isWrong)
        colours.setColor(QPalette::WindowText, warningColour(colours));
    m_matchCount->setPalette(colours);
}

void LayerPanel::refreshIcons()
{
    m_actions->refreshIcons();
    m_model->refreshIcons();
    m_filterIcon->setIcon(icon(QStringLiteral("filter")));
    m_undoAction->setIcon(icon(QStringLiteral("undo")));
    m_redoAction->setIcon(icon(QStringLiteral("redo")));
    m_expandAction->setIcon(icon(QStringLiteral("expand")));
    m_collapseAction->setIcon(icon(QStringLiteral("collapse")));
    showMatchCount();
}

} // namespace frostline
