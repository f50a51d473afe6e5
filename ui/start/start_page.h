#pragma once

#include <vector>

#include <QScrollArea>

#include "start/demos.h"

class QLabel;
class QTreeView;

namespace frostline {

class ReadyCard;
class RecentSessionsModel;

/// Where one begins: what is loaded, the demos, and the sessions of before. GUI thread.
class StartPage : public QScrollArea {
    Q_OBJECT
public:
    explicit StartPage(QWidget* parent = nullptr);

    ReadyCard* readyCard() const { return m_ready; }
    void setDemos(const std::vector<Demo>& demos);
    /// Reads the list of sessions anew, on another thread.
    void reloadSessions(const QString& sessionsFolder);

Q_SIGNALS:
    void startRequested();
    void recipeChosen(const QString& file);
    void sessionChosen(const QString& folder);
    void resumeRequested(const QString& folder);
    void branchRequested(const QString& folder);
    void openRecipeRequested();
    void openSessionRequested();

private:
    QWidget* createDemos();
    QWidget* createSessions();
    QWidget* createOpenButtons();
    void fitSessions();
    void showSessionMenu(const QPoint& position);

    ReadyCard* m_ready;
    QWidget* m_demos;
    RecentSessionsModel* m_sessions;
    QTreeView* m_sessionView;
    QLabel* m_noSessions;
};

} // namespace frostline
