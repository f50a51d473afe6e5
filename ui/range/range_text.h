#pragma once

#include <QString>

#include "compare/run_style.h"
#include "training/range_test.h"

namespace frostline {

/// `valley`, as a button and a label name it.
QString titleOf(RateMethod method);
/// What kind of place on the curve it is.
QString explanationOf(RateMethod method);
/// Its colour and shape, on the plot as on its button.
RunStyle styleOf(RateMethod method);

/// Two significant digits, as on the learning rate's slider: nobody needs more of a guess.
double roundedRate(double rate);

/// At which rate the test ended, and why.
QString endText(const RangeTest& test);

} // namespace frostline
