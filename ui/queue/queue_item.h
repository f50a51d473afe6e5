#pragma once

#include <optional>

#include <QString>

#include "training/recipe.h"
#include "training/run.h"

namespace frostline {

/// One run of the queue: what shall be run, and what became of it so far.
struct QueueItem {
    using Id = quint64;

    enum class State {
        Waiting,
        Running,
        Paused,
        Finished,
        Stopped,     ///< Cancelled by the user.
        Failed,      ///< `problem` says why.
        Interrupted, ///< The window was closed, or its process died, while it ran.
    };

    Id id = 0; ///< Of this window; not kept between two starts.
    Recipe recipe;
    std::optional<RunOrigin> origin; ///< Of a branch: what it goes on from.
    State state = State::Waiting;
    QString session; ///< Its folder; empty before it has one.
    QString problem; ///< Why it failed, or what it waits for.
    RunProgress progress;
    double seconds = 0.0;               ///< Of the run, pauses left out.
    int bestEpoch = 0;                  ///< 0 while there is none.
    std::optional<double> bestAccuracy; ///< Validation, 0..1; nothing where the task has none.
    std::optional<double> bestLoss;     ///< Validation, of the best epoch.

    bool isCurrent() const { return state == State::Running || state == State::Paused; }
    /// It is over, and can go on where it ended or, where it has no session yet, begin again.
    bool canResume() const
    {
        return state == State::Stopped || state == State::Failed || state == State::Interrupted;
    }
    /// Nothing has been run with this recipe yet.
    bool canEdit() const { return session.isEmpty() && (state == State::Waiting || state == State::Failed); }
};

} // namespace frostline
