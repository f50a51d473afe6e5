#include "evaluation/evaluation.h"

#include <algorithm>
#include <numeric>

namespace frostline {

std::string_view nameOf(Split split)
{
    switch (split) {
    case Split::Train:
        return "train";
    case Split::Test:
        return "test";
    case Split::Validation:
        break;
    }
    return "validation";
}

Result<Split> splitOf(std::string_view name)
{
    for (const auto split : {Split::Train, Split::Validation, Split::Test}) {
        if (nameOf(split) == name)
            return split;
    }
    return badInput("there is no split \"" + std::string(name) + "\"; take train, validation or test");
}

std::vector<std::int64_t> confusionOf(const Evaluation& evaluation)
{
    const auto classes = evaluation.classNames.size();
    std::vector<std::int64_t> matrix(classes * classes);
    for (std::size_t i = 0; i < evaluation.labels.size(); ++i)
        ++matrix[static_cast<std::size_t>(evaluation.labels[i]) * classes +
                 static_cast<std::size_t>(evaluation.predicted[i])];
    return matrix;
}

std::vector<ClassFigures> classFiguresOf(const Evaluation& evaluation)
{
    std::vector<ClassFigures> figures(evaluation.classNames.size());
    std::vector<std::int64_t> right(figures.size());
    for (std::size_t i = 0; i < evaluation.labels.size(); ++i) {
        const auto label = static_cast<std::size_t>(evaluation.labels[i]);
        ++figures[label].samples;
        ++figures[static_cast<std::size_t>(evaluation.predicted[i])].predicted;
        right[label] += evaluation.labels[i] == evaluation.predicted[i] ? 1 : 0;
    }
    for (std::size_t i = 0; i < figures.size(); ++i) {
        auto& one = figures[i];
        const auto hits = static_cast<double>(right[i]);
        one.precision = hits / static_cast<double>(one.predicted); // 0 by 0 is NaN.
        one.recall = hits / static_cast<double>(one.samples);
    }
    return figures;
}

std::vector<Mistake> mistakesOf(const Evaluation& evaluation, std::size_t count)
{
    const auto matrix = confusionOf(evaluation);
    const auto classes = static_cast<std::int64_t>(evaluation.classNames.size());
    std::vector<Mistake> mistakes;
    for (std::int64_t label = 0; label < classes; ++label) {
        for (std::int64_t predicted = 0; predicted < classes; ++predicted) {
            const auto samples = matrix[static_cast<std::size_t>(label * classes + predicted)];
            if (label != predicted && samples > 0)
                mistakes.push_back({label, predicted, samples});
        }
    }
    std::ranges::stable_sort(mistakes, std::greater{}, &Mistake::samples);
    mistakes.resize(std::min(count, mistakes.size()));
    return mistakes;
}

std::vector<std::size_t> worstOf(const Evaluation& evaluation, std::size_t count)
{
    std::vector<std::size_t> rows(evaluation.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    if (hasAccuracy(evaluation.task))
        std::erase_if(rows,
                      [&](std::size_t row) { return evaluation.labels[row] == evaluation.predicted[row]; });
    std::ranges::stable_sort(rows, std::greater{}, [&](std::size_t row) { return evaluation.losses[row]; });
    rows.resize(std::min(count, rows.size()));
    return rows;
}

} // namespace frostline
