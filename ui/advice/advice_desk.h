#pragma once

#include <memory>
#include <optional>

#include <QObject>
#include <QPointer>

#include "advice/advice.h"
#include "window/window_parts.h"

class QWidget;

namespace frostline {

class AdviceDialog;
class DraftEditor;

/// Advice in the window: has the draft looked at, shows what follows, and does it where it is asked to. GUI
/// thread.
class AdviceDesk : public QObject {
    Q_OBJECT
public:
    /// `window` is what the dialog stands over.
    AdviceDesk(const WindowParts& parts, DraftEditor& editor, QWidget* window);

    /// Why no advice can be had; empty where it can.
    QString obstacle() const;
    /// Opens the dialog, and looks at once.
    void open();

private:
    void createDialog();
    void look();
    void cancel();
    void show();
    void apply();
    void follow();
    bool isStale() const;
    QString applyObstacle() const;
    void take(const std::shared_ptr<const Result<AdviceProbe>>& found);

    WindowParts m_parts;
    DraftEditor& m_editor;
    QWidget* m_window;
    QPointer<AdviceDialog> m_dialog;
    std::optional<AdviceProbe> m_probe;
    Recipe m_probed; ///< What was looked at, or is.
    std::optional<Advice> m_advice;
};

} // namespace frostline
