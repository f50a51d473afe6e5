#include "layers/layer_delegate.h"

#include <algorithm>

#include <QApplication>
#include <QDoubleSpinBox>
#include <QDoubleValidator>
#include <QLineEdit>
#include <QPainter>

#include "controls/number_text.h"
#include "layers/layer_model.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr double kHighestRate = 1e6;
constexpr double kHighestPercent = 99.9;
constexpr double kBarMargin = 4.0;
constexpr double kBarHeight = 8.0;
constexpr double kLeastBar = 2.0;

} // namespace

QWidget* LayerDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&,
                                     const QModelIndex& index) const
{
    if (index.column() == LayerModel::RateColumn) {
        auto* edit = new QLineEdit(parent);
        edit->setAccessibleName(tr("Rate multiplier"));
        edit->setValidator(new QDoubleValidator(0.0, kHighestRate, 12, edit));
        return edit;
    }
    auto* spin = new QDoubleSpinBox(parent);
    spin->setAccessibleName(tr("Sparsity target in per cent"));
    spin->setRange(0.0, kHighestPercent);
    spin->setDecimals(1);
    spin->setSuffix(tr(" %"));
    return spin;
}

void LayerDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    const double value = index.data(Qt::EditRole).toDouble();
    if (auto* edit = qobject_cast<QLineEdit*>(editor))
        edit->setText(numberText(value));
    else if (auto* spin = qobject_cast<QDoubleSpinBox*>(editor))
        spin->setValue(value);
}

void LayerDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const
{
    if (const auto* edit = qobject_cast<QLineEdit*>(editor)) {
        if (const auto rate = numberOf(edit->text()))
            model->setData(index, *rate);
        return;
    }
    auto* spin = qobject_cast<QDoubleSpinBox*>(editor);
    spin->interpretText();
    model->setData(index, spin->value());
}

void LayerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const auto bar = index.data(LayerModel::BarRole);
    if (!bar.isValid()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    auto cell = option;
    initStyleOption(&cell, index);
    cell.text.clear();
    const auto* style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    const QRectF room = QRectF(option.rect).adjusted(kBarMargin, 0, -kBarMargin, 0);
    const double height = std::min(kBarHeight, room.height() - 4.0);
    const double length = std::max(kLeastBar, room.width() * bar.toDouble());
    painter->fillRect(QRectF(room.left(), room.center().y() - height / 2.0, length, height),
                      trainableColour(option.palette));
}

void LayerDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    // Fusion outlines a check box in a darkened window colour, which a dark base swallows.
    if (option->features.testFlag(QStyleOptionViewItem::HasCheckIndicator) && isDark(option->palette))
        option->palette.setColor(QPalette::Window, option->palette.color(QPalette::PlaceholderText));
}

} // namespace frostline
