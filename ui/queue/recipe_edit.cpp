#include "queue/recipe_edit.h"

#include <algorithm>
#include <utility>

#include <QCoreApplication>
#include <QStringList>

#include "controls/number_text.h"

namespace frostline {

namespace {

using Overrides = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kMostSeeds = 1000;
constexpr int kMostEpochs = 1'000'000;

struct EditText {
    Q_DECLARE_TR_FUNCTIONS(frostline::RecipeEdit)
};

tl::unexpected<Error> wrong(const QString& problem)
{
    return badInput(problem.toStdString());
}

tl::unexpected<Error> wrongSeeds(const QString& part)
{
    return wrong(EditText::tr("“%1” is no seed: write 7, or 2..5, or 1, 4, 9").arg(part));
}

/// One number, or first and last of a range.
Result<std::pair<std::uint64_t, std::uint64_t>> rangeOf(const QString& part)
{
    const auto ends = part.split(QStringLiteral(".."));
    if (ends.size() > 2)
        return wrongSeeds(part);
    bool isFirst = false;
    bool isLast = false;
    const qlonglong first = ends.front().trimmed().toLongLong(&isFirst);
    const qlonglong last = ends.back().trimmed().toLongLong(&isLast);
    if (!isFirst || !isLast || first < 0 || last < first)
        return wrongSeeds(part);
    return std::pair(static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last));
}

/// `--set` is what the command line calls it; the sentence goes on without it.
QString plainProblem(const Error& error)
{
    QString text = QString::fromStdString(error.message);
    for (const auto* prefix : {"--set: ", "--set "}) {
        if (text.startsWith(QLatin1String(prefix)))
            return text.mid(QLatin1String(prefix).size());
    }
    return text;
}

Result<Overrides> overridesOf(const QString& lines)
{
    Overrides overrides;
    for (const auto& line : lines.split(QLatin1Char('\n'))) {
        const QString text = line.trimmed();
        if (text.isEmpty())
            continue;
        const auto equals = text.indexOf(QLatin1Char('='));
        if (equals <= 0)
            return wrong(EditText::tr("“%1”: write KEY=VALUE, as in optimizer.weight_decay=0.01").arg(text));
        overrides.emplace_back(text.left(equals).trimmed().toStdString(),
                               text.mid(equals + 1).trimmed().toStdString());
    }
    return overrides;
}

/// Takes over the fields of their own.
Status applyFields(Recipe& recipe, const RecipeEdit& edit)
{
    const QString name = edit.name.trimmed();
    if (name.isEmpty())
        return wrong(EditText::tr("A run needs a name"));
    recipe.title = name.toStdString();
    const auto rate = numberOf(edit.learningRate);
    if (!rate || *rate < 0.0)
        return wrong(
            EditText::tr("“%1” is no learning rate: write one like 0.001 or 1e-4").arg(edit.learningRate));
    recipe.optimizer.learningRate = *rate;
    if (!recipe.phases.empty())
        return {};
    bool isNumber = false;
    const int epochs = edit.epochs.trimmed().toInt(&isNumber);
    if (!isNumber || epochs < 1 || epochs > kMostEpochs)
        return wrong(EditText::tr("“%1” is no number of epochs: write one from 1 on").arg(edit.epochs));
    recipe.epochs = epochs;
    return {};
}

} // namespace

Result<std::vector<std::uint64_t>> seedsOf(const QString& text)
{
    std::vector<std::uint64_t> seeds;
    for (const auto& part : text.split(QLatin1Char(','))) {
        const auto range = rangeOf(part.trimmed());
        if (!range)
            return tl::unexpected(range.error());
        if (range->second - range->first >= kMostSeeds)
            return wrong(EditText::tr("%1 are too many seeds: at most %2 at once")
                             .arg(part.trimmed())
                             .arg(kMostSeeds));
        for (auto seed = range->first; seed <= range->second; ++seed) {
            if (std::ranges::find(seeds, seed) == seeds.end())
                seeds.push_back(seed);
        }
    }
    return seeds;
}

RecipeEdit editOf(const Recipe& recipe)
{
    return {.name = QString::fromStdString(recipe.title.empty() ? recipe.name : recipe.title),
            .seeds = QString::number(recipe.seed),
            .learningRate = numberText(recipe.optimizer.learningRate),
            .epochs = QString::number(recipe.epochs),
            .others = {}};
}

Result<std::vector<Recipe>> editedRecipes(const Recipe& recipe, const RecipeEdit& edit)
{
    Recipe edited = recipe;
    if (const auto applied = applyFields(edited, edit); !applied)
        return tl::unexpected(applied.error());
    const auto seeds = seedsOf(edit.seeds);
    if (!seeds)
        return tl::unexpected(seeds.error());
    const auto overrides = overridesOf(edit.others);
    if (!overrides)
        return tl::unexpected(overrides.error());
    // Read once more even without overrides: what the fields say has to make a recipe, too.
    auto checked = withOverrides(edited, *overrides);
    if (!checked)
        return wrong(plainProblem(checked.error()));
    checked->source = recipe.source;
    std::vector<Recipe> recipes;
    for (const auto seed : *seeds) {
        recipes.push_back(*checked);
        recipes.back().seed = seed;
    }
    return recipes;
}

} // namespace frostline
