#pragma once

#include <QWidget>

#include "session/session.h"

class QAction;
class QLabel;
class QLineEdit;
class QTreeView;

namespace frostline {

class HoverLink;
class SessionActions;
class SessionFilter;
class SessionTableModel;
class SessionWriter;
class ToolRow;

/// The sessions of a folder: searched, sorted, ticked, renamed, tagged, put away, deleted. Reads and writes
/// on another thread. GUI thread.
class SessionTable : public QWidget {
    Q_OBJECT
public:
    explicit SessionTable(HoverLink& hover, QWidget* parent = nullptr);

    SessionTableModel& model() const { return *m_model; }
    SessionActions& actions() const { return *m_actions; }
    ToolRow& tools() const { return *m_tools; }

    void setFolder(const QString& sessionsFolder);
    void reload();
    /// Ticks these, now or when they have been read.
    void tick(const QStringList& folders);

Q_SIGNALS:
    void listed(); ///< The folder has been read.
    void messageRequested(const QString& message);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void createTools();
    void addActionButton(QAction* action);
    void createView();
    void connectModel();
    void connectActions();
    void takeEntries();
    void restoreView();
    void showCount();
    void updateChosen();
    void tickChosen();
    void editCell(int column);
    void showMenu(const QPoint& position);
    QStringList chosen() const;

    HoverLink& m_hover;
    SessionTableModel* m_model;
    SessionFilter* m_filter;
    SessionWriter* m_writer;
    SessionActions* m_actions;
    ToolRow* m_tools;
    QTreeView* m_view;
    QLineEdit* m_search = nullptr;
    QLabel* m_count = nullptr;
    QString m_folder;
    QString m_current;     ///< Kept over a reset of the model.
    QStringList m_waiting; ///< To be ticked once the folder has been read.
    int m_reads = 0;
};

} // namespace frostline
