#pragma once

#include <functional>

#include <QObject>
#include <QStringList>

#include "session/session.h"

class QAction;
class QMenu;
class QWidget;

namespace frostline {

class SessionTableModel;
class SessionWriter;
struct SessionEntry;

/// What can be done with the sessions chosen in the table. GUI thread.
class SessionActions : public QObject {
    Q_OBJECT
public:
    SessionActions(SessionTableModel& model, SessionWriter& writer, QWidget* parent);

    void setChosen(const QStringList& folders);
    void fill(QMenu& menu) const;
    QAction* pin() const { return m_pin; }
    QAction* branch() const { return m_branch; }
    QAction* remove() const { return m_delete; }
    QAction* rename() const { return m_rename; }
    QAction* notes() const { return m_notes; }
    QAction* open() const { return m_open; }
    void refreshIcons();

Q_SIGNALS:
    void openRequested(const QString& folder);
    void resumeRequested(const QString& folder);
    void branchRequested(const QString& folder, frostline::Step step);
    void messageRequested(const QString& message);
    void tagsRequested(); ///< They are to be edited in the table.

private:
    QAction* add(const QString& name, const QString& text, void (SessionActions::*handler)());
    void createActions();
    const SessionEntry* single() const;
    void update();
    void askForStep();
    void togglePin();
    void editNotes();
    void chooseColour();
    void forgetColour();
    void toggleArchived();
    void askToDelete();
    void annotateChosen(const std::function<void(SessionHead&)>& change);

    SessionTableModel& m_model;
    SessionWriter& m_writer;
    QWidget* m_parent;
    QStringList m_chosen;
    QAction* m_open = nullptr;
    QAction* m_resume = nullptr;
    QAction* m_branch = nullptr;
    QAction* m_pin = nullptr;
    QAction* m_rename = nullptr;
    QAction* m_tags = nullptr;
    QAction* m_notes = nullptr;
    QAction* m_colour = nullptr;
    QAction* m_noColour = nullptr;
    QAction* m_archive = nullptr;
    QAction* m_delete = nullptr;
};

} // namespace frostline
