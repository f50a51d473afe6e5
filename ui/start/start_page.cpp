#include "start/start_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTreeView>

#include "start/card_layout.h"
#include "start/demo_card.h"
#include "start/ready_card.h"
#include "start/recent_sessions.h"

namespace frostline {

namespace {

constexpr int kMostVisibleRows = 8;
constexpr int kWidestContent = 1100;

QLabel* heading(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.2);
    label->setFont(font);
    return label;
}

} // namespace

StartPage::StartPage(QWidget* parent)
    : QScrollArea(parent),
      m_ready(new ReadyCard),
      m_demos(new QWidget),
      m_sessions(new RecentSessionsModel(this)),
      m_sessionView(new QTreeView),
      m_noSessions(new QLabel)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    auto* content = new QWidget;
    content->setMaximumWidth(kWidestContent);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(20, 20, 20, 20);
    layout->setSpacing(12);
    layout->addWidget(m_ready);
    layout->addSpacing(8);
    layout->addWidget(createDemos());
    layout->addSpacing(8);
    layout->addWidget(createSessions());
    layout->addWidget(createOpenButtons());
    layout->addStretch(1);
    auto* centred = new QWidget;
    auto* row = new QHBoxLayout(centred);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(content, 1);
    setWidget(centred);
    connect(m_ready, &ReadyCard::startRequested, this, &StartPage::startRequested);
    connect(m_sessions, &RecentSessionsModel::reloaded, this, &StartPage::fitSessions);
    fitSessions();
}

void StartPage::setDemos(const std::vector<Demo>& demos)
{
    qDeleteAll(m_demos->findChildren<DemoCard*>());
    for (const auto& demo : demos) {
        auto* card = new DemoCard(demo, m_demos);
        m_demos->layout()->addWidget(card);
        connect(card, &DemoCard::clicked, this, [this, file = demo.file] { Q_EMIT recipeChosen(file); });
    }
    m_demos->parentWidget()->setVisible(!demos.empty());
}

void StartPage::reloadSessions(const QString& sessionsFolder)
{
    m_sessions->reload(sessionsFolder);
}

QWidget* StartPage::createDemos()
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(heading(tr("Demos"), box));
    new CardLayout(DemoCard::kSmallestWidth, DemoCard::kHeight, m_demos);
    layout->addWidget(m_demos);
    return box;
}

QWidget* StartPage::createSessions()
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(heading(tr("Recent sessions"), box));
    m_noSessions->setText(tr("None yet. Every run is kept here: its curves, its changes, its layers."));
    m_noSessions->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(m_noSessions);
    m_sessionView->setObjectName(QStringLiteral("recentSessions"));
    m_sessionView->setAccessibleName(tr("Recent sessions"));
    m_sessionView->setModel(m_sessions);
    m_sessionView->setRootIsDecorated(false);
    m_sessionView->setUniformRowHeights(true);
    m_sessionView->setAlternatingRowColors(true);
    m_sessionView->setAllColumnsShowFocus(true);
    m_sessionView->header()->setStretchLastSection(false);
    m_sessionView->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_sessionView->header()->setSectionResizeMode(RecentSessionsModel::Name, QHeaderView::Stretch);
    layout->addWidget(m_sessionView);
    m_sessionView->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_sessionView, &QTreeView::customContextMenuRequested, this, &StartPage::showSessionMenu);
    connect(m_sessionView, &QTreeView::activated, this,
            [this](const QModelIndex& index) { Q_EMIT sessionChosen(m_sessions->folderAt(index)); });
    return box;
}

void StartPage::showSessionMenu(const QPoint& position)
{
    QModelIndex index = m_sessionView->indexAt(position);
    if (!index.isValid())
        index = m_sessionView->currentIndex(); // The menu key.
    if (!index.isValid())
        return;
    const auto& session = m_sessions->sessionAt(index);
    auto* menu = new QMenu(m_sessionView);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    const auto add = [&](const QString& text, void (StartPage::*signal)(const QString&),
                         const QString& obstacle) {
        auto* action = menu->addAction(text);
        action->setEnabled(obstacle.isEmpty());
        action->setToolTip(obstacle);
        connect(action, &QAction::triggered, this, [this, signal, folder = session.folder] {
            Q_EMIT(this->*signal)(folder);
        });
    };
    const QString unreadable = session.state ? QString() : tr("It cannot be read");
    const QString running = session.isRunning ? tr("It is still running") : unreadable;
    add(tr("&Open"), &StartPage::sessionChosen, {});
    add(tr("&Resume"), &StartPage::resumeRequested,
        running.isEmpty() && !session.canResume() ? tr("It has trained all its epochs") : running);
    add(tr("&Branch…"), &StartPage::branchRequested, running);
    menu->popup(m_sessionView->viewport()->mapToGlobal(position));
}

QWidget* StartPage::createOpenButtons()
{
    auto* box = new QWidget;
    auto* recipe = new QPushButton(tr("Open &recipe…"), box);
    auto* session = new QPushButton(tr("Open sess&ion…"), box);
    auto* layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(recipe);
    layout->addWidget(session);
    layout->addStretch(1);
    connect(recipe, &QPushButton::clicked, this, &StartPage::openRecipeRequested);
    connect(session, &QPushButton::clicked, this, &StartPage::openSessionRequested);
    return box;
}

void StartPage::fitSessions()
{
    const int rows = m_sessions->rowCount();
    m_noSessions->setVisible(rows == 0);
    m_sessionView->setVisible(rows > 0);
    if (rows == 0)
        return;
    const int shown = std::min(rows, kMostVisibleRows);
    m_sessionView->setFixedHeight(m_sessionView->header()->sizeHint().height() +
                                  shown * m_sessionView->sizeHintForRow(0) + 2 * m_sessionView->frameWidth() +
                                  2);
}

} // namespace frostline
