#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "advice/advice_block.h"
#include "advice/advice_probe.h"
#include "base/error.h"
#include "data/data_set.h"
#include "training/intervention.h"
#include "training/recipe.h"

namespace frostline {

/// How close the task is to the one that the weights come from, as the user says.
enum class Likeness {
    Unknown,
    Same,      ///< The same classes, perhaps from another camera.
    Similar,   ///< Other classes of the same kind.
    Different, ///< Another kind of samples.
};

/// How close it is, in the order in which less and less has to be learned anew.
enum class Closeness { Far, Partly, Close };
/// How many samples there are to learn from.
enum class Amount { Few, Some, Many };
enum class Confidence { Low, Medium, High };
/// Which part of the network is to learn.
enum class AdvisedPart { HeadOnly, LastBlocks, FirstBlocks, Everything };

// The limits of the rules. They are our own, taken where practice and the literature name orders of magnitude
// and no figures; near one of them the confidence is lower where the other side would say something else.
constexpr double kFewPerClass = 100.0;   ///< Below: a new head is about all that can be learned.
constexpr double kManyPerClass = 1000.0; ///< From here on: everything can be.
constexpr double kPartlyGain = 0.2;      ///< Share of errors that the features save, see FeatureScores.
constexpr double kCloseGain = 0.5;
constexpr double kTooEasy = 0.95;   ///< What is as good without the weights tells nothing of them.
constexpr double kClearRatio = 2.0; ///< A ratio that stands out, in medians of the base's blocks.
constexpr double kRateDivisor = 10.0;

/// What an advice follows from.
struct AdviceBasis {
    std::int64_t samples = 0;              ///< For training.
    std::vector<std::int64_t> classCounts; ///< Of the training samples; empty where the task has no classes.
    bool hasWeights = false;               ///< Whether the network starts from weights that were trained.
    bool isHeadNew = false;                ///< Whether its head starts from random values.
    OptimizerKind optimizer = OptimizerKind::Adam;
    Likeness likeness = Likeness::Unknown;
    std::optional<FeatureScores> scores;
    Unmeasured unmeasured = Unmeasured::No;
    std::vector<AdviceBlock> blocks; ///< With their ratios; the last is the head.

    /// Mean over the classes. A task without classes counts as ten of them.
    double samplesPerClass() const;
    /// What bars of ratios are relative to: a new head's is far larger than all others.
    double largestBaseRatio() const;
};

/// One thing that speaks for an advice, or against trusting it. The numbers are in the basis.
struct AdviceReason {
    enum class Kind {
        NoWeights,      ///< Nothing was learned before that could be kept.
        Samples,        ///< How many there are, and whether that is few or many.
        NearSamples,    ///< A few more or less, and the advice would be another one.
        Said,           ///< What the user says of the likeness.
        Measured,       ///< What the features gave.
        NearMeasured,   ///< Within the probe's error the task may be closer, or less close.
        TooEasy,        ///< The probe tells nothing: the task is solved without the weights.
        NotMeasured,    ///< Why stands in the basis.
        NothingKnown,   ///< Neither said nor measured.
        Disagreement,   ///< What is said and what is measured point to different parts.
        HardCase,       ///< Few samples of a task that is far: nothing does well.
        InputShift,     ///< The task is the same and the features fail: the inputs are others.
        RatioElsewhere, ///< The inputs seem to be others, and the first layers do not ask for it.
        LargestRatio,   ///< `block` has the largest ratio of gradient to weight.
        HeadFirst,      ///< The head is new: it should have converged before the base is touched.
        SlowerBase,     ///< The head is new and takes its rate; the base has a multiplier below 1.
        LowerRate,      ///< Nothing is new: why the rate is lower than a new head's.
    };
    Kind kind = Kind::Samples;
    int block = -1;
    bool isDoubt = false; ///< Whether it lowers the confidence.

    bool operator==(const AdviceReason&) const = default;
};

/// Where to put the frost line and at which rate, and why. A value; nothing is changed by it.
struct Advice {
    AdvisedPart part = AdvisedPart::Everything;
    std::vector<bool> trains; ///< For each block of the basis.
    double learningRate = 0.0;
    double baseMultiplier = 1.0; ///< Of the rate, for blocks of the base that train.
    Confidence confidence = Confidence::Low;
    Amount amount = Amount::Some;
    Closeness closeness = Closeness::Partly; ///< As measured, or else as said.
    std::vector<AdviceReason> reasons;
    AdviceBasis basis;

    /// The last block of those that are frozen from the input on; -1 where none is.
    int frozenUpTo() const;
    std::int64_t trainableParameters() const;
};

/// `probe` tells of a prepared run, `layers` is its table.
AdviceBasis adviceBasis(const Recipe& recipe, const LayerTable& layers, const DataSet& train,
                        Likeness likeness, const AdviceProbe& probe);
/// What practitioners do by hand, as rules: with few samples and a close task the head alone learns; with
/// more samples, or a task that is less close, the last blocks; with many and a far one, everything; where
/// the task is the same and only the inputs are others, the first blocks (Lee et al. 2022, Surgical
/// Fine-Tuning).
Advice adviseOn(AdviceBasis basis);

/// What of the layers' settings is to be changed so that a table is as advised.
std::vector<Change> changesFor(const Advice& advice, const LayerTable& layers);

/// Whether a network starts from weights that were trained.
bool startsFromWeights(const ModelRecipe& model);

std::string_view nameOf(Likeness likeness);
std::string_view nameOf(Closeness closeness);
std::string_view nameOf(Amount amount);
std::string_view nameOf(Confidence confidence);
std::string_view nameOf(AdvisedPart part);
std::string_view nameOf(AdviceReason::Kind kind);
Result<Likeness> likenessOf(std::string_view name);

} // namespace frostline
