// What files and the command line call the parts of an advice.

#include <array>

#include "advice/advice.h"

namespace frostline {

std::string_view nameOf(Likeness likeness)
{
    constexpr std::array<std::string_view, 4> kNames{"unknown", "same", "similar", "different"};
    return kNames[static_cast<std::size_t>(likeness)];
}

std::string_view nameOf(Closeness closeness)
{
    constexpr std::array<std::string_view, 3> kNames{"far", "partly", "close"};
    return kNames[static_cast<std::size_t>(closeness)];
}

std::string_view nameOf(Amount amount)
{
    constexpr std::array<std::string_view, 3> kNames{"few", "some", "many"};
    return kNames[static_cast<std::size_t>(amount)];
}

std::string_view nameOf(Confidence confidence)
{
    constexpr std::array<std::string_view, 3> kNames{"low", "medium", "high"};
    return kNames[static_cast<std::size_t>(confidence)];
}

std::string_view nameOf(AdvisedPart part)
{
    constexpr std::array<std::string_view, 4> kNames{"head", "last", "first", "all"};
    return kNames[static_cast<std::size_t>(part)];
}

std::string_view nameOf(AdviceReason::Kind kind)
{
    constexpr std::array<std::string_view, 17> kNames{
        "no_weights",      "samples",       "near_samples",  "said",         "measured",  "near_measured",
        "too_easy",        "not_measured",  "nothing_known", "disagreement", "hard_case", "input_shift",
        "ratio_elsewhere", "largest_ratio", "head_first",    "slower_base",  "lower_rate"};
    return kNames[static_cast<std::size_t>(kind)];
}

Result<Likeness> likenessOf(std::string_view name)
{
    for (const auto likeness : {Likeness::Unknown, Likeness::Same, Likeness::Similar, Likeness::Different}) {
        if (nameOf(likeness) == name)
            return likeness;
    }
    return badInput("likeness \"" + std::string(name) + "\" is not known; same, similar, different, unknown");
}

} // namespace frostline
