#pragma once

#include <QStringList>

#include "training/phase_recipe.h"
#include "training/recipe.h"

namespace frostline {

/// `steps down`, `cosine`, ... in the order of ScheduleKind.
QStringList scheduleNames();
QString scheduleName(ScheduleKind kind);
/// Its figures in a few words: `× 0.1 every 10 epochs`; empty where it has none.
QString scheduleDetail(const ScheduleRecipe& schedule);

/// In the order of Monitor.
QStringList monitorNames();
QString monitorName(Monitor monitor);
/// `after 5 epochs without getting better`.
QString endDetail(const EndRecipe& end);

/// In the order of Statistics.
QStringList statisticsNames();

} // namespace frostline
