#include "plots/crosshair_table.h"

#include <QHeaderView>
#include <QPainter>
#include <QPixmap>

namespace frostline {

namespace {

enum Column { Curve, Smoothed, Raw, StepColumn, Epoch, Time, ColumnCount };

/// The curve's line as it is drawn, so that colour is not the only cue.
QIcon swatch(const QColor& colour, bool isDashed)
{
    QPixmap pixmap(20, 10);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setPen(QPen(colour, 2.5, isDashed ? Qt::DotLine : Qt::SolidLine));
    painter.drawLine(0, 5, 20, 5);
    return QIcon(pixmap);
}

} // namespace

CrosshairTable::CrosshairTable(QWidget* parent) : QTableWidget(0, ColumnCount, parent)
{
    setObjectName(QStringLiteral("crosshairTable"));
    setAccessibleName(tr("Values under the crosshair"));
    setHorizontalHeaderLabels({tr("Curve"), tr("Smoothed"), tr("Raw"), tr("Step"), tr("Epoch"), tr("Time")});
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    setSelectionMode(QAbstractItemView::NoSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    QFont small = font();
    small.setPointSizeF(QFontInfo(small).pointSizeF() * 0.88);
    setFont(small);
    horizontalHeader()->setFont(small);
    setShowGrid(false);
    setIconSize(QSize(20, 10));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(1);
    horizontalHeader()->setMinimumSectionSize(1);
    horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    horizontalHeaderItem(Curve)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    hide();
}

void CrosshairTable::setRows(const std::vector<CrosshairRow>& rows, bool showsSmoothed)
{
    setRowCount(static_cast<int>(rows.size()));
    setColumnHidden(Smoothed, !showsSmoothed);
    for (std::size_t i = 0; i < rows.size(); ++i)
        setRow(static_cast<int>(i), rows[i]);
    fitToContents();
}

void CrosshairTable::setRow(int row, const CrosshairRow& values)
{
    const QString texts[] = {values.curve, values.smoothed, values.raw,
                             values.step,  values.epoch,    values.time};
    for (int column = 0; column < ColumnCount; ++column) {
        if (!item(row, column))
            setItem(row, column, new QTableWidgetItem);
        item(row, column)->setText(texts[column]);
        const auto side = column == Curve ? Qt::AlignLeft : Qt::AlignRight;
        item(row, column)->setTextAlignment(side | Qt::AlignVCenter);
    }
    item(row, Curve)->setIcon(swatch(values.colour, values.isDashed));
}

void CrosshairTable::fitToContents()
{
    for (int row = 0; row < rowCount(); ++row)
        setRowHeight(row, fontMetrics().height() + 3);
    resizeColumnsToContents();
    const int frame = 2 * frameWidth();
    resize(horizontalHeader()->length() + frame,
           verticalHeader()->length() + horizontalHeader()->sizeHint().height() + frame);
}

QString CrosshairTable::spoken() const
{
    QStringList parts;
    for (int row = 0; row < rowCount(); ++row)
        parts.push_back(item(row, Curve)->text() + QLatin1Char(' ') + item(row, Raw)->text());
    if (rowCount() > 0)
        parts.prepend(tr("Step %1").arg(item(0, StepColumn)->text()));
    return parts.join(QStringLiteral(", "));
}

} // namespace frostline
