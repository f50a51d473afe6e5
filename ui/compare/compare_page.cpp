#include "compare/compare_page.h"

#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include "compare/compare_export.h"
#include "compare/curves_tab.h"
#include "compare/freeze_tab.h"
#include "compare/hover_link.h"
#include "compare/overlay_plot.h"
#include "compare/session_actions.h"
#include "compare/session_cache.h"
#include "compare/session_table.h"
#include "compare/session_table_model.h"
#include "compare/settings_tab.h"
#include "compare/tool_row.h"
#include "compare/tradeoff_tab.h"
#include "plots/plot_export.h"
#include "run/background.h"
#include "session/compare_report.h"

namespace frostline {

namespace {

/// The baseline first: the report counts differences from it.
QByteArray reportOf(const ComparedRuns& compared)
{
    std::vector<Session> sessions;
    for (const auto& each : compared) {
        const auto place = each.isBaseline ? sessions.begin() : sessions.end();
        sessions.insert(place, each.loaded->session);
    }
    return QByteArray::fromStdString(compareHtml(sessions));
}

} // namespace

ComparePage::ComparePage(QWidget* parent)
    : QWidget(parent),
      m_hover(new HoverLink(this)),
      m_cache(new SessionCache(this)),
      m_table(new SessionTable(*m_hover, this)),
      m_stack(new QStackedWidget(this)),
      m_later(new QTimer(this))
{
    m_later->setSingleShot(true);
    connect(m_later, &QTimer::timeout, this, &ComparePage::refresh);
    createLayout();
    connectTable();
    connectTabs();
    showHint();
}

void ComparePage::createLayout()
{
    m_stack->addWidget(createHint());
    m_stack->addWidget(createTabs());
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(m_table);
    splitter->addWidget(m_stack);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 5);
    splitter->setSizes({200, 500});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
}

QLabel* ComparePage::createHint()
{
    m_hint = new QLabel(this);
    m_hint->setObjectName(QStringLiteral("hint"));
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    QFont large = m_hint->font();
    large.setPointSizeF(QFontInfo(large).pointSizeF() * 1.3);
    m_hint->setFont(large);
    return m_hint;
}

QWidget* ComparePage::createTabs()
{
    m_curves = new CurvesTab(*m_hover);
    m_settings = new SettingsTab(*m_hover);
    m_freeze = new FreezeTab(*m_hover);
    m_tradeoff = new TradeoffTab(*m_hover);
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("compareTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_curves, tr("C&urves"));
    m_tabs->addTab(m_settings, tr("&Settings"));
    m_tabs->addTab(m_freeze, tr("&Freeze maps"));
    m_tabs->addTab(m_tradeoff, tr("&Trade-off"));
    m_shown.resize(static_cast<std::size_t>(m_tabs->count()));
    connect(m_tabs, &QTabWidget::currentChanged, this, &ComparePage::showTab);
    return m_tabs;
}

void ComparePage::connectTable()
{
    auto& model = m_table->model();
    auto& actions = m_table->actions();
    connect(&model, &SessionTableModel::tickedChanged, this, &ComparePage::want);
    connect(&model, &QAbstractItemModel::dataChanged, m_later, qOverload<>(&QTimer::start));
    connect(&model, &SessionTableModel::baselineChanged, this, [this, &model] {
        QStringList ticked = model.ticked();
        if (!model.baseline().isEmpty() && !ticked.contains(model.baseline()))
            model.setTicked(ticked << model.baseline());
        m_later->start();
    });
    connect(m_table, &SessionTable::listed, this, [this] {
        m_wasListed = true;
        want();
    });
    connect(m_table, &SessionTable::messageRequested, this, &ComparePage::messageRequested);
    m_report = m_table->tools().addButton(
        QStringLiteral("report"), tr("Export report…"),
        tr("Write what there is to say about the ticked sessions into one HTML page"));
    connect(m_report, &QToolButton::clicked, this, &ComparePage::exportReport);
    connect(&actions, &SessionActions::openRequested, this, &ComparePage::openRequested);
    connect(&actions, &SessionActions::resumeRequested, this, &ComparePage::resumeRequested);
    connect(&actions, &SessionActions::branchRequested, this, &ComparePage::branchRequested);
}

void ComparePage::connectTabs()
{
    connect(m_cache, &SessionCache::arrived, m_later, qOverload<>(&QTimer::start));
    connect(m_cache, &SessionCache::messageRequested, this, &ComparePage::messageRequested);
    connect(m_curves, &CurvesTab::messageRequested, this, &ComparePage::messageRequested);
    connect(m_tradeoff, &TradeoffTab::messageRequested, this, &ComparePage::messageRequested);
    connect(&m_curves->plot(), &OverlayPlot::openRequested, this, &ComparePage::openRequested);
    connect(&m_curves->plot(), &OverlayPlot::branchRequested, this, &ComparePage::branchRequested);
    connect(m_settings, &SettingsTab::baselineChosen, &m_table->model(), &SessionTableModel::setBaseline);
}

void ComparePage::setSessionsFolder(const QString& folder)
{
    m_table->setFolder(folder);
}

void ComparePage::reload()
{
    m_table->reload();
}

void ComparePage::select(const QStringList& folders)
{
    m_table->tick(folders);
}

void ComparePage::want()
{
    std::vector<WantedSession> wanted;
    for (const auto& folder : m_table->model().ticked())
        wanted.push_back({folder, m_table->model().find(folder)->changed});
    m_cache->want(wanted);
    m_later->start();
}

void ComparePage::refresh()
{
    const auto& model = m_table->model();
    m_compared.clear();
    for (const auto& folder : model.ticked()) {
        if (auto loaded = m_cache->find(folder))
            m_compared.push_back({folder, model.find(folder)->name(), model.styleOf(folder),
                                  folder == model.baseline(), std::move(loaded)});
    }
    showHint();
    showTab();
}

/// Only what is seen is brought up to date; the others are when they are looked at.
void ComparePage::showTab()
{
    const int tab = m_tabs->currentIndex();
    auto& shown = m_shown[static_cast<std::size_t>(tab)];
    if (shown == m_compared)
        return;
    shown = m_compared;
    if (m_tabs->currentWidget() == m_curves)
        m_curves->setSessions(m_compared);
    else if (m_tabs->currentWidget() == m_settings)
        m_settings->setSessions(m_compared);
    else if (m_tabs->currentWidget() == m_freeze)
        m_freeze->setSessions(m_compared);
    else
        m_tradeoff->setSessions(m_compared);
}

void ComparePage::showHint()
{
    const auto& model = m_table->model();
    if (m_cache->isReading() && m_compared.empty())
        m_hint->setText(tr("Reading…"));
    else if (m_wasListed && model.entries().empty())
        m_hint->setText(tr("No sessions yet. Every run is kept as one: train something, then come back."));
    else
        m_hint->setText(tr("Tick two sessions to lay them over one another"));
    m_stack->setCurrentIndex(m_compared.empty() ? 0 : 1);
    m_report->setEnabled(!m_compared.empty());
}

void ComparePage::exportReport()
{
    askForFile(this, tr("Export the report"), tr("comparison"), {tr("HTML page (*.html)")},
               [this](const QString& file) { exportReportTo(file); });
}

void ComparePage::exportReportTo(const QString& file)
{
    inBackground([file, compared = m_compared] {
        return writeFile(file, reportOf(compared));
    }).then(this, [this, file](const QString& error) {
        if (error.isEmpty())
            Q_EMIT reportWritten(file);
        else
            Q_EMIT messageRequested(error);
    });
}

} // namespace frostline
