#pragma once

#include <QString>

#include "advice/advice.h"

namespace frostline {

// An advice in words, numbers by locale.

/// `Freeze up to block3, train block4 and head`.
QString headline(const Advice& advice);
QString rateText(const Advice& advice);
/// `medium ●●○`.
QString confidenceText(Confidence confidence);
QString reasonText(const AdviceReason& reason, const Advice& advice);
/// Of a block in the picture: what it holds, whether it trains, its ratio.
QString blockText(const Advice& advice, int block);
/// What a ratio of gradient to weight means, in one sentence.
QString ratioMeaning();

} // namespace frostline
