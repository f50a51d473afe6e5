#include "cli/advice_text.h"

#include <cmath>
#include <cstdio>

#include "base/number.h"

namespace frostline::cli {

namespace {

std::string percent(double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.0f %%", 100.0 * share);
    return text;
}

std::string rounded(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

const AdviceBlock& blockOf(const AdviceReason& reason, const Advice& advice)
{
    return advice.basis.blocks[static_cast<std::size_t>(reason.block)];
}

std::string samplesText(const Advice& advice)
{
    const auto& basis = advice.basis;
    const std::string limits[] = {
        "few (below " + rounded(kFewPerClass) + "): a head is about all that they can teach",
        "neither few nor many (" + rounded(kFewPerClass) + " to " + rounded(kManyPerClass) +
            "): they can teach the last blocks, too",
        "many (" + rounded(kManyPerClass) + " or more): they can teach the whole network"};
    const std::string& amount = limits[static_cast<std::size_t>(advice.amount)];
    if (basis.classCounts.empty())
        return std::to_string(basis.samples) + " training samples, as for ten classes: " + amount;
    return rounded(basis.samplesPerClass()) + " training samples for each of " +
           std::to_string(basis.classCounts.size()) + " classes, " + amount;
}

std::string saidText(Likeness likeness)
{
    const char* how = likeness == Likeness::Same      ? "the same as"
                      : likeness == Likeness::Similar ? "similar to"
                                                      : "different from";
    return std::string("you say that the task is ") + how + " the one that the weights were trained for";
}

std::string measuredText(const Advice& advice)
{
    const auto& scores = *advice.basis.scores;
    const char* verdict = advice.closeness == Closeness::Close    ? "the task is close"
                          : advice.closeness == Closeness::Partly ? "the task is partly close"
                                                                  : "the task is far";
    std::string text = "as the base sees them, " + percent(scores.features) + " of " +
                       std::to_string(scores.samples) +
                       " samples lie nearest to the mean of their own class; with random weights " +
                       percent(scores.random) + ", as they are " + percent(scores.inputs) + ", by guessing " +
                       percent(1.0 / static_cast<double>(scores.classes)) + ". ";
    if (scores.gain() > 0.0)
        return text + "The weights save " + percent(scores.gain()) + " of the errors: " + verdict;
    return text + "The weights save no errors: " + verdict;
}

std::string unmeasuredText(Unmeasured why)
{
    switch (why) {
    case Unmeasured::NoClasses:
        return "how close the task is was not measured: it has no classes";
    case Unmeasured::OnePiece:
        return "how close the task is was not measured: the network runs as one piece, up to its head it "
               "cannot";
    case Unmeasured::TooFew:
        return "how close the task is was not measured: that takes two samples of a class";
    default:
        return "how close the task is was not measured";
    }
}

std::string ratioText(const AdviceReason& reason, const Advice& advice)
{
    const auto& block = blockOf(reason, advice);
    return "for its weights, " + block.path + " has the largest gradient (ratio " + rounded(block.ratio) +
           "). First layers often do, having few weights: it decides only where the task is the same and the "
           "features fail";
}

/// `block4, head`, or `features.6 to features.12, classifier`.
std::string trainedText(const Advice& advice)
{
    constexpr std::size_t kMostNamed = 2;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < advice.trains.size(); ++i) {
        if (advice.trains[i])
            names.push_back(advice.basis.blocks[i].path);
    }
    const std::string head = advice.trains.back() ? names.back() : "";
    if (!head.empty())
        names.pop_back();
    std::string text;
    if (names.size() > kMostNamed)
        names = {names.front() + " to " + names.back()};
    if (!head.empty())
        names.push_back(head);
    for (const auto& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

} // namespace

std::string suggestion(const Advice& advice)
{
    if (advice.part == AdvisedPart::Everything)
        return "train everything";
    const auto trained = trainedText(advice);
    if (advice.part == AdvisedPart::FirstBlocks)
        return "train only " + trained;
    const auto up = static_cast<std::size_t>(advice.frozenUpTo());
    return "freeze up to " + advice.basis.blocks[up].path + "; train " + trained;
}

std::string rateText(const Advice& advice)
{
    const auto rate = formatNumber(advice.learningRate);
    return advice.baseMultiplier == 1.0
               ? rate
               : rate + ", for the base " + formatNumber(advice.learningRate * advice.baseMultiplier);
}

std::string sentence(const AdviceReason& reason, const Advice& advice)
{
    using Kind = AdviceReason::Kind;
    switch (reason.kind) {
    case Kind::NoWeights:
        return "the network starts from random weights: there is nothing yet that freezing could keep";
    case Kind::Samples:
        return samplesText(advice);
    case Kind::NearSamples:
        return "with somewhat more or fewer samples the advice would be another one";
    case Kind::Said:
        return saidText(advice.basis.likeness);
    case Kind::Measured:
        return measuredText(advice);
    case Kind::NearMeasured:
        return "within the error of this measurement (" + percent(advice.basis.scores->gainError()) +
               ") the task may as well be closer, or less close";
    case Kind::TooEasy:
        return percent(advice.basis.scores->reference()) +
               " of the samples are told apart without the weights: the task is too easy to show how close "
               "it is";
    case Kind::NotMeasured:
        return unmeasuredText(advice.basis.unmeasured);
    case Kind::NothingKnown:
        return "nothing is known of how close the task is: say so with --likeness; until then this is a "
               "guess";
    case Kind::Disagreement:
        return "what you say and what was measured do not agree; the advice follows the measurement";
    case Kind::HardCase:
        return "few samples of a task that is far: a head alone has the wrong features to go by, and more "
               "layers "
               "learn the samples by heart. More samples would help most";
    case Kind::InputShift:
        return "the task is the same and yet the features fail, and for its weights the gradient is largest "
               "in " +
               blockOf(reason, advice).path + " (ratio " + rounded(blockOf(reason, advice).ratio) +
               "): the inputs look otherwise, so the first layers are to learn (Lee et al. 2022)";
    case Kind::RatioElsewhere:
        return "the same task whose features fail would mean other inputs, but the gradients of the first "
               "layers "
               "do not stand out";
    case Kind::LargestRatio:
        return ratioText(reason, advice);
    case Kind::HeadFirst:
        return "better still, train the new head alone until it has converged, and then these: its first "
               "gradients spoil what they know (Kumar et al. 2022)";
    case Kind::SlowerBase:
        return "the head is new and learns at its usual rate, what the base knows is changed at a tenth of "
               "it";
    case Kind::LowerRate:
        return "weights worth keeping are changed slowly: a tenth of a new head's usual rate";
    }
    return {};
}

} // namespace frostline::cli
