#include "compare/session_table.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <QAction>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "compare/hover_link.h"
#include "compare/session_actions.h"
#include "compare/session_delegate.h"
#include "compare/session_filter.h"
#include "compare/session_table_model.h"
#include "compare/session_writer.h"
#include "compare/tool_row.h"
#include "run/background.h"

namespace frostline {

namespace {

constexpr std::chrono::milliseconds kEditingPause{200};

QAction* addKey(QTreeView& view, const QKeySequence& key, const QString& text)
{
    auto* action = new QAction(text, &view);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetShortcut);
    view.addAction(action);
    return action;
}

} // namespace

SessionTable::SessionTable(HoverLink& hover, QWidget* parent)
    : QWidget(parent),
      m_hover(hover),
      m_model(new SessionTableModel(this)),
      m_filter(new SessionFilter(this)),
      m_writer(new SessionWriter(this)),
      m_actions(new SessionActions(*m_model, *m_writer, this)),
      m_tools(new ToolRow(this)),
      m_view(new QTreeView(this))
{
    m_filter->setSourceModel(m_model);
    createTools();
    createView();
    connectModel();
    connectActions();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tools);
    layout->addWidget(m_view, 1);
}

void SessionTable::createTools()
{
    m_search = new QLineEdit(m_tools);
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setPlaceholderText(tr("Search name, tags, notes, recipe"));
    m_search->setAccessibleName(tr("Search sessions"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(120);
    m_count = new QLabel(m_tools);
    m_count->setObjectName(QStringLiteral("count"));
    m_tools->addWidget(m_search, 1);
    m_tools->addWidget(m_count);
    m_tools->addSpacing();
    auto* tree = m_tools->addToggle(QStringLiteral("tree"), tr("As tree"),
                                    tr("Hang branches under the session they left"), false);
    auto* archived = m_tools->addToggle(QStringLiteral("archive"), tr("Show archived"),
                                        tr("Show sessions that were put away too"), false);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter->setWords(text);
        restoreView();
        showCount();
    });
    connect(tree, &QToolButton::toggled, this, [this](bool on) {
        m_current = chosen().value(0);
        m_view->setRootIsDecorated(on);
        m_model->setTree(on);
        restoreView();
    });
    connect(archived, &QToolButton::toggled, this, [this](bool on) {
        m_filter->setShowsArchived(on);
        showCount();
    });
    m_tools->addSpacing();
    addActionButton(m_actions->pin());
    addActionButton(m_actions->branch());
    addActionButton(m_actions->remove());
}

void SessionTable::addActionButton(QAction* action)
{
    auto* button = m_tools->addButton(action->objectName(), action->text(), action->toolTip());
    const auto sync = [button, action] {
        button->setEnabled(action->isEnabled());
        button->setCheckable(action->isCheckable());
        button->setChecked(action->isChecked());
    };
    sync();
    connect(action, &QAction::changed, button, sync);
    connect(button, &QToolButton::clicked, action, &QAction::trigger);
}

void SessionTable::createView()
{
    m_view->setObjectName(QStringLiteral("sessions"));
    m_view->setAccessibleName(tr("Sessions"));
    m_view->setModel(m_filter);
    m_view->setItemDelegate(new SessionDelegate(m_hover, m_view));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAlternatingRowColors(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::SelectedClicked);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setMouseTracking(true);
    m_view->viewport()->installEventFilter(this);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(SessionTableModel::When, Qt::DescendingOrder);
    auto* header = m_view->header();
    header->setStretchLastSection(true);
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(36);
    const int letter = fontMetrics().averageCharWidth();
    const int letters[] = {28, 14, 11, 8, 11, 13, 14, 9, 10, 18, 24};
    for (int column = 0; column < SessionTableModel::ColumnCount; ++column)
        header->resizeSection(column, letters[column] * letter);
    header->hideSection(SessionTableModel::Delta);
    connect(m_view, &QTreeView::customContextMenuRequested, this, &SessionTable::showMenu);
    connect(m_view, &QTreeView::entered, this, [this](const QModelIndex& index) {
        m_hover.setRun(index.data(SessionTableModel::FolderRole).toString());
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &SessionTable::updateChosen);
    connect(&m_hover, &HoverLink::hovered, m_view->viewport(), qOverload<>(&QWidget::update));
}

void SessionTable::connectModel()
{
    connect(m_model, &SessionTableModel::annotated, m_writer, &SessionWriter::annotate);
    connect(m_writer, &SessionWriter::done, this, &SessionTable::reload);
    connect(m_writer, &SessionWriter::failed, this, &SessionTable::messageRequested);
    connect(m_model, &SessionTableModel::baselineChanged, this, [this] {
        m_view->setColumnHidden(SessionTableModel::Delta, m_model->baseline().isEmpty());
        updateChosen();
    });
}

void SessionTable::connectActions()
{
    connect(addKey(*m_view, Qt::Key_Space, tr("Tick")), &QAction::triggered, this, &SessionTable::tickChosen);
    connect(m_view, &QTreeView::doubleClicked, this, [this](const QModelIndex& index) {
        if (index.column() == SessionTableModel::Notes && m_actions->notes()->isEnabled())
            m_actions->notes()->trigger();
        else if (m_actions->open()->isEnabled())
            m_actions->open()->trigger();
    });
    connect(addKey(*m_view, Qt::Key_Return, tr("Open")), &QAction::triggered, m_actions->open(),
            &QAction::trigger);
    connect(addKey(*m_view, QKeySequence::Delete, tr("Delete")), &QAction::triggered, m_actions->remove(),
            &QAction::trigger);
    connect(addKey(*m_view, Qt::Key_F2, tr("Rename")), &QAction::triggered, m_actions->rename(),
            &QAction::trigger);
    auto* find = new QAction(tr("Search sessions"), this);
    find->setShortcut(QKeySequence::Find);
    find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QAction::triggered, m_search, [this] { m_search->setFocus(Qt::ShortcutFocusReason); });
    addAction(find);
    connect(m_actions->rename(), &QAction::triggered, this, [this] { editCell(SessionTableModel::Name); });
    connect(m_actions, &SessionActions::tagsRequested, this, [this] { editCell(SessionTableModel::Tags); });
    connect(m_actions, &SessionActions::messageRequested, this, &SessionTable::messageRequested);
}

void SessionTable::setFolder(const QString& sessionsFolder)
{
    m_folder = sessionsFolder;
    reload();
}

void SessionTable::reload()
{
    const int read = ++m_reads;
    inBackground([folder = m_folder] {
        return sessionEntriesIn(folder);
    }).then(this, [this, read](std::vector<SessionEntry> entries) {
        // What is being written would be shown as it was before.
        if (read != m_reads || !m_writer->isIdle())
            return;
        // What is being typed would be taken away.
        if (m_view->viewport()->findChild<QLineEdit*>()) {
            QTimer::singleShot(kEditingPause, this, &SessionTable::reload);
            return;
        }
        m_current = chosen().value(0);
        m_model->setEntries(std::move(entries));
        takeEntries();
    });
}

void SessionTable::takeEntries()
{
    restoreView();
    showCount();
    if (!m_waiting.isEmpty())
        m_model->setTicked(std::exchange(m_waiting, {}));
    Q_EMIT listed();
}

void SessionTable::tick(const QStringList& folders)
{
    m_waiting.clear();
    for (const auto& folder : folders)
        m_waiting.append(folderName(folder));
    const auto isKnown = [this](const QString& folder) { return m_model->find(folder) != nullptr; };
    if (std::ranges::all_of(m_waiting, isKnown))
        m_model->setTicked(std::exchange(m_waiting, {}));
    else
        reload();
}

void SessionTable::restoreView()
{
    if (m_model->isTree())
        m_view->expandAll();
    const auto index = m_filter->mapFromSource(m_model->indexOf(m_current));
    if (index.isValid() && m_view->selectionModel()->selectedRows().isEmpty())
        m_view->setCurrentIndex(index);
    m_current.clear();
    updateChosen();
}

void SessionTable::showCount()
{
    m_count->setText(tr("%1 of %2").arg(m_filter->matchCount()).arg(m_filter->searchedCount()));
}

QStringList SessionTable::chosen() const
{
    QStringList folders;
    for (const auto& index : m_view->selectionModel()->selectedRows())
        folders.append(index.data(SessionTableModel::FolderRole).toString());
    return folders;
}

void SessionTable::updateChosen()
{
    m_actions->setChosen(chosen());
}

void SessionTable::tickChosen()
{
    const QStringList folders = chosen();
    QStringList ticked = m_model->ticked();
    const bool isOn = ticked.contains(folders.value(0));
    for (const auto& folder : folders) {
        if (isOn)
            ticked.removeOne(folder);
        else if (!ticked.contains(folder))
            ticked.append(folder);
    }
    m_model->setTicked(ticked);
}

void SessionTable::editCell(int column)
{
    const auto rows = m_view->selectionModel()->selectedRows(column);
    if (rows.isEmpty())
        return;
    m_view->scrollTo(rows.first());
    m_view->edit(rows.first());
}

void SessionTable::showMenu(const QPoint& position)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_actions->fill(*menu);
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

bool SessionTable::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave)
        m_hover.setRun({});
    return QWidget::eventFilter(watched, event);
}

void SessionTable::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    m_model->refreshSwatches();
    m_actions->refreshIcons();
}

} // namespace frostline
