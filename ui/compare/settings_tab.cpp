#include "compare/settings_tab.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include "compare/hover_link.h"
#include "compare/settings_table_model.h"
#include "run/background.h"

namespace frostline {

namespace {

/// Rows in which the sessions differ, or all.
class DiffFilter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setDiffOnly(bool on)
    {
        m_isDiffOnly = on;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        const auto index = sourceModel()->index(row, 0, parent);
        return !m_isDiffOnly || index.data(SettingsTableModel::DiffersRole).toBool();
    }

private:
    bool m_isDiffOnly = true;
};

} // namespace

SettingsTab::SettingsTab(HoverLink& hover, QWidget* parent)
    : QWidget(parent),
      m_hover(hover),
      m_model(new SettingsTableModel(this)),
      m_filter(new DiffFilter(this)),
      m_view(new QTableView(this)),
      m_diffOnly(new QCheckBox(tr("&Diff only"), this)),
      m_count(new QLabel(this))
{
    m_filter->setSourceModel(m_model);
    createView();
    m_diffOnly->setObjectName(QStringLiteral("diffOnly"));
    m_diffOnly->setToolTip(tr("Show only the settings in which the sessions differ"));
    m_diffOnly->setChecked(true);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 4, 8, 4);
    row->addWidget(m_diffOnly);
    row->addStretch(1);
    row->addWidget(m_count);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_view, 1);
    connect(m_diffOnly, &QCheckBox::toggled, this, [this](bool on) {
        static_cast<DiffFilter*>(m_filter)->setDiffOnly(on);
        showCount();
    });
    connect(&hover, &HoverLink::hovered, this, &SettingsTab::lightUp);
}

void SettingsTab::createView()
{
    m_view->setObjectName(QStringLiteral("settings"));
    m_view->setAccessibleName(tr("Figures and settings"));
    m_view->setModel(m_filter);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setAlternatingRowColors(true);
    m_view->setWordWrap(false);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_view->horizontalHeader()->setHighlightSections(true);
    m_view->horizontalHeader()->setSectionsClickable(true);
    m_view->horizontalHeader()->setTextElideMode(Qt::ElideMiddle);
    m_view->setMouseTracking(true);
    m_view->viewport()->installEventFilter(this);
    connect(m_view->horizontalHeader(), &QHeaderView::sectionClicked, this, &SettingsTab::choose);
    connect(m_view, &QTableView::activated, this,
            [this](const QModelIndex& index) { choose(index.column()); });
    connect(m_view, &QTableView::entered, this, [this](const QModelIndex& index) {
        m_hover.setRun(index.data(SettingsTableModel::FolderRole).toString());
    });
}

void SettingsTab::setSessions(const ComparedRuns& sessions)
{
    m_sessions = sessions;
    const int read = ++m_reads;
    inBackground([sessions] {
        return settingRowsOf(sessions);
    }).then(this, [this, read](std::vector<SettingsTableModel::Row> rows) {
        if (read != m_reads)
            return;
        const bool isWidened = m_model->columnCount() != static_cast<int>(m_sessions.size()) + 1;
        m_model->setSessions(m_sessions, std::move(rows));
        const int letter = fontMetrics().averageCharWidth();
        for (int column = 0; isWidened && column < m_model->columnCount(); ++column)
            m_view->setColumnWidth(column, (column == 0 ? 32 : 28) * letter);
        showCount();
    });
}

void SettingsTab::choose(int column)
{
    if (column < 1 || column > static_cast<int>(m_sessions.size()))
        return;
    const auto& session = m_sessions[static_cast<std::size_t>(column - 1)];
    Q_EMIT baselineChosen(session.isBaseline ? QString() : session.folder);
}

void SettingsTab::showCount()
{
    int settings = 0;
    int different = 0;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const auto index = m_model->index(row, 0);
        if (index.data(SettingsTableModel::FigureRole).toBool())
            continue;
        ++settings;
        different += index.data(SettingsTableModel::DiffersRole).toBool() ? 1 : 0;
    }
    m_count->setText(settings == 0 ? QString() : tr("%1 of %2 settings differ").arg(different).arg(settings));
}

void SettingsTab::lightUp(const QString& folder)
{
    m_view->selectionModel()->clearSelection();
    for (std::size_t i = 0; i < m_sessions.size(); ++i) {
        if (m_sessions[i].folder == folder)
            m_view->selectionModel()->select(m_filter->index(0, static_cast<int>(i) + 1),
                                             QItemSelectionModel::Select | QItemSelectionModel::Columns);
    }
}

bool SettingsTab::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave)
        m_hover.setRun({});
    return QWidget::eventFilter(watched, event);
}

void SettingsTab::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_model->refreshSwatches();
}

} // namespace frostline
