#pragma once

#include <QTableView>

namespace frostline {

class PlanModel;

/// The table of phases: as high as its rows, up to a few; what trains has the room that the other columns
/// leave. GUI thread.
class PlanTable : public QTableView {
    Q_OBJECT
public:
    explicit PlanTable(PlanModel& model, QWidget* parent = nullptr);

Q_SIGNALS:
    void fieldsRequested(const QModelIndex& index);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fit();
    void fitColumns();
};

} // namespace frostline
