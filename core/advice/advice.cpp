#include "advice/advice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "model/layer_diff.h"

namespace frostline {

namespace {

using Kind = AdviceReason::Kind;

constexpr double kTasksWithoutClasses = 10.0; ///< They count as if they had so many.
constexpr double kAdamRate = 1e-3;            ///< Where a new head usually starts.
constexpr double kSgdRate = 1e-2;
constexpr double kNear = 1.5; ///< Times or parts of a limit that count as near it.

/// How much of the base learns: its last blocks, as a share of all of them.
struct Reach {
    double share = 0.0;
    bool isOneBlock = false;

    /// At most all of `base` blocks.
    int blocksOf(int base) const
    {
        return isOneBlock ? std::min(1, base) : static_cast<int>(std::ceil(share * base - 1e-9));
    }
};

/// Rows: Amount. Columns: Closeness.
constexpr std::array<std::array<Reach, 3>, 3> kReach{{
    {{{0.0, true}, {0.0, true}, {0.0, false}}},
    {{{2.0 / 3.0, false}, {0.5, false}, {1.0 / 3.0, false}}},
    {{{1.0, false}, {1.0, false}, {0.5, false}}},
}};

Reach reachOf(Amount amount, Closeness closeness)
{
    return kReach[static_cast<std::size_t>(amount)][static_cast<std::size_t>(closeness)];
}

Amount amountOf(double perClass)
{
    if (perClass < kFewPerClass)
        return Amount::Few;
    return perClass < kManyPerClass ? Amount::Some : Amount::Many;
}

Closeness closenessOf(double gain)
{
    if (gain < kPartlyGain)
        return Closeness::Far;
    return gain < kCloseGain ? Closeness::Partly : Closeness::Close;
}

Closeness closenessOf(Likeness likeness)
{
    if (likeness == Likeness::Different)
        return Closeness::Far;
    return likeness == Likeness::Unknown ? Closeness::Partly : Closeness::Close;
}

/// How far what is said and what is measured lie apart: 0 where they agree.
int distance(Likeness said, Closeness measured)
{
    if (said == Likeness::Similar && measured == Closeness::Partly)
        return 0;
    return std::abs(static_cast<int>(closenessOf(said)) - static_cast<int>(measured));
}

/// A head alone has the wrong features to go by, and more layers learn few samples by heart.
bool isHard(Amount amount, Closeness closeness)
{
    return amount == Amount::Few && closeness == Closeness::Far;
}

bool isTooEasy(const FeatureScores& scores)
{
    return scores.reference() >= kTooEasy;
}

/// Applies the rules to one basis; each step leaves its reasons.
class Adviser {
public:
    explicit Adviser(AdviceBasis basis) { m_advice.basis = std::move(basis); }

    Advice advise()
    {
        auto& advice = m_advice;
        advice.amount = amountOf(basis().samplesPerClass());
        if (!basis().hasWeights || baseBlocks() == 0) {
            trainEverything();
            return std::move(advice);
        }
        add(Kind::Samples);
        judgeCloseness();
        if (!findInputShift())
            takeFromTable();
        tellRatio();
        setRate();
        advice.confidence = static_cast<Confidence>(std::clamp(2 - m_doubts, 0, 2));
        return std::move(advice);
    }

private:
    const AdviceBasis& basis() const { return m_advice.basis; }
    int baseBlocks() const { return std::max<int>(static_cast<int>(std::ssize(basis().blocks)) - 1, 0); }
    double headRate() const { return basis().optimizer == OptimizerKind::Sgd ? kSgdRate : kAdamRate; }

    void add(Kind kind, int doubts = 0, int block = -1)
    {
        m_advice.reasons.push_back({kind, block, doubts > 0});
        m_doubts += doubts;
    }

    void trainEverything()
    {
        m_advice.part = AdvisedPart::Everything;
        m_advice.trains.assign(basis().blocks.size(), true);
        m_advice.learningRate = headRate();
        m_advice.confidence = Confidence::High;
        add(basis().hasWeights ? Kind::Samples : Kind::NoWeights);
    }

    /// What is measured counts for more than what is said.
    void judgeCloseness()
    {
        const auto said = basis().likeness;
        const bool isSaid = said != Likeness::Unknown;
        const bool isMeasured = basis().scores && !isTooEasy(*basis().scores);
        if (isSaid)
            add(Kind::Said);
        if (!basis().scores)
            add(Kind::NotMeasured, isSaid ? 1 : 0);
        else
            add(isMeasured ? Kind::Measured : Kind::TooEasy, isMeasured || !isSaid ? 0 : 1);
        m_advice.closeness = isMeasured ? closenessOf(basis().scores->gain()) : closenessOf(basis().likeness);
        if (!isSaid && !isMeasured)
            add(Kind::NothingKnown, 2);
        m_distance = isSaid && isMeasured ? distance(said, m_advice.closeness) : 0;
    }

    /// Surgical fine-tuning (Lee et al. 2022): where only the inputs are others, the first layers are to
    /// learn, and their ratio of gradient to weight is the largest.
    bool findInputShift()
    {
        const bool isSuspected = basis().likeness == Likeness::Same && m_distance > 0 &&
                                 m_advice.amount != Amount::Few && largestRatio() >= 0;
        if (!isSuspected)
            return false;
        const int largest = largestRatio();
        if (!standsOut(largest) || largest >= (baseBlocks() + 2) / 3) {
            add(Kind::RatioElsewhere);
            return false;
        }
        m_advice.part = AdvisedPart::FirstBlocks;
        m_advice.trains.assign(basis().blocks.size(), false);
        for (int i = 0; i <= largest; ++i)
            m_advice.trains[static_cast<std::size_t>(i)] = true;
        m_advice.trains.back() = basis().isHeadNew;
        // Gradients that have come through a random head say little.
        add(Kind::InputShift, basis().isHeadNew || m_advice.amount != Amount::Many ? 2 : 1, largest);
        return true;
    }

    void takeFromTable()
    {
        const int blocks = reachOf(m_advice.amount, m_advice.closeness).blocksOf(baseBlocks());
        m_advice.trains.assign(basis().blocks.size(), false);
        std::fill(m_advice.trains.end() - 1 - blocks, m_advice.trains.end(), true);
        m_advice.part = blocks == 0              ? AdvisedPart::HeadOnly
                        : blocks == baseBlocks() ? AdvisedPart::Everything
                                                 : AdvisedPart::LastBlocks;
        if (m_distance > 0)
            add(Kind::Disagreement, m_distance);
        if (isHard(m_advice.amount, m_advice.closeness))
            add(Kind::HardCase, 2);
        if (isNearSamples(blocks))
            add(Kind::NearSamples, 1);
        if (isNearMeasured(blocks))
            add(Kind::NearMeasured, 1);
    }

    bool isNearSamples(int blocks) const
    {
        const double perClass = basis().samplesPerClass();
        return std::ranges::any_of(std::array{perClass / kNear, perClass * kNear}, [&](double other) {
            return reachOf(amountOf(other), m_advice.closeness).blocksOf(baseBlocks()) != blocks;
        });
    }

    bool isNearMeasured(int blocks) const
    {
        if (!basis().scores || isTooEasy(*basis().scores))
            return false;
        const double gain = basis().scores->gain();
        const double error = basis().scores->gainError();
        return std::ranges::any_of(std::array{gain - error, gain + error}, [&](double other) {
            const auto closeness = closenessOf(other);
            return reachOf(m_advice.amount, closeness).blocksOf(baseBlocks()) != blocks ||
                   isHard(m_advice.amount, closeness) != isHard(m_advice.amount, m_advice.closeness);
        });
    }

    /// Among the base's blocks; -1 where no ratio is known.
    int largestRatio() const
    {
        const auto end = basis().blocks.begin() + baseBlocks();
        const auto largest = std::max_element(basis().blocks.begin(), end,
                                              [](const auto& a, const auto& b) { return a.ratio < b.ratio; });
        return largest == end || largest->ratio <= 0.0 ? -1
                                                       : static_cast<int>(largest - basis().blocks.begin());
    }

    bool standsOut(int block) const
    {
        std::vector<double> ratios;
        for (int i = 0; i < baseBlocks(); ++i)
            ratios.push_back(basis().blocks[static_cast<std::size_t>(i)].ratio);
        const auto middle = ratios.begin() + std::ssize(ratios) / 2;
        std::nth_element(ratios.begin(), middle, ratios.end());
        return basis().blocks[static_cast<std::size_t>(block)].ratio >= kClearRatio * *middle;
    }

    void tellRatio()
    {
        const int largest = largestRatio();
        if (largest >= 0 && m_advice.part != AdvisedPart::FirstBlocks)
            add(Kind::LargestRatio, 0, largest);
    }

    /// What was learned is changed slowly, by a tenth of the rate; what is new needs all of it.
    void setRate()
    {
        const bool isBaseTrained = m_advice.part != AdvisedPart::HeadOnly;
        m_advice.learningRate = headRate();
        if (!isBaseTrained)
            return;
        (basis().isHeadNew ? m_advice.baseMultiplier : m_advice.learningRate) /= kRateDivisor;
        add(basis().isHeadNew ? Kind::SlowerBase : Kind::LowerRate);
        if (basis().isHeadNew)
            add(Kind::HeadFirst);
    }

    Advice m_advice;
    int m_doubts = 0;
    int m_distance = 0; ///< Between what is said and what is measured.
};

LayerTable advised(const Advice& advice, LayerTable layers)
{
    const auto& blocks = advice.basis.blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const bool isHead = i + 1 == blocks.size();
        for (const int leaf : blocks[i].leaves) {
            auto& settings = layers[static_cast<std::size_t>(leaf)].settings;
            settings.trainable = advice.trains[i];
            if (settings.trainable)
                settings.rateMultiplier = isHead ? 1.0 : advice.baseMultiplier;
        }
    }
    return layers;
}

std::set<int> leavesOf(const Advice& advice)
{
    std::set<int> leaves;
    for (const auto& block : advice.basis.blocks)
        leaves.insert(block.leaves.begin(), block.leaves.end());
    return leaves;
}

} // namespace

double AdviceBasis::samplesPerClass() const
{
    const double classes =
        classCounts.empty() ? kTasksWithoutClasses : static_cast<double>(classCounts.size());
    return static_cast<double>(samples) / classes;
}

double AdviceBasis::largestBaseRatio() const
{
    double largest = 0.0;
    for (std::size_t i = 0; i + 1 < blocks.size(); ++i)
        largest = std::max(largest, blocks[i].ratio);
    return largest;
}

int Advice::frozenUpTo() const
{
    return static_cast<int>(std::ranges::find(trains, true) - trains.begin()) - 1;
}

std::int64_t Advice::trainableParameters() const
{
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < trains.size(); ++i)
        sum += trains[i] ? basis.blocks[i].parameters : 0;
    return sum;
}

AdviceBasis adviceBasis(const Recipe& recipe, const LayerTable& layers, const DataSet& train,
                        Likeness likeness, const AdviceProbe& probe)
{
    AdviceBasis basis;
    basis.samples = train.size();
    if (hasAccuracy(recipe.data.task))
        basis.classCounts = train.classCounts();
    basis.hasWeights = startsFromWeights(recipe.model);
    basis.isHeadNew = recipe.model.head.has_value() || recipe.model.weightsMatch == WeightsMatch::Partial;
    basis.optimizer = recipe.optimizer.kind;
    basis.likeness = likeness;
    basis.scores = probe.scores;
    basis.unmeasured = probe.unmeasured;
    basis.blocks = adviceBlocks(layers);
    for (std::size_t i = 0; i < std::min(basis.blocks.size(), probe.ratios.size()); ++i)
        basis.blocks[i].ratio = probe.ratios[i];
    return basis;
}

Advice adviseOn(AdviceBasis basis)
{
    return Adviser(std::move(basis)).advise();
}

std::vector<Change> changesFor(const Advice& advice, const LayerTable& layers)
{
    return changesBetween(layers, advised(advice, layers), leavesOf(advice));
}

bool startsFromWeights(const ModelRecipe& model)
{
    return !model.weights.empty() || model.options.module;
}

} // namespace frostline
