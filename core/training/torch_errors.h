#pragma once

#include <c10/util/Exception.h>

#include "base/error.h"

namespace frostline {

/// What torch throws, as a value with one readable line. This is the only place where it is caught.
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

} // namespace frostline
