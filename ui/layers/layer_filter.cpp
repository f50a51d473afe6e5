#include "layers/layer_filter.h"

#include "layers/layer_model.h"
#include "model/layer_info.h"

namespace frostline {

namespace {

bool isGlob(const QString& pattern)
{
    return pattern.contains(u'*') || pattern.contains(u'?') || pattern.contains(u'[');
}

} // namespace

LayerFilter::LayerFilter(QObject* parent) : QSortFilterProxyModel(parent)
{
    setRecursiveFilteringEnabled(true);
    setAutoAcceptChildRows(true);
}

void LayerFilter::setPattern(const QString& pattern)
{
    m_pattern = pattern.trimmed();
    apply();
}

void LayerFilter::setRegularExpression(bool on)
{
    m_isRegularExpression = on;
    apply();
}

int LayerFilter::matchCount() const
{
    return sourceModel() ? countLeaves({}, !isFiltering()) : 0;
}

int LayerFilter::layerCount() const
{
    return sourceModel() ? countLeaves({}, true) : 0;
}

bool LayerFilter::filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const
{
    if (!isFiltering())
        return true;
    const auto index = sourceModel()->index(sourceRow, 0, sourceParent);
    return matches(index.data(LayerModel::PathRole).toString());
}

void LayerFilter::apply()
{
    m_error.clear();
    if (m_isRegularExpression) {
        m_expression = QRegularExpression(m_pattern);
        if (!m_expression.isValid())
            m_error = tr("%1 (at character %2)")
                          .arg(m_expression.errorString())
                          .arg(m_expression.patternErrorOffset() + 1);
    }
    invalidateRowsFilter();
    Q_EMIT filterChanged();
}

bool LayerFilter::matches(const QString& path) const
{
    if (m_isRegularExpression)
        return m_expression.match(path).hasMatch();
    if (isGlob(m_pattern))
        return globMatches(m_pattern.toStdString(), path.toStdString());
    return path.contains(m_pattern, Qt::CaseInsensitive);
}

int LayerFilter::countLeaves(const QModelIndex& sourceParent, bool insideMatch) const
{
    int count = 0;
    for (int row = 0; row < sourceModel()->rowCount(sourceParent); ++row) {
        const auto index = sourceModel()->index(row, 0, sourceParent);
        const bool match = insideMatch || matches(index.data(LayerModel::PathRole).toString());
        if (sourceModel()->hasChildren(index))
            count += countLeaves(index, match);
        else if (match)
            ++count;
    }
    return count;
}

} // namespace frostline
