#pragma once

#include <memory>
#include <optional>

#include <QObject>

#include "training/range_test.h"
#include "training/recipe.h"
#include "window/window_parts.h"

namespace frostline {

class DraftEditor;
class SessionDesk;

/// Routes between the range test's page, the draft and the worker: what is tested is the draft as it stands,
/// and a rate that is chosen goes to the Controls. GUI thread.
class RangeDesk : public QObject {
    Q_OBJECT
public:
    RangeDesk(const WindowParts& parts, const DraftEditor& editor, const SessionDesk& sessions,
              QObject* parent = nullptr);

    /// Says on the page what cannot be done now, and why.
    void updateObstacles();

private:
    void connectPage();
    void connectRun();
    void start(const RangeTestOptions& options);
    void finish(const Result<RangeTest>& test);
    void forget();
    void compareSettings();
    QString obstacle() const;

    WindowParts m_parts;
    const DraftEditor& m_editor;
    const SessionDesk& m_sessions;
    std::optional<Recipe> m_tested; ///< As the draft was when the test began.
};

} // namespace frostline
