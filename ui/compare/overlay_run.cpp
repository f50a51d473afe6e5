#include "compare/overlay_run.h"

#include <algorithm>

#include <QCoreApplication>

#include "plots/smoothing.h"

namespace frostline {

namespace {

std::optional<double> heightAt(double place, std::size_t count, const auto& xOf, const auto& yOf)
{
    if (count == 0 || place < xOf(0) || place > xOf(count - 1))
        return {};
    std::size_t lower = 0;
    std::size_t upper = count - 1;
    while (upper - lower > 1) {
        const std::size_t middle = (lower + upper) / 2;
        (xOf(middle) <= place ? lower : upper) = middle;
    }
    const double width = xOf(upper) - xOf(lower);
    const double share = width > 0.0 ? (place - xOf(lower)) / width : 0.0;
    return yOf(lower) + share * (yOf(upper) - yOf(lower));
}

void setTraining(OverlayCurve& curve, std::span<const CurvePoint> points, double smoothing)
{
    Smoother smoother(smoothing);
    curve.x.reserve(points.size());
    for (const auto& point : points) {
        curve.x.push_back(point.x);
        curve.training.append(smoothing > 0.0 ? smoother.next(point.y) : point.y);
    }
}

OverlayCurve curveOfOne(const Session& session, Curve training, Curve validation, Alignment alignment,
                        double smoothing)
{
    OverlayCurve curve;
    setTraining(curve, curveOf(session, training, alignment), smoothing);
    curve.validation = curveOf(session, validation, alignment);
    return curve;
}

std::vector<BandPoint> bandOf(const std::vector<const Session*>& sessions, Curve curve, Alignment alignment,
                              double smoothing)
{
    std::vector<std::vector<CurvePoint>> curves;
    for (const auto* session : sessions) {
        auto& points = curves.emplace_back(curveOf(*session, curve, alignment));
        Smoother smoother(smoothing);
        for (auto& point : points)
            point.y = smoothing > 0.0 ? smoother.next(point.y) : point.y;
    }
    return meanAndBand(curves);
}

std::vector<CurvePoint> means(const std::vector<BandPoint>& band)
{
    std::vector<CurvePoint> points;
    for (const auto& point : band)
        points.push_back({point.x, point.mean});
    return points;
}

OverlayCurve curveOfMany(const std::vector<const Session*>& sessions, Curve training, Curve validation,
                         Alignment alignment, double smoothing)
{
    OverlayCurve curve;
    curve.trainingBand = bandOf(sessions, training, alignment, smoothing);
    curve.validationBand = bandOf(sessions, validation, alignment, 0.0);
    setTraining(curve, means(curve.trainingBand), 0.0);
    curve.validation = means(curve.validationBand);
    return curve;
}

void addPlaces(OverlayRun& run, const Session& session, Alignment alignment)
{
    // The rate is always a number, so that this curve has a point for each step.
    const auto rate = curveOf(session, Curve::LearningRate, alignment);
    for (std::size_t i = 0; i < std::min(rate.size(), session.steps.size()); ++i) {
        run.placeX.push_back(rate[i].x);
        run.placeStep.push_back(session.steps[i].step);
    }
    if (!session.parent)
        return;
    const auto own = std::ranges::lower_bound(run.placeStep, session.parent->step);
    if (own != run.placeStep.end())
        run.branchX = run.placeX[static_cast<std::size_t>(own - run.placeStep.begin())];
    else if (!run.placeX.empty())
        run.branchX = run.placeX.back();
}

void addBest(OverlayRun& run)
{
    const auto& points = run.accuracy.validation;
    const auto best = std::ranges::max_element(points, {}, &CurvePoint::y);
    if (best != points.end())
        run.best = *best;
}

OverlayRun runOfOne(const ComparedRun& compared, Alignment alignment, double smoothing)
{
    const auto& session = compared.loaded->session;
    OverlayRun run;
    run.folders = {compared.folder};
    run.name = compared.name;
    run.style = compared.style;
    run.loss = curveOfOne(session, Curve::TrainLoss, Curve::ValidationLoss, alignment, smoothing);
    run.accuracy = curveOfOne(session, Curve::TrainAccuracy, Curve::ValidationAccuracy, alignment, smoothing);
    addPlaces(run, session, alignment);
    addBest(run);
    run.bestEpoch = session.summary.bestEpoch;
    return run;
}

OverlayRun runOfMany(const std::vector<const ComparedRun*>& group, Alignment alignment, double smoothing)
{
    OverlayRun run;
    run.name = QCoreApplication::translate("frostline::OverlayRun", "%1 (mean of %2 seeds)")
                   .arg(group.front()->name)
                   .arg(group.size());
    run.style = group.front()->style;
    std::vector<const Session*> sessions;
    for (const auto* compared : group) {
        run.folders.append(compared->folder);
        sessions.push_back(&compared->loaded->session);
    }
    run.loss = curveOfMany(sessions, Curve::TrainLoss, Curve::ValidationLoss, alignment, smoothing);
    run.accuracy =
        curveOfMany(sessions, Curve::TrainAccuracy, Curve::ValidationAccuracy, alignment, smoothing);
    addBest(run);
    return run;
}

} // namespace

std::optional<double> OverlayCurve::trainingAt(double place) const
{
    return heightAt(
        place, x.size(), [this](std::size_t i) { return x[i]; },
        [this](std::size_t i) { return training[i]; });
}

std::optional<double> OverlayCurve::validationAt(double place) const
{
    return heightAt(
        place, validation.size(), [this](std::size_t i) { return validation[i].x; },
        [this](std::size_t i) { return validation[i].y; });
}

std::optional<Step> OverlayRun::stepAt(double place) const
{
    if (placeX.empty())
        return {};
    auto found = std::ranges::lower_bound(placeX, place);
    if (found == placeX.end() || (found != placeX.begin() && place - *std::prev(found) < *found - place))
        --found;
    return placeStep[static_cast<std::size_t>(found - placeX.begin())];
}

std::vector<OverlayRun> overlayOf(const ComparedRuns& sessions, Alignment alignment, bool seedsTogether,
                                  double smoothing)
{
    std::vector<OverlayRun> runs;
    if (!seedsTogether) {
        for (const auto& compared : sessions)
            runs.push_back(runOfOne(compared, alignment, smoothing));
        return runs;
    }
    std::vector<const SessionHead*> heads;
    for (const auto& compared : sessions)
        heads.push_back(&compared.loaded->session);
    for (const auto& group : seedGroups(heads)) {
        std::vector<const ComparedRun*> members;
        for (const auto index : group)
            members.push_back(&sessions[index]);
        runs.push_back(members.size() > 1 ? runOfMany(members, alignment, smoothing)
                                          : runOfOne(*members.front(), alignment, smoothing));
    }
    return runs;
}

} // namespace frostline
