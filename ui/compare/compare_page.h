#pragma once

#include <QWidget>

#include "compare/compared_run.h"

class QLabel;
class QStackedWidget;
class QTabWidget;
class QTimer;
class QToolButton;

namespace frostline {

class CurvesTab;
class FreezeTab;
class HoverLink;
class SessionCache;
class SessionTable;
class SettingsTab;
class TradeoffTab;

/// The window's Compare tab: all sessions in a table, the ticked ones laid over one another. Reads and writes
/// files on other threads. GUI thread.
class ComparePage : public QWidget {
    Q_OBJECT
public:
    explicit ComparePage(QWidget* parent = nullptr);

    /// What is compared: ticked, and read.
    const ComparedRuns& compared() const { return m_compared; }
    SessionTable& table() const { return *m_table; }
    HoverLink& hover() const { return *m_hover; }

public Q_SLOTS:
    void setSessionsFolder(const QString& folder);
    /// Looks at the folder again.
    void reload();
    /// Ticks these and no others.
    void select(const QStringList& folders);
    /// Asks for a place and writes one HTML page there.
    void exportReport();
    void exportReportTo(const QString& file);

Q_SIGNALS:
    void openRequested(const QString& folder);
    void resumeRequested(const QString& folder);
    /// A new session that shares the steps before `step`.
    void branchRequested(const QString& folder, frostline::Step step);
    void messageRequested(const QString& message);
    void reportWritten(const QString& file);

private:
    QWidget* createTabs();
    QLabel* createHint();
    void createLayout();
    void connectTable();
    void connectTabs();
    void want();
    void refresh();
    void showTab();
    void showHint();

    HoverLink* m_hover;
    SessionCache* m_cache;
    SessionTable* m_table;
    QStackedWidget* m_stack;
    QToolButton* m_report = nullptr;
    QLabel* m_hint = nullptr;
    QTabWidget* m_tabs = nullptr;
    CurvesTab* m_curves = nullptr;
    SettingsTab* m_settings = nullptr;
    FreezeTab* m_freeze = nullptr;
    TradeoffTab* m_tradeoff = nullptr;
    QTimer* m_later; ///< Many changes make one update.
    ComparedRuns m_compared;
    std::vector<ComparedRuns> m_shown; ///< By each tab.
    bool m_wasListed = false;
};

} // namespace frostline
