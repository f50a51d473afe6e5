#include "training/intervention.h"

#include <array>
#include <utility>

#include "base/number.h"

namespace frostline {

namespace {

constexpr std::array<std::pair<ChangeKind, std::string_view>, 11> kChangeNames{{
    {ChangeKind::Trainable, "trainable"},
    {ChangeKind::LearningRate, "learning_rate"},
    {ChangeKind::RateMultiplier, "rate"},
    {ChangeKind::Statistics, "statistics"},
    {ChangeKind::Sparsity, "sparsity"},
    {ChangeKind::PruneFrozen, "prune_frozen"},
    {ChangeKind::Optimizer, "optimizer"},
    {ChangeKind::Note, "note"},
    {ChangeKind::Phase, "phase"},
    {ChangeKind::Restore, "restore"},
    {ChangeKind::Diverged, "diverged"},
}};

bool takesTarget(ChangeKind kind)
{
    return kind == ChangeKind::Trainable || kind == ChangeKind::RateMultiplier ||
           kind == ChangeKind::Statistics || kind == ChangeKind::Sparsity || kind == ChangeKind::Optimizer;
}

Result<ChangeValue> switchValue(std::string_view text)
{
    if (text == "on" || text == "true")
        return true;
    if (text == "off" || text == "false")
        return false;
    return badInput("\"" + std::string(text) + "\": expected on or off");
}

Result<ChangeValue> numberValue(std::string_view text)
{
    if (const auto number = parseNumber(text))
        return *number;
    return badInput("\"" + std::string(text) + "\": expected a number");
}

Result<ChangeValue> valueOf(ChangeKind kind, std::string_view text)
{
    switch (kind) {
    case ChangeKind::Trainable:
    case ChangeKind::PruneFrozen:
        return switchValue(text);
    case ChangeKind::LearningRate:
    case ChangeKind::RateMultiplier:
    case ChangeKind::Sparsity:
    case ChangeKind::Restore:
        return numberValue(text);
    case ChangeKind::Optimizer:
        if (const auto number = parseNumber(text))
            return *number;
        break;
    case ChangeKind::Statistics:
    case ChangeKind::Note:
    case ChangeKind::Phase:
    case ChangeKind::Diverged:
        break;
    }
    return std::string(text);
}

struct ValueText {
    std::string operator()(bool on) const { return on ? "on" : "off"; }
    std::string operator()(double number) const { return formatNumber(number); }
    std::string operator()(const std::string& text) const { return text; }
};

} // namespace

std::string_view nameOf(ChangeKind kind)
{
    for (const auto& [value, name] : kChangeNames) {
        if (value == kind)
            return name;
    }
    return "note";
}

Result<ChangeKind> changeKindOf(std::string_view name)
{
    for (const auto& [value, known] : kChangeNames) {
        if (known == name)
            return value;
    }
    std::string names;
    for (const auto& [value, known] : kChangeNames)
        names += (names.empty() ? "" : ", ") + std::string(known);
    return badInput("unknown change \"" + std::string(name) + "\"; there are " + names);
}

std::string_view nameOf(Origin origin)
{
    switch (origin) {
    case Origin::Phase:
        return "phase";
    case Origin::Schedule:
        return "schedule";
    case Origin::User:
        break;
    }
    return "user";
}

Result<Origin> originOf(std::string_view name)
{
    for (const auto origin : {Origin::User, Origin::Phase, Origin::Schedule}) {
        if (nameOf(origin) == name)
            return origin;
    }
    return badInput("unknown origin \"" + std::string(name) + "\"; expected user, phase or schedule");
}

Result<Change> parseChange(std::string_view text)
{
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
        return badInput("change \"" + std::string(text) + "\": expected KIND:TARGET=VALUE or KIND=VALUE");
    const auto left = text.substr(0, equals);
    const auto colon = left.find(':');
    const auto kind = changeKindOf(left.substr(0, colon));
    if (!kind)
        return tl::unexpected(kind.error());
    if (*kind == ChangeKind::Diverged || *kind == ChangeKind::Phase || *kind == ChangeKind::Restore)
        return badInput("change \"" + std::string(text) + "\": " + std::string(nameOf(*kind)) +
                        " is what a run does by itself; it cannot be asked for");
    const bool hasTarget = colon != std::string_view::npos && colon + 1 < left.size();
    if (hasTarget != takesTarget(*kind))
        return badInput(
            "change \"" + std::string(text) + "\": " + std::string(nameOf(*kind)) +
            (takesTarget(*kind) ? " needs a target, as in rate:layer4.*=0.1" : " takes no target"));
    auto value = valueOf(*kind, text.substr(equals + 1));
    if (!value)
        return badInput("change \"" + std::string(text) + "\": " + value.error().message);
    return Change{*kind, hasTarget ? std::string(left.substr(colon + 1)) : std::string(), std::move(*value)};
}

std::string toText(const Change& change)
{
    const std::string target = change.target.empty() ? "" : ":" + change.target;
    return std::string(nameOf(change.kind)) + target + "=" + std::visit(ValueText{}, change.value);
}

} // namespace frostline
