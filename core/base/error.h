#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace frostline {

enum class ErrorCode {
    BadInput,   ///< What the user gave is wrong: a recipe, a pattern, a file's content.
    FileSystem, ///< The system refused: missing, unreadable, unwritable, full.
    Gone,       ///< What is being written to was removed meanwhile.
    RunFailed,  ///< The run itself could not go on.
};

/// What went wrong, in one sentence that names the file, the place in it, and what would be right.
struct Error {
    ErrorCode code = ErrorCode::BadInput;
    std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> failure(ErrorCode code, std::string message)
{
    return tl::unexpected<Error>(Error{code, std::move(message)});
}

inline tl::unexpected<Error> badInput(std::string message)
{
    return failure(ErrorCode::BadInput, std::move(message));
}

} // namespace frostline
