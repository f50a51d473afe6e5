#include "plan/plan_delegate.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QPainter>
#include <QSpinBox>

#include "plan/choice_editor.h"
#include "plan/pattern_edit.h"
#include "plan/plan_model.h"
#include "plan/plan_text.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kMostEpochs = 1'000'000;
constexpr int kRoom = 4; ///< Above and below the two lines.

const PlanModel& modelOf(const QModelIndex& index)
{
    return *qobject_cast<const PlanModel*>(index.model());
}

QFont smallOf(const QFont& font)
{
    QFont small = font;
    small.setPointSizeF(QFontInfo(font).pointSizeF() * 0.87);
    return small;
}

/// What stands for nothing in the list; null where there is no such choice.
QString nothingIn(const QModelIndex& index)
{
    const bool isWhole = modelOf(index).isWhole();
    switch (index.column()) {
    case PlanModel::ScheduleColumn:
        return isWhole ? QString() : PlanDelegate::tr("the run's");
    case PlanModel::EndColumn:
        return PlanDelegate::tr("does not end early");
    default:
        return index.row() > 0 ? PlanDelegate::tr("as before") : PlanDelegate::tr("as they are");
    }
}

QStringList choicesOf(const QModelIndex& index)
{
    QStringList choices = index.column() == PlanModel::ScheduleColumn ? scheduleNames()
                          : index.column() == PlanModel::EndColumn    ? monitorNames()
                                                                      : statisticsNames();
    if (const QString nothing = nothingIn(index); !nothing.isNull())
        choices.prepend(nothing);
    return choices;
}

} // namespace

QStringList PlanDelegate::patternWords(const LayerTable& table)
{
    QStringList words{QStringLiteral("*")};
    const int stages = table.empty() ? 0 : table.back().stage + 1;
    for (int count = 1; count <= stages; ++count)
        words << (count == 1 ? QStringLiteral("last 1 stage") : QStringLiteral("last %1 stages").arg(count));
    int layers = 0;
    for (const auto& layer : table)
        layers += layer.isLeaf && layer.hasParameters() ? 1 : 0;
    for (int count = 1; count <= layers; ++count)
        words << (count == 1 ? QStringLiteral("last 1 layer") : QStringLiteral("last %1 layers").arg(count));
    for (const auto& layer : table) {
        if (!layer.isLeaf || layer.hasParameters())
            words << QString::fromStdString(layer.path);
    }
    return words;
}

QWidget* PlanDelegate::createChoice(QWidget* parent, const QModelIndex& index) const
{
    const bool hasFields = index.column() != PlanModel::StatisticsColumn;
    const QString name = modelOf(index).headerData(index.column(), Qt::Horizontal).toString();
    auto* editor = new ChoiceEditor(name, choicesOf(index), hasFields, parent);
    auto* self = const_cast<PlanDelegate*>(this);
    const auto finish = [self, editor] {
        if (!editor->finish())
            return;
        Q_EMIT self->commitData(editor);
        Q_EMIT self->closeEditor(editor);
    };
    connect(editor, &ChoiceEditor::chosen, this, finish);
    connect(editor, &ChoiceEditor::left, this, finish);
    connect(editor, &ChoiceEditor::fieldsRequested, this, [this, finish, at = QPersistentModelIndex(index)] {
        finish();
        Q_EMIT fieldsRequested(at);
    });
    return editor;
}

QWidget* PlanDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&,
                                    const QModelIndex& index) const
{
    const QString name = modelOf(index).headerData(index.column(), Qt::Horizontal).toString();
    switch (index.column()) {
    case PlanModel::ScheduleColumn:
    case PlanModel::StatisticsColumn:
    case PlanModel::EndColumn:
        return createChoice(parent, index);
    case PlanModel::EpochsColumn: {
        auto* spin = new QSpinBox(parent);
        spin->setRange(1, kMostEpochs);
        spin->setAccessibleName(name);
        return spin;
    }
    case PlanModel::BestColumn:
        return nullptr;
    default:
        break;
    }
    const bool isPattern = index.column() == PlanModel::TrainableColumn;
    auto* edit =
        isPattern ? new PatternEdit(patternWords(modelOf(index).table()), parent) : new QLineEdit(parent);
    edit->setAccessibleName(name);
    if (index.row() > 0)
        edit->setPlaceholderText(tr("as before"));
    if (isPattern)
        edit->setToolTip(tr("Layers, with commas between them: head, layer4.*, last 2 stages, *"));
    return edit;
}

void PlanDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    const auto value = index.data(Qt::EditRole);
    if (auto* choice = qobject_cast<ChoiceEditor*>(editor))
        choice->setChoice(value.toInt() - (nothingIn(index).isNull() ? 1 : 0));
    else if (auto* spin = qobject_cast<QSpinBox*>(editor))
        spin->setValue(value.toInt());
    else if (auto* edit = qobject_cast<QLineEdit*>(editor))
        edit->setText(value.toString());
}

void PlanDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const
{
    QVariant value;
    if (const auto* choice = qobject_cast<ChoiceEditor*>(editor)) {
        value = choice->choice() + (nothingIn(index).isNull() ? 1 : 0);
    } else if (auto* spin = qobject_cast<QSpinBox*>(editor)) {
        spin->interpretText();
        value = spin->value();
    } else if (const auto* edit = qobject_cast<QLineEdit*>(editor)) {
        value = edit->text();
    }
    if (value != index.data(Qt::EditRole))
        model->setData(index, value);
}

bool PlanDelegate::eventFilter(QObject* editor, QEvent* event)
{
    // These keys close it, after which its focus goes.
    auto* choice = qobject_cast<ChoiceEditor*>(editor);
    if (choice && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Escape || key == Qt::Key_Tab ||
            key == Qt::Key_Backtab)
            choice->finish();
    }
    return QStyledItemDelegate::eventFilter(editor, event);
}

void PlanDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    // Fusion outlines a check box in a darkened window colour, which a dark base swallows.
    if (option->features.testFlag(QStyleOptionViewItem::HasCheckIndicator) && isDark(option->palette))
        option->palette.setColor(QPalette::Window, option->palette.color(QPalette::PlaceholderText));
}

void PlanDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = std::exchange(cell.text, QString());
    const auto* style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    const QString detail = index.data(PlanModel::DetailRole).toString();
    cell.text = text;
    QRect room = style->subElementRect(QStyle::SE_ItemViewItemText, &cell, cell.widget).adjusted(3, 0, -3, 0);
    const bool isSelected = cell.state.testFlag(QStyle::State_Selected);
    const QFontMetrics metrics(cell.font);
    const QFont small = smallOf(cell.font);
    const int height = metrics.height() + (detail.isEmpty() ? 0 : QFontMetrics(small).height());
    room = QRect(room.left(), cell.rect.center().y() - height / 2 + 1, room.width(), height);
    painter->save();
    painter->setFont(cell.font);
    painter->setPen(cell.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text));
    painter->drawText(room, Qt::AlignLeft | Qt::AlignTop,
                      metrics.elidedText(text, Qt::ElideRight, room.width()));
    if (!isSelected)
        painter->setPen(index.data(PlanModel::ProblemRole).toBool()
                            ? warningColour(cell.palette)
                            : cell.palette.color(QPalette::PlaceholderText));
    painter->setFont(small);
    painter->drawText(room, Qt::AlignLeft | Qt::AlignBottom,
                      QFontMetrics(small).elidedText(detail, Qt::ElideRight, room.width()));
    painter->restore();
}

QSize PlanDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QFontMetrics metrics(option.font);
    const QFontMetrics small(smallOf(option.font));
    const int text = metrics.horizontalAdvance(index.data().toString());
    const int detail = small.horizontalAdvance(index.data(PlanModel::DetailRole).toString());
    const int mark = index.data(Qt::DecorationRole).isNull() ? 0 : option.decorationSize.width() + 6;
    return {std::max(text, detail) + mark + 14, metrics.height() + small.height() + 2 * kRoom};
}

} // namespace frostline
