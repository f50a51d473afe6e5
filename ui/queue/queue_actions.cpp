#include "queue/queue_actions.h"

#include <algorithm>

#include <QAction>
#include <QFileDialog>
#include <QMenu>

#include "queue/queue_edit_dialog.h"
#include "queue/run_queue.h"
#include "theme/icons.h"

namespace frostline {

QueueActions::QueueActions(RunQueue& queue, QWidget* parent)
    : QObject(parent),
      addDraft(nullptr),
      m_queue(queue),
      m_parent(parent)
{
    createActions();
    connectActions();
    refreshIcons();
    connect(&queue, &RunQueue::listChanged, this, &QueueActions::update);
    connect(&queue, &RunQueue::itemChanged, this, &QueueActions::update);
    update();
}

QAction* QueueActions::add(const QString& iconName, const QString& text, const QString& help,
                           const QKeySequence& key)
{
    auto* action = new QAction(text, this);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetShortcut);
    const QString keyText = key.toString(QKeySequence::NativeText);
    action->setWhatsThis(keyText.isEmpty() ? help : tr("%1 (%2)").arg(help, keyText));
    m_icons.emplace_back(action, iconName);
    return action;
}

void QueueActions::createActions()
{
    addDraft = add(QStringLiteral("add"), tr("Add draft"), tr("Queue what is set in the window now"));
    addFiles = add(QStringLiteral("open"), tr("Add recipes…"), tr("Queue recipe files, several at once"));
    clone = add(QStringLiteral("copy"), tr("Clone…"), tr("The same run again with other values"),
                QKeySequence(Qt::CTRL | Qt::Key_D));
    cloneSeeds = add(QStringLiteral("band"), tr("Clone for seeds…"),
                     tr("The same run with several seeds, to see how much is chance"));
    cloneSeeds->setIconText(tr("Seeds…"));
    edit = add(QStringLiteral("rename"), tr("Edit…"), tr("Other values for this run"), Qt::Key_F2);
    editInWindow = add(QStringLiteral("controls"), tr("Edit in window"),
                       tr("Open its recipe as the window's draft, with layers and all controls"));
    resume = add(QStringLiteral("play"), tr("Resume"),
                 tr("Let it wait again, to go on where it ended when its turn comes"));
    moveUp =
        add(QStringLiteral("up"), tr("Move up"), tr("Run it earlier"), QKeySequence(Qt::ALT | Qt::Key_Up));
    moveDown = add(QStringLiteral("down"), tr("Move down"), tr("Run it later"),
                   QKeySequence(Qt::ALT | Qt::Key_Down));
    remove = add(QStringLiteral("delete"), tr("Remove"), tr("Take it out of the queue; its session stays"),
                 QKeySequence::Delete);
    open =
        add(QStringLiteral("session"), tr("Open session"), tr("Show its session under Live"), Qt::Key_Return);
    compare = add(QStringLiteral("compare"), tr("Compare"), tr("Lay the sessions chosen over one another"));
    clearFinished =
        add(QStringLiteral("clear"), tr("Clear finished"), tr("Take what is finished out of the queue"));
}

void QueueActions::connectActions()
{
    const auto on = [this](QAction* action, auto slot) { connect(action, &QAction::triggered, this, slot); };
    on(addDraft, &QueueActions::draftRequested);
    on(addFiles, &QueueActions::askForFiles);
    on(clone, [this] { showClone(false); });
    on(cloneSeeds, [this] { showClone(true); });
    on(edit, &QueueActions::showEdit);
    on(editInWindow, [this] {
        if (const auto* one = single())
            Q_EMIT editRequested(one->recipe);
    });
    on(resume, [this] { m_queue.resumeItems(m_chosen); });
    on(moveUp, [this] { m_queue.shift(m_chosen, -1); });
    on(moveDown, [this] { m_queue.shift(m_chosen, 1); });
    on(remove, [this] { m_queue.remove(QList(m_chosen)); });
    on(open, [this] { Q_EMIT openRequested(chosenSessions().value(0)); });
    on(compare, [this] { Q_EMIT compareRequested(chosenSessions()); });
    on(clearFinished, [this] { m_queue.clearFinished(); });
}

void QueueActions::setChosen(const QList<QueueItem::Id>& ids)
{
    m_chosen = ids;
    update();
}

void QueueActions::setDraftObstacle(const QString& obstacle)
{
    m_draftObstacle = obstacle;
    update();
}

void QueueActions::fill(QMenu& menu) const
{
    menu.addActions({open, compare, resume});
    menu.addSeparator();
    menu.addActions({clone, cloneSeeds, edit, editInWindow});
    menu.addSeparator();
    menu.addActions({moveUp, moveDown, remove});
    menu.addSeparator();
    menu.addAction(clearFinished);
    menu.setToolTipsVisible(true);
}

void QueueActions::refreshIcons()
{
    for (const auto& [action, name] : m_icons)
        action->setIcon(icon(name));
}

const QueueItem* QueueActions::single() const
{
    return m_chosen.size() == 1 ? m_queue.find(m_chosen.front()) : nullptr;
}

std::vector<const QueueItem*> QueueActions::chosenItems() const
{
    std::vector<const QueueItem*> items;
    for (const auto id : m_chosen) {
        if (const auto* item = m_queue.find(id))
            items.push_back(item);
    }
    return items;
}

QStringList QueueActions::chosenSessions() const
{
    QStringList folders;
    for (const auto* item : chosenItems()) {
        if (!item->session.isEmpty())
            folders.append(item->session);
    }
    return folders;
}

void QueueActions::allow(QAction* action, bool isPossible, const QString& obstacle)
{
    action->setEnabled(isPossible);
    action->setToolTip(isPossible ? action->whatsThis() : obstacle);
}

void QueueActions::update()
{
    const auto items = chosenItems();
    const auto* one = items.size() == 1 ? items.front() : nullptr;
    const auto has = [&items](auto test) { return std::ranges::any_of(items, test); };
    const QString chooseAny = tr("Choose a run first");
    const auto sessions = chosenSessions().size();
    allow(addDraft, m_draftObstacle.isEmpty(), m_draftObstacle);
    allow(addFiles, true, {});
    allow(resume, has([](const QueueItem* item) { return item->canResume(); }),
          items.empty() ? chooseAny : tr("Only what failed, was stopped or was interrupted can be resumed"));
    allow(moveUp, !items.empty() && m_queue.rowOf(items.back()->id) >= std::ssize(items),
          items.empty() ? chooseAny : tr("It stands at the top"));
    allow(moveDown,
          !items.empty() &&
              m_queue.rowOf(items.front()->id) < std::ssize(m_queue.items()) - std::ssize(items),
          items.empty() ? chooseAny : tr("It stands at the end"));
    allow(remove, has([](const QueueItem* item) { return !item->isCurrent(); }),
          items.empty() ? chooseAny : tr("It runs: cancel it first"));
    allow(open, one && sessions == 1, one ? tr("It has no session yet") : tr("Choose one run first"));
    allow(compare, sessions > 0, items.empty() ? chooseAny : tr("There is no session yet to compare"));
    const auto& all = m_queue.items();
    allow(clearFinished, std::ranges::find(all, QueueItem::State::Finished, &QueueItem::state) != all.end(),
          tr("Nothing is finished"));
    updateEditing(one);
}

void QueueActions::updateEditing(const QueueItem* one)
{
    const QString chooseOne = tr("Choose one run first");
    const bool isBranch = one && one->origin;
    allow(clone, one && !isBranch,
          one ? tr("A branch is cloned by branching again from its session") : chooseOne);
    allow(cloneSeeds, one && !isBranch, one ? tr("A branch shares its parent's seed") : chooseOne);
    allow(edit, one && one->canEdit() && !isBranch,
          !one       ? chooseOne
          : isBranch ? tr("A branch is edited where it is drafted: in the window")
                     : tr("It has been run already: clone it instead"));
    allow(editInWindow, one && !isBranch,
          one ? tr("A branch is drafted from its parent's session: branch again") : chooseOne);
}

void QueueActions::askForFiles()
{
    auto* dialog = new QFileDialog(m_parent, tr("Add recipes to the queue"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Recipes (*.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this,
            [this](const QStringList& files) { addRecipeFiles(files); });
    dialog->open();
}

void QueueActions::addRecipeFiles(const QStringList& files, int row)
{
    std::vector<Recipe> recipes;
    QString problem;
    for (const auto& file : files) {
        auto recipe = loadRecipe(file.toStdString());
        if (recipe)
            recipes.push_back(std::move(*recipe));
        else if (problem.isEmpty())
            problem = QString::fromStdString(recipe.error().message);
    }
    if (!recipes.empty())
        Q_EMIT added(m_queue.add(recipes, row));
    if (problem.isEmpty())
        return;
    Q_EMIT messageRequested(
        files.size() == 1
            ? problem
            : tr("%1 of %2 recipes were queued. %3").arg(recipes.size()).arg(files.size()).arg(problem));
}

void QueueActions::showClone(bool forSeeds)
{
    const auto* one = single();
    if (!one)
        return;
    auto* dialog = new QueueEditDialog(one->recipe, QueueEditDialog::Purpose::Clone, m_parent);
    const auto seed = one->recipe.seed;
    if (forSeeds)
        dialog->proposeSeeds(QStringLiteral("%1..%2").arg(seed + 1).arg(seed + 4));
    connect(dialog, &QDialog::accepted, this, [this, dialog, id = one->id] {
        const int row = m_queue.rowOf(id);
        Q_EMIT added(m_queue.add(dialog->recipes(), row < 0 ? -1 : row + 1));
    });
    dialog->open();
}

void QueueActions::showEdit()
{
    const auto* one = single();
    if (!one)
        return;
    auto* dialog = new QueueEditDialog(one->recipe, QueueEditDialog::Purpose::Edit, m_parent);
    connect(dialog, &QDialog::accepted, this, [this, dialog, id = one->id] {
        const auto* now = m_queue.find(id);
        if (now && now->canEdit())
            m_queue.edit(id, dialog->recipes().front());
        else
            Q_EMIT messageRequested(tr("It has begun meanwhile, as it was: clone it instead."));
    });
    dialog->open();
}

} // namespace frostline
