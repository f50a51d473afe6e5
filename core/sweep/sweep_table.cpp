#include "sweep/sweep_table.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/json.h"
#include "base/number.h"
#include "session/text_table.h"

namespace frostline {

namespace {

constexpr double kPerCent = 100.0;

Spread spreadOver(const SweepPointRecord& point,
                  const std::function<std::optional<double>(const SweepFigures&)>& figure)
{
    std::vector<std::vector<CurvePoint>> values;
    for (const auto& run : point.runs) {
        const auto value =
            run.figures && run.state == SweepState::Finished ? figure(*run.figures) : std::nullopt;
        if (value && std::isfinite(*value))
            values.push_back({{0.0, *value}});
    }
    const auto band = meanAndBand(values);
    return band.empty() ? Spread{} : Spread{static_cast<int>(values.size()), band[0].mean, band[0].deviation};
}

SweepRow rowOf(const SweepPointRecord& point, bool byAccuracy)
{
    const auto score = [byAccuracy](const std::optional<Scores>& scores) {
        return scores ? std::optional(byAccuracy ? scores->accuracy : scores->loss) : std::nullopt;
    };
    SweepRow row;
    row.point = &point;
    row.validation = spreadOver(point, [&](const SweepFigures& all) { return score(all.validation); });
    row.test = spreadOver(point, [&](const SweepFigures& all) { return score(all.test); });
    row.seconds = spreadOver(point, [](const SweepFigures& all) { return std::optional(all.seconds); });
    row.trainableShare =
        spreadOver(point, [](const SweepFigures& all) { return std::optional(all.trainableShare); });
    return row;
}

/// A task without accuracy has none in any run.
bool hasAccuracyIn(const SweepRecord& record)
{
    bool isAnyDone = false;
    for (const auto& point : record.points) {
        for (const auto& run : point.runs) {
            const bool isValidated = run.figures && run.figures->validation;
            if (isValidated && std::isfinite(run.figures->validation->accuracy))
                return true;
            isAnyDone = isAnyDone || isValidated;
        }
    }
    return !isAnyDone;
}

void markBest(SweepTable& table)
{
    SweepRow* best = nullptr;
    for (auto& row : table.rows) {
        if (!row.isWhole())
            continue;
        const bool isBetter = best && (table.byAccuracy ? row.validation.mean > best->validation.mean
                                                        : row.validation.mean < best->validation.mean);
        best = !best || isBetter ? &row : best;
    }
    if (best)
        best->isBest = true;
}

/// `95.20 +/- 0.41`; a dash where there is nothing.
std::string spreadText(const Spread& spread, double scale, int decimals)
{
    if (spread.count == 0)
        return "-";
    auto text = fixedText(spread.mean * scale, decimals);
    if (spread.count > 1)
        text += " +/- " + fixedText(spread.deviation * scale, decimals);
    return text;
}

std::vector<std::string> cellsOf(const SweepTable& table, const SweepRow& row)
{
    const auto& [point, validation, test, seconds, share, isBest] = row;
    std::vector<std::string> cells{isBest ? "*" : ""};
    if (table.hasDepths) {
        cells.push_back(std::to_string(point->place.depth));
        cells.push_back(plainText(point->place.lowest));
    }
    for (const auto& [key, value] : point->place.values)
        cells.push_back(plainText(value));
    cells.push_back(row.isWhole()
                        ? std::to_string(validation.count)
                        : std::to_string(validation.count) + " of " + std::to_string(point->runs.size()));
    const double scale = table.byAccuracy ? kPerCent : 1.0;
    const int decimals = table.byAccuracy ? 2 : 4;
    cells.push_back(spreadText(validation, scale, decimals));
    cells.push_back(spreadText(test, scale, decimals));
    cells.push_back(spreadText(seconds, 1.0, 1));
    cells.push_back(share.count > 0 ? fixedText(share.mean * kPerCent, 1) : "-");
    return cells;
}

std::vector<std::string> headerOf(const SweepTable& table)
{
    std::vector<std::string> header{""};
    if (table.hasDepths)
        header.insert(header.end(), {"depth", "lowest"});
    for (const auto& key : table.keys)
        header.push_back(plainText(key));
    const std::string figure = table.byAccuracy ? " accuracy %" : " loss";
    header.insert(header.end(), {"seeds", "validation" + figure, "test" + figure, "seconds", "trainable %"});
    return header;
}

void addSpread(std::vector<std::string>& cells, const Spread& spread)
{
    cells.push_back(spread.count > 0 ? formatNumber(spread.mean) : "");
    cells.push_back(spread.count > 1 ? formatNumber(spread.deviation) : "");
}

Json spreadJson(const Spread& spread)
{
    if (spread.count == 0)
        return {};
    return {{"mean", spread.mean}, {"deviation", spread.deviation}, {"count", spread.count}};
}

} // namespace

const SweepRow* SweepTable::best() const
{
    const auto found = std::ranges::find(rows, true, &SweepRow::isBest);
    return found == rows.end() ? nullptr : &*found;
}

SweepTable tableOf(const SweepRecord& record)
{
    SweepTable table;
    table.byAccuracy = hasAccuracyIn(record);
    for (const auto& point : record.points) {
        table.rows.push_back(rowOf(point, table.byAccuracy));
        table.hasDepths = table.hasDepths || point.place.depth > 0;
        table.hasTest = table.hasTest || table.rows.back().test.count > 0;
    }
    for (const auto& [key, value] : record.points.front().place.values)
        table.keys.push_back(key);
    markBest(table);
    return table;
}

std::string sweepText(const SweepRecord& record)
{
    const auto facts = tableOf(record);
    TextTable table(1 + (facts.hasDepths ? 2 : 0) + facts.keys.size());
    table.add(headerOf(facts));
    for (const auto& row : facts.rows)
        table.add(cellsOf(facts, row));
    std::string text = table.text();
    if (facts.best())
        text += "* best by validation\n";
    if (!facts.hasTest && record.runsIn(SweepState::Finished) > 0)
        text += "no test figures: the recipe has no test split apart from validation\n";
    return text;
}

std::string sweepCsv(const SweepRecord& record)
{
    const auto facts = tableOf(record);
    std::vector<std::string> header;
    if (facts.hasDepths)
        header.insert(header.end(), {"depth", "lowest"});
    header.insert(header.end(), facts.keys.begin(), facts.keys.end());
    header.emplace_back("seeds");
    const std::string figure = facts.byAccuracy ? "accuracy" : "loss";
    for (const auto& name : {"validation_" + figure, "test_" + figure, std::string("seconds")}) {
        header.push_back(name + "_mean");
        header.push_back(name + "_deviation");
    }
    header.insert(header.end(), {"trainable_share", "best"});
    auto text = csvLine(header);
    for (const auto& row : facts.rows) {
        std::vector<std::string> cells;
        if (facts.hasDepths)
            cells.insert(cells.end(), {std::to_string(row.point->place.depth), row.point->place.lowest});
        for (const auto& [key, value] : row.point->place.values)
            cells.push_back(value);
        cells.push_back(std::to_string(row.validation.count));
        addSpread(cells, row.validation);
        addSpread(cells, row.test);
        addSpread(cells, row.seconds);
        cells.push_back(row.trainableShare.count > 0 ? formatNumber(row.trainableShare.mean) : "");
        cells.emplace_back(row.isBest ? "1" : "0");
        text += csvLine(cells);
    }
    return text;
}

Json sweepJson(const SweepRecord& record)
{
    const auto facts = tableOf(record);
    const auto all = toJson(record);
    Json json{{"name", record.name}, {"runs", record.runs()}};
    json["finished"] = record.runsIn(SweepState::Finished);
    json["failed"] = record.runsIn(SweepState::Failed);
    json["points"] = Json::array();
    const std::string figure = facts.byAccuracy ? "accuracy" : "loss";
    for (std::size_t i = 0; i < facts.rows.size(); ++i) {
        const auto& row = facts.rows[i];
        auto point = all.at("points")[i];
        point["validation_" + figure] = spreadJson(row.validation);
        point["test_" + figure] = spreadJson(row.test);
        point["seconds"] = spreadJson(row.seconds);
        point["trainable_share"] = row.trainableShare.count > 0 ? Json(row.trainableShare.mean) : Json();
        point["best"] = row.isBest;
        json["points"].push_back(std::move(point));
    }
    return json;
}

} // namespace frostline
