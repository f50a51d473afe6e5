#pragma once

#include <memory>
#include <vector>

#include <QString>

#include "compare/run_style.h"
#include "session/freeze_history.h"
#include "session/session.h"

namespace frostline {

/// A session read whole, with what takes a while to find out about it. Never changes once made.
struct LoadedSession {
    Session session;
    std::vector<LayerHistory> history;
    double trainableShare = 0.0; ///< Mean over the steps, 0..1.
};

/// One of the sessions that are laid over one another.
struct ComparedRun {
    QString folder;
    QString name;
    RunStyle style;
    bool isBaseline = false;
    std::shared_ptr<const LoadedSession> loaded;

    bool operator==(const ComparedRun&) const = default;
};
using ComparedRuns = std::vector<ComparedRun>;

/// Null where none is.
inline const ComparedRun* baselineOf(const ComparedRuns& sessions)
{
    for (const auto& session : sessions) {
        if (session.isBaseline)
            return &session;
    }
    return nullptr;
}

} // namespace frostline
