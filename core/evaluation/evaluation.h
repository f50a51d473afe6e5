#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "training/data_recipe.h"
#include "training/intervention.h"
#include "training/metrics.h"

namespace frostline {

/// Part of a recipe's data.
enum class Split { Train, Validation, Test };

std::string_view nameOf(Split split);
Result<Split> splitOf(std::string_view name);

/// What a network made of a split's samples, one by one. Plain data: made on one thread, read on any.
struct Evaluation {
    Split split = Split::Validation;
    Task task = Task::Classes;
    Step step = 0; ///< Steps that the network had learned for.
    Scores scores;
    std::vector<std::string> classNames;
    bool isStopped = false; ///< Asked to stop on the way: only what was done until then is here.

    std::vector<std::int64_t> samples; ///< [N], where each stands in its split.
    std::vector<float> losses;         ///< [N]

    /// Of tasks with accuracy; empty otherwise.
    std::vector<std::int64_t> labels;    ///< [N]
    std::vector<std::int64_t> predicted; ///< [N], the most likely class; of equals the first.
    std::vector<float> confidences;      ///< [N], the probability that the network gives it.

    /// What the network gave, [N, outputShape...]: logits of the classes, one logit of the second of two
    /// classes, values, or an image. Empty where they were not to be kept; so are the targets, which are
    /// there where there are no labels.
    std::vector<std::int64_t> outputShape;
    std::vector<float> outputs;
    std::vector<float> targets;

    std::size_t size() const { return samples.size(); }
};

/// [C, C]: how many samples of a class (the row) were taken for which (the column).
std::vector<std::int64_t> confusionOf(const Evaluation& evaluation);

/// How well one class was told from the others. NaN where there is nothing to be divided by.
struct ClassFigures {
    std::int64_t samples = 0;
    std::int64_t predicted = 0;
    double precision = kNoFigure; ///< Share of what was taken for the class that is of it.
    double recall = kNoFigure;    ///< Share of the class that was taken for it.
};
std::vector<ClassFigures> classFiguresOf(const Evaluation& evaluation);

/// Samples of one class that were taken for another.
struct Mistake {
    std::int64_t label = 0;
    std::int64_t predicted = 0;
    std::int64_t samples = 0;
};
/// The most frequent first, at most `count`.
std::vector<Mistake> mistakesOf(const Evaluation& evaluation, std::size_t count);

/// Rows of the evaluation by their loss, the highest first, at most `count`. Where a task has accuracy only
/// those that were wrong.
std::vector<std::size_t> worstOf(const Evaluation& evaluation, std::size_t count);

} // namespace frostline
