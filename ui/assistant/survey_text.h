#pragma once

#include <QString>

#include "data/survey.h"

namespace frostline {

/// "Image folder: 120 training and 30 validation images in 3 classes, of different sizes."
QString toText(const DataSurvey& survey);

/// Why no network can learn from such data; empty where one can.
QString obstacleTo(const DataSurvey& survey);

/// What a recipe to begin with does, in one or two sentences.
QString planText(const Recipe& recipe);

} // namespace frostline
