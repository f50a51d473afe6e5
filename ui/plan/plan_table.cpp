#include "plan/plan_table.h"

#include <algorithm>

#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>

#include "plan/plan_delegate.h"
#include "plan/plan_model.h"

namespace frostline {

namespace {

constexpr double kMostRows = 5.5; ///< Half a row says that there are more.
constexpr int kWidestColumn = 170;
constexpr int kLeastTrains = 130;

} // namespace

PlanTable::PlanTable(PlanModel& model, QWidget* parent) : QTableView(parent)
{
    setObjectName(QStringLiteral("planTable"));
    setAccessibleName(tr("Phases"));
    setModel(&model);
    auto* delegate = new PlanDelegate(this);
    setItemDelegate(delegate);
    setSelectionMode(SingleSelection);
    setEditTriggers(DoubleClicked | SelectedClicked | EditKeyPressed | AnyKeyPressed);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setFrameShape(NoFrame);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(delegate, &PlanDelegate::fieldsRequested, this, &PlanTable::fieldsRequested);
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&model, signal, this, &PlanTable::fit);
    connect(&model, &QAbstractItemModel::dataChanged, this, &PlanTable::fit);
    fit();
}

void PlanTable::fit()
{
    if (model()->rowCount() == 0)
        return;
    const int row = sizeHintForIndex(model()->index(0, 0)).height();
    verticalHeader()->setDefaultSectionSize(row);
    fitColumns();
    const double rows = std::min<double>(kMostRows, std::max(1, model()->rowCount()));
    const bool scrolls = horizontalHeader()->length() > viewport()->width();
    const int bar = scrolls ? horizontalScrollBar()->sizeHint().height() : 0;
    setFixedHeight(horizontalHeader()->sizeHint().height() + static_cast<int>(rows * row) + bar + 2);
}

void PlanTable::fitColumns()
{
    int others = 0;
    for (int column = 0; column < PlanModel::ColumnCount; ++column) {
        if (column == PlanModel::TrainableColumn)
            continue;
        const int heading = horizontalHeader()->sectionSizeHint(column);
        const int width =
            std::clamp(sizeHintForColumn(column) + 1, heading, std::max(heading, kWidestColumn));
        setColumnWidth(column, width);
        others += width;
    }
    setColumnWidth(PlanModel::TrainableColumn, std::max(kLeastTrains, viewport()->width() - others));
}

void PlanTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fit();
}

void PlanTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fit();
}

} // namespace frostline
