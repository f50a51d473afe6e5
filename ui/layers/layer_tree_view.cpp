#include "layers/layer_tree_view.h"

#include <algorithm>
#include <array>

#include <QHeaderView>
#include <QMenu>

#include "layers/layer_model.h"

namespace frostline {

namespace {

struct ColumnLayout {
    int column;
    int characters; ///< Width in average digits.
};

/// What is looked at most comes first.
constexpr std::array<ColumnLayout, LayerModel::ColumnCount> kLayout{{
    {LayerModel::NameColumn, 16},
    {LayerModel::TrainableColumn, 6},
    {LayerModel::ParametersColumn, 10},
    {LayerModel::ModeColumn, 11},
    {LayerModel::DriftColumn, 8},
    {LayerModel::RatioColumn, 6},
    {LayerModel::RateColumn, 8},
    {LayerModel::SparsityColumn, 15},
    {LayerModel::GradientColumn, 10},
    {LayerModel::ShapeColumn, 15},
    {LayerModel::KindColumn, 15},
}};

} // namespace

LayerTreeView::LayerTreeView(QWidget* parent) : QTreeView(parent)
{
    setAccessibleName(tr("Layers"));
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    setAllColumnsShowFocus(true);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(DoubleClicked);
    setTextElideMode(Qt::ElideRight);
    setIndentation(fontMetrics().height() * 4 / 5);
    setHorizontalScrollMode(ScrollPerPixel);
    header()->setContextMenuPolicy(Qt::CustomContextMenu);
    header()->setStretchLastSection(false);
    connect(header(), &QWidget::customContextMenuRequested, this, &LayerTreeView::showHeaderMenu);
}

void LayerTreeView::setModel(QAbstractItemModel* model)
{
    QTreeView::setModel(model);
    resetHeader();
}

void LayerTreeView::resetHeader()
{
    const int digit = fontMetrics().horizontalAdvance(u'0');
    for (int i = 0; i < LayerModel::ColumnCount; ++i) {
        const auto& [column, characters] = kLayout[static_cast<std::size_t>(i)];
        header()->moveSection(header()->visualIndex(column), i);
        header()->setSectionHidden(column, false);
        header()->resizeSection(column, digit * characters);
    }
}

std::vector<int> LayerTreeView::selectedLayers() const
{
    std::vector<int> layers;
    if (!selectionModel())
        return layers;
    for (const auto& index : selectionModel()->selectedRows())
        layers.push_back(index.data(LayerModel::TableIndexRole).toInt());
    std::ranges::sort(layers);
    return layers;
}

void LayerTreeView::editCurrent(int column)
{
    const auto cell = currentIndex().siblingAtColumn(column);
    if (!cell.isValid() || !cell.flags().testFlag(Qt::ItemIsEditable))
        return;
    header()->setSectionHidden(column, false);
    scrollTo(cell);
    edit(cell);
}

void LayerTreeView::beginFiltering()
{
    if (!m_isFiltering) {
        m_expandedBefore.clear();
        collectExpanded({}, m_expandedBefore);
    }
    m_isFiltering = true;
    expandAll();
}

void LayerTreeView::endFiltering()
{
    if (!m_isFiltering)
        return;
    m_isFiltering = false;
    collapseAll();
    expandPaths({}, m_expandedBefore);
}

QByteArray LayerTreeView::headerState() const
{
    return header()->saveState();
}

bool LayerTreeView::restoreHeaderState(const QByteArray& state)
{
    return header()->restoreState(state);
}

void LayerTreeView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    Q_EMIT layerSelectionChanged();
}

void LayerTreeView::showHeaderMenu(const QPoint& position)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const auto& [column, characters] : kLayout) {
        auto* show = menu->addAction(model()->headerData(column, Qt::Horizontal).toString());
        show->setCheckable(true);
        show->setChecked(!isColumnHidden(column));
        show->setEnabled(column != LayerModel::NameColumn);
        connect(show, &QAction::toggled, this,
                [this, shown = column](bool on) { setColumnHidden(shown, !on); });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("Reset columns")), &QAction::triggered, this, &LayerTreeView::resetHeader);
    menu->popup(header()->mapToGlobal(position));
}

void LayerTreeView::collectExpanded(const QModelIndex& parent, std::set<QString>& paths) const
{
    for (int row = 0; row < model()->rowCount(parent); ++row) {
        const auto index = model()->index(row, 0, parent);
        if (isExpanded(index))
            paths.insert(index.data(LayerModel::PathRole).toString());
        collectExpanded(index, paths);
    }
}

void LayerTreeView::expandPaths(const QModelIndex& parent, const std::set<QString>& paths)
{
    for (int row = 0; row < model()->rowCount(parent); ++row) {
        const auto index = model()->index(row, 0, parent);
        if (paths.contains(index.data(LayerModel::PathRole).toString()))
            expand(index);
        expandPaths(index, paths);
    }
}

} // namespace frostline
