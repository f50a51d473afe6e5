#include "session/compare_pictures.h"

#include <algorithm>
#include <set>

namespace frostline {

namespace {

bool isAccuracy(Curve curve)
{
    return curve == Curve::TrainAccuracy || curve == Curve::ValidationAccuracy;
}

ChartAxis stepAxis()
{
    return {"step", 1.0, false};
}

std::string lossTitle(LossKind kind)
{
    switch (kind) {
    case LossKind::Mse:
        return "loss (mean squared error)";
    case LossKind::L1:
        return "loss (mean absolute error)";
    case LossKind::CrossEntropy:
    case LossKind::BinaryCrossEntropy:
        break;
    }
    return "loss (cross-entropy, nat)";
}

ChartAxis heightAxis(const CompareFacts& facts, Curve curve)
{
    if (isAccuracy(curve))
        return {"accuracy (%)", 100.0, false};
    std::set<std::string> titles;
    for (const auto& compared : facts.sessions) {
        const auto& recipe = compared.session->recipe;
        titles.insert(lossTitle(lossKindOf(recipe.loss, recipe.data.task)));
    }
    return {titles.size() == 1 ? *titles.begin() : "loss", 1.0, false};
}

/// A run that diverges would press all others flat.
bool needsLogarithm(const std::vector<ChartLine>& lines)
{
    constexpr double kTimesMiddle = 30.0;
    std::vector<double> heights;
    for (const auto& line : lines) {
        for (const auto& point : thinned(line.points, 200))
            heights.push_back(point.y);
    }
    if (heights.empty() || std::ranges::min(heights) <= 0.0)
        return false;
    const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
    std::ranges::nth_element(heights, middle);
    return std::ranges::max(heights) > kTimesMiddle * *middle;
}

std::string numbered(const CompareFacts& facts, std::size_t session)
{
    return std::to_string(session + 1) + "  " + facts.sessions[session].label;
}

} // namespace

Chart curvesChart(const CompareFacts& facts, Curve training, Curve validation)
{
    Chart chart;
    chart.title = isAccuracy(training) ? "Accuracy" : "Loss";
    chart.xAxis = stepAxis();
    chart.yAxis = heightAxis(facts, training);
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        const auto& session = *facts.sessions[i].session;
        chart.lines.push_back({i, ChartLine::Style::Thin, numbered(facts, i) + ": training",
                               curveOf(session, training, Alignment::Steps), false});
    }
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        const auto& session = *facts.sessions[i].session;
        auto points = curveOf(session, validation, Alignment::Steps);
        chart.lines[i].isNumbered = points.empty();
        chart.lines.push_back(
            {i, ChartLine::Style::Dashed, numbered(facts, i) + ": validation", std::move(points), true});
        for (const auto& [step, change, origin, at] : session.interventions)
            chart.marks.push_back(
                {i, static_cast<double>(step),
                 std::to_string(i + 1) + "  step " + std::to_string(step) + ": " + toText(change)});
    }
    chart.yAxis.isLogarithmic = !isAccuracy(training) && needsLogarithm(chart.lines);
    if (chart.yAxis.isLogarithmic)
        chart.yAxis.title += ", logarithmic";
    return chart;
}

Chart shareChart(const CompareFacts& facts)
{
    Chart chart;
    chart.title = "Best validation accuracy over trainable share";
    chart.xAxis = {"trainable share, mean over the steps (%)", 100.0, false};
    chart.yAxis = {"best validation accuracy (%)", 100.0, false};
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        if (const auto best = facts.sessions[i].figures.bestAccuracy)
            chart.dots.push_back({i, {facts.sessions[i].trainableShare, *best}, numbered(facts, i)});
    }
    std::vector<CurvePoint> places;
    for (const auto& dot : chart.dots)
        places.push_back(dot.place);
    std::ranges::sort(places, [](const auto& left, const auto& right) {
        return left.x != right.x ? left.x < right.x : left.y > right.y;
    });
    for (const auto& place : places) {
        if (chart.frontier.empty() || place.y > chart.frontier.back().y)
            chart.frontier.push_back(place);
    }
    return chart;
}

Chart seedsChart(const CompareFacts& facts, Curve curve)
{
    Chart chart;
    chart.title = isAccuracy(curve) ? "Validation accuracy over seeds" : "Validation loss over seeds";
    chart.width = 480.0;
    chart.xAxis = stepAxis();
    chart.yAxis = heightAxis(facts, curve);
    chart.yAxis.title = "validation " + chart.yAxis.title;
    for (const auto& group : facts.seedGroups) {
        std::vector<std::vector<CurvePoint>> curves;
        for (const auto member : group) {
            curves.push_back(curveOf(*facts.sessions[member].session, curve, Alignment::Steps));
            chart.lines.push_back(
                {member, ChartLine::Style::Thin, numbered(facts, member), curves.back(), false});
        }
        const auto band = meanAndBand(curves);
        std::vector<CurvePoint> mean;
        for (const auto& point : band)
            mean.push_back({point.x, point.mean});
        chart.bands.push_back({group.front(), band});
        chart.lines.push_back({group.front(), ChartLine::Style::Mean,
                               "mean of " + std::to_string(group.size()) + " seeds", std::move(mean), false});
    }
    return chart;
}

} // namespace frostline
