#pragma once

#include <QString>

#include "queue/queue_estimate.h"
#include "queue/queue_item.h"

namespace frostline {

QString nameOf(const QueueItem& item);
QString wordFor(QueueItem::State state);
/// Of the icon that goes with the word.
QString iconNameFor(QueueItem::State state);

/// "epoch 2/5, step 120", or what it will be.
QString progressText(const QueueItem& item);
/// Best validation figure; a dash while there is none.
QString bestText(const QueueItem& item);

/// As people say it: "about 40 s", "about 4 min", "about 1 h 20 min".
QString roughTime(double seconds);
/// "3 of 7 done, 1 failed, about 4 min left".
QString totalsText(const QueueTotals& totals);

/// In which settings a recipe differs from another.
struct RecipeDifference {
    QString brief; ///< "seed 2, learning rate 0.0001"; empty where they are alike.
    QString full;  ///< One setting a line, before and after.
};
RecipeDifference differenceOf(const Recipe& first, const Recipe& other);

} // namespace frostline
