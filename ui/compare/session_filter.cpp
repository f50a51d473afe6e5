#include "compare/session_filter.h"

#include <algorithm>

#include "compare/session_table_model.h"

namespace frostline {

SessionFilter::SessionFilter(QObject* parent) : QSortFilterProxyModel(parent)
{
    setSortRole(SessionTableModel::SortRole);
    setRecursiveFilteringEnabled(true);
}

void SessionFilter::setWords(const QString& text)
{
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void SessionFilter::setShowsArchived(bool on)
{
    m_showsArchived = on;
    invalidateFilter();
}

bool SessionFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const auto index = sourceModel()->index(row, 0, parent);
    return isSearched(index) && hasWords(index);
}

bool SessionFilter::isSearched(const QModelIndex& index) const
{
    return m_showsArchived || !index.data(SessionTableModel::ArchivedRole).toBool();
}

bool SessionFilter::hasWords(const QModelIndex& index) const
{
    const QString text = index.data(SessionTableModel::SearchRole).toString();
    return std::ranges::all_of(
        m_words, [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

template <class Accepts>
int SessionFilter::count(const Accepts& accepts, const QModelIndex& parent) const
{
    int found = 0;
    for (int row = 0; row < sourceModel()->rowCount(parent); ++row) {
        const auto index = sourceModel()->index(row, 0, parent);
        found += (accepts(index) ? 1 : 0) + count(accepts, index);
    }
    return found;
}

int SessionFilter::matchCount() const
{
    return count([this](const QModelIndex& index) { return isSearched(index) && hasWords(index); });
}

int SessionFilter::searchedCount() const
{
    return count([this](const QModelIndex& index) { return isSearched(index); });
}

} // namespace frostline
