#pragma once

#include <set>
#include <vector>

#include <QAbstractItemModel>
#include <QIcon>

#include "layers/layer_summary.h"
#include "training/intervention.h"

namespace frostline {

/// The layer tree as its last table shows it; owns the table. Edits are not carried out here but asked for:
/// the owner applies them and hands the new table back. GUI thread.
class LayerModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        KindColumn,
        ShapeColumn,
        ParametersColumn,
        TrainableColumn,
        ModeColumn,
        RateColumn,
        SparsityColumn,
        GradientColumn,
        DriftColumn,
        RatioColumn,
        ColumnCount,
    };
    enum Role {
        PathRole = Qt::UserRole, ///< The layer's path as text.
        TableIndexRole,          ///< Its index in the table.
        BarRole,                 ///< Of RatioColumn: its bar's length, 0..1; none where there is no ratio.
    };

    explicit LayerModel(QObject* parent = nullptr);

    /// Resets where the layers are others; where only settings or measures differ, tells of these rows alone.
    void setTable(LayerTable table);
    const LayerTable& table() const { return m_table; }

    /// Leaves whose settings as shown are in force from `step` on only.
    void setPending(std::set<int> leaves, Step step);
    void setReadOnly(bool readOnly);
    /// Icons anew after the palette has changed.
    void refreshIcons();

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    QModelIndex indexOf(int tableIndex, int column = NameColumn) const;

Q_SIGNALS:
    void changesRequested(const std::vector<frostline::Change>& changes);

private:
    /// Where a layer of the table stands in the tree.
    struct Place {
        int row = 0;
        std::vector<int> children;
    };

    void rebuildPlaces();
    void update(LayerTable table);
    void tellOfRow(int tableIndex, Column first, Column last);
    const LayerInfo& layer(const QModelIndex& index) const;
    const LayerSummary& summary(const QModelIndex& index) const;
    const std::vector<int>& childrenOf(const QModelIndex& parent) const;

    QVariant checkState(const QModelIndex& index) const;
    QVariant editValue(const QModelIndex& index) const;
    QString text(const QModelIndex& index) const;
    QString spokenText(const QModelIndex& index) const;
    QString toolTip(const QModelIndex& index) const;
    QVariant decoration(const QModelIndex& index) const;
    QVariant appearance(const QModelIndex& index, int role) const;
    QVariant bar(const QModelIndex& index) const;
    bool isPending(const QModelIndex& index) const;
    /// Frozen, and by the last measure after training began not moved by a single bit.
    bool isLocked(const QModelIndex& index) const;

    LayerTable m_table;
    std::vector<LayerSummary> m_summaries;
    std::vector<Place> m_places;
    std::vector<int> m_topLevel;
    std::set<int> m_pending; ///< With the containers they lie in.
    Step m_pendingStep = 0;
    bool m_anythingMoved = false;
    double m_largestRatio = 0.0; ///< Of all layers; bars are relative to it.
    bool m_readOnly = false;
    QIcon m_frozenIcon;
    QIcon m_lockIcon;
    QIcon m_blankIcon;
};

} // namespace frostline
