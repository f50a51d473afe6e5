#include "layers/layer_model.h"

namespace frostline {

namespace {

struct Heading {
    const char* text;
    const char* toolTip;
};

constexpr Heading kHeadings[LayerModel::ColumnCount]{
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Layer"),
     QT_TRANSLATE_NOOP("frostline::LayerModel",
                       "Snowflake: frozen. Lock: frozen, and not moved by a single bit")},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Kind"), ""},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Output"),
     QT_TRANSLATE_NOOP("frostline::LayerModel", "Shape of what comes out, for one sample")},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Parameters"),
     QT_TRANSLATE_NOOP("frostline::LayerModel", "Learnable values")},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Train"),
     QT_TRANSLATE_NOOP("frostline::LayerModel", "Ticked layers learn, the others are frozen (Space)")},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Mode"),
     QT_TRANSLATE_NOOP("frostline::LayerModel", "Whether it learns, and what running statistics do")},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Rate ×"),
     QT_TRANSLATE_NOOP("frostline::LayerModel", "The learning rate is multiplied by this; F2 edits")},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Sparsity"),
     QT_TRANSLATE_NOOP("frostline::LayerModel",
                       "Share of weights that are hidden (→ target); Shift+F2 edits the target")},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Gradient"),
     QT_TRANSLATE_NOOP("frostline::LayerModel", "Norm of the last gradient; – where there is none")},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Drift"),
     QT_TRANSLATE_NOOP("frostline::LayerModel",
                       "How far it has moved from where it started, ‖w − w₀‖ / ‖w₀‖")},
    {QT_TRANSLATE_NOOP("frostline::LayerModel", "Ratio"),
     QT_TRANSLATE_NOOP("frostline::LayerModel",
                       "Norm of the last gradient for that of the weights, ‖g‖ / ‖w‖: where it is large, a "
                       "step changes most. Bars are relative to the largest")},
};

} // namespace

QVariant LayerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const auto& heading = kHeadings[section];
    if (role == Qt::DisplayRole)
        return tr(heading.text);
    if (role == Qt::ToolTipRole)
        return *heading.toolTip ? tr(heading.toolTip) : QString();
    const bool isNumber = section == ParametersColumn || section >= RateColumn;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

} // namespace frostline
