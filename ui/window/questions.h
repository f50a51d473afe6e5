#pragma once

#include <functional>

#include <QString>

class QWidget;

namespace frostline {

/// The few questions that need an answer. Each opens a dialog over `parent`, returns at once, and calls back
/// with the choice; nothing is called on Cancel. GUI thread.
void askHowToClose(QWidget* parent, const std::function<void()>& keep, const std::function<void()>& discard);

/// A branch needs the session on disk.
void askToStopForBranch(QWidget* parent, const std::function<void()>& stop);

/// `waiting` more runs stay in the queue.
void askToLeaveQueue(QWidget* parent, const QString& run, int waiting, const std::function<void()>& leave);

/// Lists what goes with the session.
void askToDiscard(QWidget* parent, const QString& sessionFolder, const std::function<void()>& discard);

} // namespace frostline
