#pragma once

#include <functional>
#include <vector>

#include <QString>

#include "training/metrics.h"

class QPoint;
class QWidget;

namespace frostline {

/// A step that one can branch from, and how a menu calls it.
struct BranchPlace {
    QString text;
    Step step = 0;
};

BranchPlace placeAt(Step step);
BranchPlace placeBefore(const Intervention& intervention);
BranchPlace placeAfter(const EpochRecord& epoch);

/// Opens a menu with these places and returns at once. Where there is an `obstacle` nothing can be chosen and
/// its tooltips say why. GUI thread.
void showBranchMenu(QWidget* parent, const QPoint& globalPosition, const std::vector<BranchPlace>& places,
                    const QString& obstacle, const std::function<void(Step)>& chosen);

} // namespace frostline
