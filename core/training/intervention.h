#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"

namespace frostline {

using Step = std::int64_t;

enum class ChangeKind {
    Trainable,      ///< target: layer pattern, value: bool
    LearningRate,   ///< value: number
    RateMultiplier, ///< target: layer pattern, value: number
    Statistics,     ///< target: layer pattern, value: `follow`, `frozen` or `updating`
    Sparsity,       ///< target: layer pattern, value: fraction 0..1
    PruneFrozen,    ///< value: bool; whether frozen layers may be pruned too
    Optimizer,      ///< target: field (`kind`, `momentum`, `weight_decay`, ...), value: string or number
    Note,           ///< value: text
    Phase,          ///< value: text. A phase of the recipe began; its changes stand before it.
    Restore,  ///< value: number. Weights, statistics, optimizer go back to where they were at that step.
    Diverged, ///< value: text. The step was not applied and the update before it was taken back.
};

using ChangeValue = std::variant<bool, double, std::string>;

/// One thing a hand, a phase or a schedule changes.
struct Change {
    ChangeKind kind = ChangeKind::Note;
    std::string target; ///< Layer pattern or field; empty where the kind has none.
    ChangeValue value;

    bool operator==(const Change&) const = default;
};

enum class Origin { User, Phase, Schedule };

/// A change to a running network, with the step before which it takes effect.
struct Intervention {
    Step step = 0;
    Change change;
    Origin origin = Origin::User;
    std::string at; ///< ISO 8601 UTC; when it was asked for.

    bool operator==(const Intervention&) const = default;
};

std::string_view nameOf(ChangeKind kind);
std::string_view nameOf(Origin origin);
Result<ChangeKind> changeKindOf(std::string_view name);
Result<Origin> originOf(std::string_view name);

/// Reads `trainable:layer4.*=on`, `learning_rate=1e-4`, `sparsity:*=0.5`, `note=text`.
Result<Change> parseChange(std::string_view text);

/// The same form back; what markers and lists show.
std::string toText(const Change& change);

} // namespace frostline
