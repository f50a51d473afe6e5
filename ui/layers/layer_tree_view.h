#pragma once

#include <set>
#include <vector>

#include <QString>
#include <QTreeView>

namespace frostline {

/// The tree itself: which columns show and in what order, what is expanded, what is selected. GUI thread.
class LayerTreeView : public QTreeView {
    Q_OBJECT
public:
    explicit LayerTreeView(QWidget* parent = nullptr);

    void setModel(QAbstractItemModel* model) override;

    /// Table indices of the selected layers, in table order.
    std::vector<int> selectedLayers() const;
    /// Opens the editor of the current row in this column.
    void editCurrent(int column);

    /// Shows everything that a filter lets through; the second call brings back what was open before.
    void beginFiltering();
    void endFiltering();

    QByteArray headerState() const;
    bool restoreHeaderState(const QByteArray& state);
    void resetHeader();

Q_SIGNALS:
    void layerSelectionChanged();

protected:
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;

private:
    void showHeaderMenu(const QPoint& position);
    void collectExpanded(const QModelIndex& parent, std::set<QString>& paths) const;
    void expandPaths(const QModelIndex& parent, const std::set<QString>& paths);

    std::set<QString> m_expandedBefore;
    bool m_isFiltering = false;
};

} // namespace frostline
