#include "layers/layer_model.h"

#include <algorithm>
#include <utility>

#include <QFont>
#include <QGuiApplication>
#include <QPalette>

#include "layers/layer_text.h"
#include "layers/tinted_icon.h"

namespace frostline {

namespace {

double largestRatio(const std::vector<LayerSummary>& summaries)
{
    double largest = 0.0;
    for (const auto& summary : summaries)
        largest = std::max(largest, summary.ratio());
    return largest;
}

} // namespace

LayerModel::LayerModel(QObject* parent) : QAbstractItemModel(parent), m_blankIcon(blankIcon())
{
    refreshIcons();
}

void LayerModel::setTable(LayerTable table)
{
    if (sameStructure(m_table, table)) {
        update(std::move(table));
        return;
    }
    beginResetModel();
    m_table = std::move(table);
    m_summaries = summarise(m_table);
    m_pending.clear();
    rebuildPlaces();
    endResetModel();
}

void LayerModel::update(LayerTable table)
{
    const auto before = std::move(m_summaries);
    const auto tableBefore = std::move(m_table);
    const bool movedBefore = m_anythingMoved;
    m_table = std::move(table);
    m_summaries = summarise(m_table);
    m_anythingMoved = std::ranges::any_of(m_table, [](const LayerInfo& info) { return info.drift != 0.0; });
    const bool otherScale = std::exchange(m_largestRatio, largestRatio(m_summaries)) != m_largestRatio;
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        const auto& old = tableBefore[i];
        const bool settingsSame = old.settings == m_table[i].settings &&
                                  old.statisticsUpdating == m_table[i].statisticsUpdating &&
                                  old.outputShape == m_table[i].outputShape &&
                                  before[i].frozenLeaves == m_summaries[i].frozenLeaves;
        if (!settingsSame || movedBefore != m_anythingMoved)
            tellOfRow(static_cast<int>(i), NameColumn, RatioColumn);
        else if (before[i] != m_summaries[i])
            tellOfRow(static_cast<int>(i), RateColumn, RatioColumn);
        else if (otherScale)
            tellOfRow(static_cast<int>(i), RatioColumn, RatioColumn);
    }
}

void LayerModel::rebuildPlaces()
{
    m_places.assign(m_table.size(), {});
    m_topLevel.clear();
    for (int i = 0; i < static_cast<int>(m_table.size()); ++i) {
        const int parent = layerAt(m_table, i).parent;
        auto& siblings = parent < 0 ? m_topLevel : m_places[static_cast<std::size_t>(parent)].children;
        m_places[static_cast<std::size_t>(i)].row = static_cast<int>(siblings.size());
        siblings.push_back(i);
    }
    m_anythingMoved = std::ranges::any_of(m_table, [](const LayerInfo& info) { return info.drift != 0.0; });
    m_largestRatio = largestRatio(m_summaries);
}

void LayerModel::tellOfRow(int tableIndex, Column first, Column last)
{
    Q_EMIT dataChanged(indexOf(tableIndex, first), indexOf(tableIndex, last));
}

void LayerModel::setPending(std::set<int> leaves, Step step)
{
    for (const int leaf : std::set<int>(leaves)) {
        for (int above = layerAt(m_table, leaf).parent; above >= 0; above = layerAt(m_table, above).parent)
            leaves.insert(above);
    }
    std::set<int> touched = leaves;
    touched.merge(std::set<int>(m_pending));
    m_pending = std::move(leaves);
    m_pendingStep = step;
    for (const int index : touched)
        tellOfRow(index, NameColumn, RatioColumn);
}

void LayerModel::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    for (int i = 0; i < static_cast<int>(m_table.size()); ++i)
        tellOfRow(i, TrainableColumn, SparsityColumn);
}

void LayerModel::refreshIcons()
{
    m_frozenIcon = frozenIcon(QStringLiteral("frozen"));
    m_lockIcon = frozenIcon(QStringLiteral("lock"));
    for (int i = 0; i < static_cast<int>(m_table.size()); ++i)
        tellOfRow(i, NameColumn, NameColumn);
}

QModelIndex LayerModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const int tableIndex = childrenOf(parent)[static_cast<std::size_t>(row)];
    return createIndex(row, column, static_cast<quintptr>(tableIndex));
}

QModelIndex LayerModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(layer(child).parent) : QModelIndex();
}

int LayerModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(childrenOf(parent).size());
}

int LayerModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QModelIndex LayerModel::indexOf(int tableIndex, int column) const
{
    if (tableIndex < 0)
        return {};
    return createIndex(m_places[static_cast<std::size_t>(tableIndex)].row, column,
                       static_cast<quintptr>(tableIndex));
}

const std::vector<int>& LayerModel::childrenOf(const QModelIndex& parent) const
{
    return parent.isValid() ? m_places[parent.internalId()].children : m_topLevel;
}

const LayerInfo& LayerModel::layer(const QModelIndex& index) const
{
    return m_table[index.internalId()];
}

const LayerSummary& LayerModel::summary(const QModelIndex& index) const
{
    return m_summaries[index.internalId()];
}

QVariant LayerModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(index);
    case Qt::EditRole:
        return editValue(index);
    case Qt::CheckStateRole:
        return checkState(index);
    case Qt::ToolTipRole:
        return toolTip(index);
    case Qt::DecorationRole:
        return decoration(index);
    case Qt::AccessibleTextRole:
        return spokenText(index);
    case PathRole:
        return QString::fromStdString(layer(index).path);
    case BarRole:
        return bar(index);
    case TableIndexRole:
        return static_cast<int>(index.internalId());
    default:
        return appearance(index, role);
    }
}

bool LayerModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || m_readOnly || value == data(index, role))
        return false;
    Change change{ChangeKind::Trainable, layer(index).path, value.toInt() == Qt::Checked};
    if (role == Qt::EditRole && index.column() == RateColumn)
        change = {ChangeKind::RateMultiplier, layer(index).path, value.toDouble()};
    else if (role == Qt::EditRole && index.column() == SparsityColumn)
        change = {ChangeKind::Sparsity, layer(index).path, value.toDouble() / 100.0};
    else if (role != Qt::CheckStateRole || index.column() != TrainableColumn)
        return false;
    Q_EMIT changesRequested({change});
    return true;
}

Qt::ItemFlags LayerModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (m_readOnly)
        return flags;
    flags.setFlag(Qt::ItemIsUserCheckable,
                  index.column() == TrainableColumn && summary(index).hasParameters());
    flags.setFlag(Qt::ItemIsEditable, (index.column() == RateColumn && summary(index).hasParameters()) ||
                                          (index.column() == SparsityColumn && summary(index).prunable > 0));
    return flags;
}

QVariant LayerModel::checkState(const QModelIndex& index) const
{
    const auto& counts = summary(index);
    if (index.column() != TrainableColumn || !counts.hasParameters())
        return {};
    if (counts.frozenLeaves == 0)
        return Qt::Checked;
    return counts.isFrozen() ? Qt::Unchecked : Qt::PartiallyChecked;
}

QVariant LayerModel::editValue(const QModelIndex& index) const
{
    switch (index.column()) {
    case RateColumn:
        return summary(index).highestRate;
    case SparsityColumn:
        return 100.0 * summary(index).highestTarget;
    default:
        return text(index);
    }
}

QString LayerModel::text(const QModelIndex& index) const
{
    const auto& info = layer(index);
    const auto& counts = summary(index);
    switch (index.column()) {
    case NameColumn:
        return QString::fromStdString(info.name);
    case KindColumn:
        return QString::fromStdString(info.kind);
    case ShapeColumn:
        return shapeText(info);
    case ParametersColumn:
        return counts.hasParameters() ? countText(counts.parameters) : QString();
    case ModeColumn:
        return modeText(info, counts);
    case RateColumn:
        return rateText(counts);
    case SparsityColumn:
        return sparsityText(counts);
    case GradientColumn:
        return gradientText(counts);
    case DriftColumn:
        return driftText(info, counts);
    case RatioColumn:
        return ratioText(counts);
    default:
        return {};
    }
}

QVariant LayerModel::bar(const QModelIndex& index) const
{
    const double ratio = summary(index).ratio();
    return index.column() == RatioColumn && ratio > 0.0 ? QVariant(ratio / m_largestRatio) : QVariant();
}

bool LayerModel::isPending(const QModelIndex& index) const
{
    return m_pending.contains(static_cast<int>(index.internalId()));
}

bool LayerModel::isLocked(const QModelIndex& index) const
{
    return m_anythingMoved && summary(index).isFrozen() && summary(index).largestDrift == 0.0 &&
           !isPending(index);
}

QString LayerModel::toolTip(const QModelIndex& index) const
{
    QString tip = layerToolTip(layer(index), summary(index));
    if (isLocked(index))
        tip += tr("\nFrozen: has not moved by a single bit, running statistics included");
    else if (summary(index).isFrozen())
        tip += tr("\nFrozen: does not learn");
    if (index.column() == ModeColumn && !text(index).isEmpty())
        tip.prepend(text(index) + u'\n');
    if (isPending(index))
        tip.prepend(tr("Takes effect at step %1\n").arg(countText(m_pendingStep)));
    if (index.column() == DriftColumn && !layer(index).isLeaf && summary(index).largestDrift != 0.0)
        tip += tr("\nDrift: no layer in it has moved farther");
    if (index.column() == RatioColumn)
        tip.prepend(ratioToolTip(summary(index)) + u'\n');
    return tip;
}

QString LayerModel::spokenText(const QModelIndex& index) const
{
    if (index.column() == TrainableColumn && summary(index).hasParameters())
        return layer(index).isLeaf && !summary(index).isFrozen() ? tr("trainable")
                                                                 : modeText(layer(index), summary(index));
    if (index.column() != NameColumn || !summary(index).hasParameters())
        return text(index);
    const auto mode = isLocked(index) ? tr("frozen, has not moved") : modeText(layer(index), summary(index));
    return tr("%1, %2").arg(text(index), mode);
}

QVariant LayerModel::decoration(const QModelIndex& index) const
{
    if (index.column() != NameColumn)
        return {};
    if (!summary(index).isFrozen())
        return m_blankIcon;
    return isLocked(index) ? m_lockIcon : m_frozenIcon;
}

QVariant LayerModel::appearance(const QModelIndex& index, int role) const
{
    if (role == Qt::TextAlignmentRole)
        return headerData(index.column(), Qt::Horizontal, role);
    if (role == Qt::ForegroundRole && !summary(index).hasParameters())
        return QGuiApplication::palette().brush(QPalette::Disabled, QPalette::Text);
    if (role != Qt::FontRole || !isPending(index))
        return {};
    QFont font = QGuiApplication::font();
    font.setItalic(true);
    return font;
}

} // namespace frostline
