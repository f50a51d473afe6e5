#include "compare/session_actions.h"

#include <algorithm>
#include <limits>

#include <QAction>
#include <QColorDialog>
#include <QInputDialog>
#include <QMenu>

#include "compare/delete_dialog.h"
#include "compare/session_table_model.h"
#include "compare/session_writer.h"
#include "run/background.h"
#include "theme/icons.h"

namespace frostline {

namespace {

/// Files of all the sessions, or why they cannot be listed.
Result<std::vector<Doomed>> contentsOf(std::vector<Doomed> sessions)
{
    for (auto& session : sessions) {
        auto contents = SessionStore::contents(session.folder.toStdString());
        if (!contents)
            return tl::unexpected(contents.error());
        session.contents = std::move(*contents);
    }
    return sessions;
}

} // namespace

SessionActions::SessionActions(SessionTableModel& model, SessionWriter& writer, QWidget* parent)
    : QObject(parent),
      m_model(model),
      m_writer(writer),
      m_parent(parent)
{
    createActions();
    connect(&model, &QAbstractItemModel::dataChanged, this, &SessionActions::update);
    connect(&model, &QAbstractItemModel::modelReset, this, &SessionActions::update);
    update();
}

QAction* SessionActions::add(const QString& name, const QString& text, void (SessionActions::*handler)())
{
    auto* action = new QAction(icon(name), text, this);
    action->setObjectName(name);
    if (handler)
        connect(action, &QAction::triggered, this, handler);
    return action;
}

void SessionActions::createActions()
{
    m_open = add(QStringLiteral("open"), tr("Open"), nullptr);
    connect(m_open, &QAction::triggered, this, [this] { Q_EMIT openRequested(m_chosen.value(0)); });
    m_resume = add(QStringLiteral("play"), tr("Resume"), nullptr);
    connect(m_resume, &QAction::triggered, this, [this] { Q_EMIT resumeRequested(m_chosen.value(0)); });
    m_branch = add(QStringLiteral("branch"), tr("Branch from step…"), &SessionActions::askForStep);
    m_branch->setToolTip(tr("Try it again with another choice from a step on"));
    m_pin = add(QStringLiteral("pin"), tr("Pin as baseline"), &SessionActions::togglePin);
    m_pin->setCheckable(true);
    m_pin->setToolTip(tr("Show all others with their difference to this session"));
    m_rename = add(QStringLiteral("rename"), tr("Rename"), nullptr);
    m_tags = add(QStringLiteral("tag"), tr("Edit tags"), nullptr);
    connect(m_tags, &QAction::triggered, this, &SessionActions::tagsRequested);
    m_notes = add(QStringLiteral("note"), tr("Notes…"), &SessionActions::editNotes);
    m_colour = add(QStringLiteral("colour"), tr("Colour…"), &SessionActions::chooseColour);
    m_noColour = add(QStringLiteral("noColour"), tr("Colour of its own off"), &SessionActions::forgetColour);
    m_archive = add(QStringLiteral("archive"), tr("Archive"), &SessionActions::toggleArchived);
    m_delete = add(QStringLiteral("delete"), tr("Delete…"), &SessionActions::askToDelete);
    m_delete->setToolTip(tr("Remove from disk; you see what goes before it does"));
}

void SessionActions::refreshIcons()
{
    for (auto* action : findChildren<QAction*>())
        action->setIcon(icon(action->objectName()));
}

void SessionActions::fill(QMenu& menu) const
{
    menu.addActions({m_open, m_resume, m_branch});
    menu.addSeparator();
    menu.addAction(m_pin);
    menu.addSeparator();
    menu.addActions({m_rename, m_tags, m_notes, m_colour, m_noColour});
    menu.addSeparator();
    menu.addActions({m_archive, m_delete});
    menu.setToolTipsVisible(true);
}

void SessionActions::setChosen(const QStringList& folders)
{
    m_chosen = folders;
    update();
}

const SessionEntry* SessionActions::single() const
{
    return m_chosen.size() == 1 ? m_model.find(m_chosen.front()) : nullptr;
}

void SessionActions::update()
{
    const auto* one = single();
    const bool isReadable = one && one->head;
    const auto isAnnotatable = [this](const QString& folder) {
        const auto* entry = m_model.find(folder);
        return entry && entry->head && !entry->isRunning;
    };
    const bool areAnnotatable = !m_chosen.isEmpty() && std::ranges::all_of(m_chosen, isAnnotatable);
    for (auto* action : {m_open, m_pin})
        action->setEnabled(isReadable);
    m_branch->setEnabled(isReadable && one->figures.steps > 0);
    m_resume->setEnabled(one && one->canResume());
    m_resume->setToolTip(one && !one->canResume() ? tr("Only what was interrupted or stopped goes on")
                                                  : tr("Go on from its last checkpoint"));
    for (auto* action : {m_rename, m_tags, m_notes})
        action->setEnabled(areAnnotatable && one);
    for (auto* action : {m_colour, m_noColour, m_archive})
        action->setEnabled(areAnnotatable);
    m_noColour->setVisible(isReadable && !one->head->colour.empty());
    m_delete->setEnabled(!m_chosen.isEmpty());
    m_pin->setChecked(one && one->folder == m_model.baseline());
    const auto* first = m_chosen.isEmpty() ? nullptr : m_model.find(m_chosen.front());
    m_archive->setText(first && first->isArchived() ? tr("Take out of the archive") : tr("Archive"));
}

void SessionActions::askForStep()
{
    const auto* entry = single();
    if (!entry)
        return;
    const auto last = std::min<Step>(entry->figures.steps, std::numeric_limits<int>::max());
    auto* dialog = new QInputDialog(m_parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setWindowTitle(tr("Branch"));
    dialog->setLabelText(tr("Branch “%1” before which step? Steps before it are kept.").arg(entry->name()));
    dialog->setIntRange(0, static_cast<int>(last));
    dialog->setIntValue(static_cast<int>(last));
    connect(dialog, &QInputDialog::intValueSelected, this,
            [this, folder = entry->folder](int step) { Q_EMIT branchRequested(folder, step); });
    dialog->open();
}

void SessionActions::togglePin()
{
    const QString chosen = m_chosen.value(0);
    m_model.setBaseline(m_model.baseline() == chosen ? QString() : chosen);
}

void SessionActions::annotateChosen(const std::function<void(SessionHead&)>& change)
{
    for (const auto& folder : QStringList(m_chosen)) {
        const auto* entry = m_model.find(folder);
        if (!entry || !entry->head)
            continue;
        auto head = *entry->head;
        change(head);
        m_model.annotate(folder, head);
    }
}

void SessionActions::editNotes()
{
    const auto* entry = single();
    if (!entry || !entry->head)
        return;
    auto* dialog = new QInputDialog(m_parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QInputDialog::UsePlainTextEditForTextInput);
    dialog->setWindowTitle(tr("Notes"));
    dialog->setLabelText(tr("Notes on “%1”:").arg(entry->name()));
    dialog->setTextValue(QString::fromStdString(entry->head->notes));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& text) {
        annotateChosen([&text](SessionHead& head) { head.notes = text.toStdString(); });
    });
    dialog->open();
}

void SessionActions::chooseColour()
{
    auto* dialog = new QColorDialog(m_parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QColorDialog::DontUseNativeDialog);
    if (!m_chosen.isEmpty())
        dialog->setCurrentColor(colourOf(m_model.styleOf(m_chosen.front()), m_parent->palette()));
    connect(dialog, &QColorDialog::colorSelected, this, [this](const QColor& colour) {
        annotateChosen([&colour](SessionHead& head) { head.colour = colour.name().toStdString(); });
    });
    dialog->open();
}

void SessionActions::forgetColour()
{
    annotateChosen([](SessionHead& head) { head.colour.clear(); });
}

void SessionActions::toggleArchived()
{
    const auto* first = m_chosen.isEmpty() ? nullptr : m_model.find(m_chosen.front());
    if (!first)
        return;
    annotateChosen([archived = !first->isArchived()](SessionHead& head) { head.archived = archived; });
}

void SessionActions::askToDelete()
{
    std::vector<Doomed> doomed;
    for (const auto& folder : m_chosen) {
        const auto* entry = m_model.find(folder);
        if (entry && entry->isRunning) {
            Q_EMIT messageRequested(
                tr("“%1” cannot be deleted while it runs. Stop it first.").arg(entry->name()));
            return;
        }
        if (entry)
            doomed.push_back({folder, entry->name(), {}});
    }
    inBackground([doomed] {
        return contentsOf(doomed);
    }).then(this, [this](const Result<std::vector<Doomed>>& sessions) {
        if (!sessions) {
            Q_EMIT messageRequested(QString::fromStdString(sessions.error().message));
            return;
        }
        auto* dialog = new DeleteDialog(*sessions, m_parent);
        connect(dialog, &QDialog::accepted, this, [this, list = *sessions] {
            for (const auto& session : list)
                m_writer.discard(session.folder);
        });
        dialog->open();
    });
}

} // namespace frostline
