#pragma once

#include <c10/util/Exception.h>

#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace frostline {

/// What torch throws, as a value with one readable line. This header is the only place where it is caught.
template <class Function>
auto caught(Function function) -> decltype(function())
{
    try {
        return function();
    } catch (const c10::Error& error) {
        return failure(ErrorCode::RunFailed, error.what_without_backtrace());
    } catch (const std::exception& error) {
        return failure(ErrorCode::RunFailed, error.what());
    }
}

/// Runs a function. Where memory runs out, on whatever device, `place` says where, and the result is empty.
template <class Function>
auto unlessOutOfMemory(Function function, std::optional<std::string>& place) -> decltype(function())
{
    try {
        return function();
    } catch (const std::bad_alloc&) {
        place = "";
    } catch (const std::exception& error) {
        // Layers put their names before torch's messages, so that its own type is lost.
        const std::string_view text = error.what();
        if (text.find("out of memory") == text.npos && text.find("can't allocate memory") == text.npos)
            throw;
        place = text.starts_with("layer ") ? " in " + std::string(text.substr(0, text.find(':'))) : "";
    }
    return {};
}

} // namespace frostline
