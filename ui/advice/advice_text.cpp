#include "advice/advice_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "controls/number_text.h"
#include "layers/layer_text.h"

namespace frostline {

namespace {

struct AdviceText {
    Q_DECLARE_TR_FUNCTIONS(frostline::AdviceText)
};

constexpr int kMostNamed = 1; ///< Blocks of the base that a headline names one by one.

QString nameOfBlock(const Advice& advice, int block)
{
    return QString::fromStdString(advice.basis.blocks[static_cast<std::size_t>(block)].path);
}

QString percent(double share)
{
    return AdviceText::tr("%1 %").arg(QLocale().toString(100.0 * share, 'f', 0));
}

QString plain(double number)
{
    return QLocale().toString(number, 'g', 4);
}

/// `block4 and head`, or `features.6 to features.12 and classifier`.
QString trainedText(const Advice& advice)
{
    QStringList names;
    for (int i = 0; i < static_cast<int>(advice.trains.size()); ++i) {
        if (advice.trains[static_cast<std::size_t>(i)])
            names << nameOfBlock(advice, i);
    }
    const QString head = advice.trains.back() ? names.takeLast() : QString();
    const QString base = names.size() > kMostNamed
                             ? AdviceText::tr("%1 to %2").arg(names.first(), names.last())
                             : names.value(0);
    if (base.isEmpty() || head.isEmpty())
        return base + head;
    return AdviceText::tr("%1 and %2").arg(base, head);
}

QString amountText(Amount amount)
{
    switch (amount) {
    case Amount::Few:
        return AdviceText::tr("few (below %1): a head is about all that they can teach")
            .arg(plain(kFewPerClass));
    case Amount::Many:
        return AdviceText::tr("many (%1 or more): they can teach the whole network")
            .arg(plain(kManyPerClass));
    case Amount::Some:
        break;
    }
    return AdviceText::tr("neither few nor many (%1 to %2): they can teach the last blocks, too")
        .arg(plain(kFewPerClass), plain(kManyPerClass));
}

QString samplesText(const Advice& advice)
{
    const auto& basis = advice.basis;
    if (basis.classCounts.empty())
        return AdviceText::tr("%1 training samples, counted as for ten classes, are %2.")
            .arg(countText(basis.samples), amountText(advice.amount));
    return AdviceText::tr("%1 training samples for each of %2 classes are %3.")
        .arg(plain(basis.samplesPerClass()), countText(std::ssize(basis.classCounts)),
             amountText(advice.amount));
}

QString saidText(Likeness likeness)
{
    switch (likeness) {
    case Likeness::Same:
        return AdviceText::tr("You say: the same task as the one the weights were trained for.");
    case Likeness::Similar:
        return AdviceText::tr("You say: a task similar to the one the weights were trained for.");
    default:
        return AdviceText::tr("You say: another task than the one the weights were trained for.");
    }
}

QString verdictText(const Advice& advice)
{
    const double gain = advice.basis.scores->gain();
    const QString saved = gain > 0.0 ? AdviceText::tr("The weights save %1 of the errors").arg(percent(gain))
                                     : AdviceText::tr("The weights save no errors");
    switch (advice.closeness) {
    case Closeness::Close:
        return AdviceText::tr("%1: the task is close.").arg(saved);
    case Closeness::Partly:
        return AdviceText::tr("%1: the task is partly close.").arg(saved);
    case Closeness::Far:
        break;
    }
    return AdviceText::tr("%1: the task is far.").arg(saved);
}

QString measuredText(const Advice& advice)
{
    const auto& scores = *advice.basis.scores;
    return AdviceText::tr(
               "As the base sees them, %1 of %2 samples lie nearest to the mean of their own class. "
               "With random weights it is %3, for the samples as they are %4, by guessing %5. %6")
        .arg(percent(scores.features), countText(scores.samples), percent(scores.random),
             percent(scores.inputs), percent(1.0 / static_cast<double>(scores.classes)), verdictText(advice));
}

QString unmeasuredText(Unmeasured why)
{
    switch (why) {
    case Unmeasured::NoClasses:
        return AdviceText::tr("How close the task is was not measured: it has no classes.");
    case Unmeasured::OnePiece:
        return AdviceText::tr("How close the task is was not measured: the network runs as one piece, and "
                              "cannot be asked for what it hands to its head.");
    case Unmeasured::TooFew:
        return AdviceText::tr("How close the task is was not measured: that takes two samples of a class.");
    default:
        return AdviceText::tr("How close the task is was not measured.");
    }
}

QString shiftText(const AdviceReason& reason, const Advice& advice)
{
    const auto& block = advice.basis.blocks[static_cast<std::size_t>(reason.block)];
    return AdviceText::tr(
               "The task is the same and yet the features fail, and for its weights the gradient is "
               "largest in %1 (ratio %2): the inputs look otherwise, so the first layers are to "
               "learn (Lee et al. 2022).")
        .arg(nameOfBlock(advice, reason.block), measureText(block.ratio));
}

QString largestRatioText(const AdviceReason& reason, const Advice& advice)
{
    const auto& block = advice.basis.blocks[static_cast<std::size_t>(reason.block)];
    return AdviceText::tr("For its weights, %1 has the largest gradient (ratio %2). First layers often do, "
                          "having few weights: it decides only where the task is the same and the features "
                          "fail.")
        .arg(nameOfBlock(advice, reason.block), measureText(block.ratio));
}

} // namespace

QString headline(const Advice& advice)
{
    switch (advice.part) {
    case AdvisedPart::Everything:
        return AdviceText::tr("Train everything");
    case AdvisedPart::FirstBlocks:
        return AdviceText::tr("Train only %1").arg(trainedText(advice));
    default:
        return AdviceText::tr("Freeze up to %1, train %2")
            .arg(nameOfBlock(advice, advice.frozenUpTo()), trainedText(advice));
    }
}

QString rateText(const Advice& advice)
{
    if (advice.baseMultiplier == 1.0)
        return AdviceText::tr("Learning rate %1").arg(numberText(advice.learningRate));
    return AdviceText::tr("Learning rate %1, base × %2")
        .arg(numberText(advice.learningRate), numberText(advice.baseMultiplier));
}

QString confidenceText(Confidence confidence)
{
    switch (confidence) {
    case Confidence::High:
        return AdviceText::tr("high ●●●");
    case Confidence::Medium:
        return AdviceText::tr("medium ●●○");
    case Confidence::Low:
        break;
    }
    return AdviceText::tr("low ●○○");
}

QString reasonText(const AdviceReason& reason, const Advice& advice)
{
    using Kind = AdviceReason::Kind;
    switch (reason.kind) {
    case Kind::NoWeights:
        return AdviceText::tr(
            "The network starts from random weights: there is nothing yet that freezing could keep.");
    case Kind::Samples:
        return samplesText(advice);
    case Kind::NearSamples:
        return AdviceText::tr("With somewhat more or fewer samples the advice would be another one.");
    case Kind::Said:
        return saidText(advice.basis.likeness);
    case Kind::Measured:
        return measuredText(advice);
    case Kind::NearMeasured:
        return AdviceText::tr(
                   "Within the error of this measurement (%1) the task may as well be closer, or less "
                   "close.")
            .arg(percent(advice.basis.scores->gainError()));
    case Kind::TooEasy:
        return AdviceText::tr("%1 of the samples are told apart without the weights: the task is too easy to "
                              "show how close it is.")
            .arg(percent(advice.basis.scores->reference()));
    case Kind::NotMeasured:
        return unmeasuredText(advice.basis.unmeasured);
    case Kind::NothingKnown:
        return AdviceText::tr("Nothing is known of how close the task is: until you say so this is a guess.");
    case Kind::Disagreement:
        return AdviceText::tr(
            "What you say and what was measured do not agree; the advice follows the measurement.");
    case Kind::HardCase:
        return AdviceText::tr(
            "Few samples of a task that is far: a head alone has the wrong features to go by, "
            "and more layers learn the samples by heart. More samples would help most.");
    case Kind::InputShift:
        return shiftText(reason, advice);
    case Kind::RatioElsewhere:
        return AdviceText::tr(
            "The same task whose features fail would mean other inputs, but the gradients of "
            "the first layers do not stand out.");
    case Kind::LargestRatio:
        return largestRatioText(reason, advice);
    case Kind::HeadFirst:
        return AdviceText::tr(
            "Better still, train the new head alone until it has converged, and then these: its "
            "first gradients spoil what they know (Kumar et al. 2022).");
    case Kind::SlowerBase:
        return AdviceText::tr(
            "The head is new and learns at its usual rate; what the base knows is changed at a tenth of it.");
    case Kind::LowerRate:
        return AdviceText::tr(
            "Weights worth keeping are changed slowly: a tenth of a new head's usual rate.");
    }
    return {};
}

QString blockText(const Advice& advice, int block)
{
    const auto& shown = advice.basis.blocks[static_cast<std::size_t>(block)];
    QStringList lines{nameOfBlock(advice, block),
                      AdviceText::tr("%1 values").arg(countText(shown.parameters)),
                      advice.trains[static_cast<std::size_t>(block)] ? AdviceText::tr("to be trained")
                                                                     : AdviceText::tr("to be frozen")};
    if (shown.ratio > 0.0)
        lines << AdviceText::tr("gradient ÷ weight: %1").arg(measureText(shown.ratio));
    return lines.join(u'\n');
}

QString ratioMeaning()
{
    return AdviceText::tr(
        "How large the gradient of a block is for the size of its weights: where it is large, "
        "a step changes most");
}

} // namespace frostline
