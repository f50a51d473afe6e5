#include "fetch/catalog_model.h"

#include <QIcon>

#include "fetch/fetch_text.h"
#include "fetch/places.h"
#include "theme/icons.h"

namespace frostline {

void CatalogModel::setCatalog(const Catalog& catalog)
{
    beginResetModel();
    m_catalog = catalog;
    look();
    endResetModel();
}

void CatalogModel::look()
{
    m_here.clear();
    for (const auto& entry : m_catalog.entries)
        m_here.push_back(foundPlace(entry).has_value());
}

void CatalogModel::refresh()
{
    look();
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int CatalogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_catalog.entries.size());
}

int CatalogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CatalogModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::DisplayRole)
        return text(index.row(), index.column());
    if (role == Qt::ToolTipRole)
        return tip(index.row(), index.column());
    if (role == Qt::TextAlignmentRole && index.column() == Size)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::DecorationRole && index.column() == Name)
        return icon(entry(index.row()).kind == CatalogEntry::Kind::Data ? QStringLiteral("data")
                                                                        : QStringLiteral("layers"));
    return {};
}

QString CatalogModel::text(int row, int column) const
{
    const auto& shown = entry(row);
    switch (column) {
    case Name:
        return QString::fromStdString(shown.name);
    case Title:
        return shown.kind == CatalogEntry::Kind::Data
                   ? tr("Data: %1").arg(QString::fromStdString(shown.title))
                   : tr("Weights: %1").arg(QString::fromStdString(shown.title));
    case Size:
        return entrySizeText(shown);
    case Licence:
        return QString::fromStdString(shown.licence);
    default:
        return isHere(row) ? tr("here") : QString();
    }
}

QString CatalogModel::tip(int row, int column) const
{
    const auto& shown = entry(row);
    return column == Licence ? QString::fromStdString(shown.licence) : QString::fromStdString(shown.about);
}

QVariant CatalogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Title:
        return tr("What it is");
    case Size:
        return tr("Size");
    case Licence:
        return tr("Licence");
    default:
        return tr("Here");
    }
}

} // namespace frostline
