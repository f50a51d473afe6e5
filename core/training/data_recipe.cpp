#include "training/data_recipe.h"

namespace frostline {

std::string_view nameOf(Task task)
{
    switch (task) {
    case Task::Binary:
        return "binary";
    case Task::Reconstruction:
        return "reconstruction";
    case Task::Values:
        return "values";
    case Task::Classes:
        break;
    }
    return "classes";
}

bool hasAccuracy(Task task)
{
    return task == Task::Classes || task == Task::Binary;
}

std::string_view nameOf(LossKind kind)
{
    switch (kind) {
    case LossKind::BinaryCrossEntropy:
        return "binary_cross_entropy";
    case LossKind::Mse:
        return "mse";
    case LossKind::L1:
        return "l1";
    case LossKind::CrossEntropy:
        break;
    }
    return "cross_entropy";
}

LossKind lossKindOf(const LossRecipe& loss, Task task)
{
    if (loss.kind)
        return *loss.kind;
    switch (task) {
    case Task::Binary:
        return LossKind::BinaryCrossEntropy;
    case Task::Reconstruction:
    case Task::Values:
        return LossKind::Mse;
    case Task::Classes:
        break;
    }
    return LossKind::CrossEntropy;
}

bool AugmentRecipe::isNone() const
{
    auto none = AugmentRecipe{};
    none.views = views;
    return *this == none;
}

} // namespace frostline
