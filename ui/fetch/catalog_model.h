#pragma once

#include <QAbstractTableModel>

#include "fetch/catalog.h"

namespace frostline {

/// The catalogue as a table: name, what it is, size, licence, whether it is here. GUI thread.
class CatalogModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Title, Size, Licence, Here, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setCatalog(const Catalog& catalog);
    /// Looks again for what is here.
    void refresh();
    const CatalogEntry& entry(int row) const { return m_catalog.entries[static_cast<std::size_t>(row)]; }
    bool isHere(int row) const { return m_here[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, int column) const;
    QString tip(int row, int column) const;
    void look();

    Catalog m_catalog;
    std::vector<bool> m_here;
};

} // namespace frostline
