#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"

namespace frostline::fuzz {

constexpr const char* kWhere = "input";

inline void require(bool holds, const char* what, const std::string& about)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n%s\n", what, about.c_str());
    std::abort();
}

/// What is read is written as a text that is read again, as the same. What is not read has an error that says
/// where and stays short.
template <class Parse, class Print>
void checkRoundTrip(std::string_view text, Parse parse, Print print)
{
    const auto read = parse(text);
    if (!read) {
        const auto& message = read.error().message;
        require(message.starts_with(kWhere), "an error does not name the source:", message);
        require(message.size() < 1000, "an error is too long to be read:", message);
        return;
    }
    const std::string written = print(*read);
    const auto again = parse(written);
    require(again.has_value(),
            "what was written is not read:", again ? written : again.error().message + "\n" + written);
    const auto twice = print(*again);
    require(twice == written, "what was written is read as something else:", written + "\n" + twice);
}

} // namespace frostline::fuzz
