#pragma once

namespace frostline {

class ComparePage;
class ControlsPanel;
class DataPage;
class LayerPanel;
class LivePage;
class LogDock;
class MessageBar;
class PlanPage;
class QueuePage;
class RangePage;
class RunController;
class RunQueue;
class RunStatus;
class StartPage;
class TimelinePanel;

/// The window's parts, for those who route between them. The window owns all of them.
struct WindowParts {
    LayerPanel* layers = nullptr;
    ControlsPanel* controls = nullptr;
    LivePage* live = nullptr;
    PlanPage* plan = nullptr;
    RangePage* range = nullptr;
    ComparePage* compare = nullptr;
    QueuePage* queuePage = nullptr;
    DataPage* data = nullptr;
    TimelinePanel* timeline = nullptr;
    StartPage* start = nullptr;
    MessageBar* messages = nullptr;
    LogDock* log = nullptr;
    RunStatus* status = nullptr;
    RunController* run = nullptr;
    RunQueue* queue = nullptr; ///< What it runs, the window does not: one of both at a time.
};

} // namespace frostline
