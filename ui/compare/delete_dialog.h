#pragma once

#include <vector>

#include <QDialog>

#include "session/session_store.h"

namespace frostline {

/// A session to be deleted, with all that would go.
struct Doomed {
    QString folder;
    QString name;
    std::vector<SessionStore::Content> contents;
};

/// Lists exactly which files deleting sessions removes, and how large they are. GUI thread.
class DeleteDialog : public QDialog {
    Q_OBJECT
public:
    DeleteDialog(const std::vector<Doomed>& sessions, QWidget* parent);

private:
    QWidget* createList(const std::vector<Doomed>& sessions);
    QWidget* createButtons();
};

} // namespace frostline
