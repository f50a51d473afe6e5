#include "compare/freeze_tab.h"

#include <array>

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "compare/freeze_map_view.h"
#include "compare/hover_link.h"

namespace frostline {

namespace {

constexpr std::array kStates{FreezeState::Trainable, FreezeState::Frozen, FreezeState::StatisticsOnly};
constexpr int kMostListed = 1000;

enum Column { SessionColumn, LayerColumn, StepsColumn, HereColumn, BaselineColumn };
enum Role { SessionRole = Qt::UserRole, StepRole };

QString stepsText(const FreezeDifference& difference)
{
    const QLocale locale;
    return FreezeTab::tr("%1–%2").arg(locale.toString(static_cast<qlonglong>(difference.from)),
                                      locale.toString(static_cast<qlonglong>(difference.to - 1)));
}

} // namespace

FreezeTab::FreezeTab(HoverLink& hover, QWidget* parent)
    : QWidget(parent),
      m_map(new FreezeMapView(hover)),
      m_scroll(new QScrollArea(this))
{
    m_scroll->setWidget(m_map);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(m_scroll);
    splitter->addWidget(createList());
    splitter->setStretchFactor(0, 1);
    splitter->setCollapsible(0, false);
    splitter->setSizes({400, 90});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createLegend());
    layout->addWidget(splitter, 1);
    connect(m_map, &FreezeMapView::currentMoved, this, [this](const QRect& row) {
        m_scroll->ensureVisible(row.left(), row.center().y(), 0, 3 * row.height());
    });
    connect(m_map, &FreezeMapView::described, this, [this](const QString& text) {
        m_description->setText(text);
        m_description->setToolTip(text);
    });
}

QWidget* FreezeTab::createLegend()
{
    auto* legend = new QWidget(this);
    auto* row = new QHBoxLayout(legend);
    row->setContentsMargins(10, 5, 8, 5);
    for (const auto state : kStates) {
        auto* swatch = new QLabel(legend);
        row->addWidget(swatch);
        row->addWidget(new QLabel(wordFor(state), legend));
        row->addSpacing(10);
        m_swatches.push_back(swatch);
    }
    row->addStretch(1);
    showSwatches();
    return legend;
}

QWidget* FreezeTab::createList()
{
    auto* below = new QWidget(this);
    m_description = new QLabel(below);
    m_description->setObjectName(QStringLiteral("freezeDescription"));
    m_description->setContentsMargins(10, 3, 8, 3);
    m_description->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_hint = new QLabel(below);
    m_hint->setContentsMargins(10, 3, 8, 3);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_list = new QTreeWidget(below);
    m_list->setObjectName(QStringLiteral("differences"));
    m_list->setAccessibleName(tr("Where sessions were set differently from the baseline"));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAlternatingRowColors(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHeaderLabels({tr("Session"), tr("Layer"), tr("Steps"), tr("Here"), tr("Baseline")});
    auto* layout = new QVBoxLayout(below);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_description);
    layout->addWidget(m_hint);
    layout->addWidget(m_list, 1);
    connect(m_list, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item)
            m_map->setCurrent(item->data(0, SessionRole).toInt(), item->text(LayerColumn).toStdString(),
                              item->data(0, StepRole).toLongLong());
    });
    return below;
}

void FreezeTab::setSessions(const ComparedRuns& sessions)
{
    m_sessions = sessions;
    m_map->setSessions(sessions);
    m_description->clear();
    showDifferences();
}

void FreezeTab::showDifferences()
{
    m_list->clear();
    QList<QTreeWidgetItem*> items;
    for (std::size_t session = 0; session < m_sessions.size(); ++session) {
        for (const auto& difference : m_map->differences()[session]) {
            if (items.size() == kMostListed)
                break;
            auto* item = new QTreeWidgetItem({m_sessions[session].name,
                                              QString::fromStdString(difference.path), stepsText(difference),
                                              wordFor(difference.first), wordFor(difference.second)});
            item->setData(0, SessionRole, static_cast<int>(session));
            item->setData(0, StepRole, static_cast<qlonglong>(difference.from));
            item->setIcon(SessionColumn, swatchOf(m_sessions[session].style, palette()));
            items.append(item);
        }
    }
    m_list->addTopLevelItems(items);
    m_list->setVisible(!items.isEmpty());
    for (int column = SessionColumn; column < BaselineColumn; ++column)
        m_list->resizeColumnToContents(column);
    if (!baselineOf(m_sessions))
        m_hint->setText(tr("Pin a session as the baseline to see where others were set differently."));
    else
        m_hint->setText(items.isEmpty() ? tr("No layer was ever set differently from the baseline.")
                                        : QString());
    m_hint->setVisible(!m_hint->text().isEmpty());
}

void FreezeTab::showSwatches()
{
    for (std::size_t i = 0; i < m_swatches.size(); ++i)
        m_swatches[i]->setPixmap(freezeSwatch(kStates[i], palette()).pixmap(22, 12));
}

void FreezeTab::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showSwatches();
        showDifferences();
    }
}

} // namespace frostline
