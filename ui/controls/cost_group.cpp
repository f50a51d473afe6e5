#include "controls/cost_group.h"

#include <algorithm>
#include <cmath>

#include <QEvent>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>

#include "controls/cost_line_model.h"
#include "controls/feature_text.h"
#include "controls/number_text.h"
#include "layers/layer_text.h"
#include "model/layer_changes.h"
#include "theme/colours.h"
#include "theme/tip_text.h"

namespace frostline {

namespace {

const auto kNothing = QStringLiteral("–");
constexpr int kNarrowestColumn = 40;

QLabel* valueLabel(QWidget* parent)
{
    auto* label = new QLabel(kNothing, parent);
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return label;
}

QLabel* sentenceLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

/// Whether steps cost the same with both.
bool sameCost(const LayerTable& left, const LayerTable& right)
{
    return std::ranges::equal(left, right, [](const LayerInfo& one, const LayerInfo& other) {
        return one.path == other.path && one.settings.trainable == other.settings.trainable &&
               one.statisticsUpdating == other.statisticsUpdating;
    });
}

} // namespace

CostGroup::CostGroup(QWidget* parent) : QWidget(parent), m_lines(new CostLineModel(this))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(18, 2, 4, 8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(2, 1);
    createFigures(grid);
    createLines(grid);
    showKept();
    fitLines();
}

void CostGroup::createFigures(QGridLayout* grid)
{
    m_trainable = valueLabel(this);
    grid->addWidget(new QLabel(tr("Trains"), this), 0, 0);
    grid->addWidget(m_trainable, 0, 1, 1, 2);
    auto* expected = new QLabel(tr("expected"), this);
    auto* measured = new QLabel(tr("measured"), this);
    for (auto* heading : {expected, measured}) {
        heading->setAlignment(Qt::AlignRight);
        heading->setForegroundRole(QPalette::PlaceholderText);
    }
    grid->addWidget(expected, 1, 1);
    grid->addWidget(measured, 1, 2);
    addRow(grid, StepRow, tr("Step"));
    addRow(grid, EpochRow, tr("Epoch"));
    m_measured[EpochRow]->setToolTip(tr("Training only; the validation comes on top"));
    addRow(grid, MemoryRow, tr("Memory"));
    m_expected[StepRow]->setObjectName(QStringLiteral("expectedStep"));
    m_measured[StepRow]->setObjectName(QStringLiteral("measuredStep"));
    m_measured[MemoryRow]->setObjectName(QStringLiteral("measuredMemory"));
}

void CostGroup::createLines(QGridLayout* grid)
{
    m_lineView = new QTableView(this);
    m_lineView->setModel(m_lines);
    m_lineView->setObjectName(QStringLiteral("costLines"));
    m_lineView->setAccessibleName(tr("Cost by frost line"));
    m_lineView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_lineView->setSelectionMode(QAbstractItemView::SingleSelection);
    m_lineView->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_lineView->setShowGrid(false);
    m_lineView->setWordWrap(false);
    m_lineView->setTextElideMode(Qt::ElideMiddle); // What tells features.3 from features.12 is the end.
    m_lineView->setTabKeyNavigation(false);
    m_lineView->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_lineView->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_lineView->verticalHeader()->hide();
    auto* header = m_lineView->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsClickable(false);
    header->setMinimumSectionSize(kNarrowestColumn);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(CostLineModel::NameColumn, QHeaderView::Stretch);
    m_kept = sentenceLabel(QStringLiteral("keptFeatures"), this);
    m_saved = sentenceLabel(QStringLiteral("savedTime"), this);
    const int first = RowCount + 3; // A row is left free.
    grid->setRowMinimumHeight(first - 1, 2);
    grid->addWidget(m_lineView, first, 0, 1, 3);
    grid->addWidget(m_kept, first + 1, 0, 1, 3);
    grid->addWidget(m_saved, first + 2, 0, 1, 3);
    connect(m_lineView, &QTableView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT freezeRequested(index.data(CostLineModel::NodeRole).toInt());
    });
    connect(m_lines, &CostLineModel::modelReset, this, &CostGroup::fitLines);
}

void CostGroup::addRow(QGridLayout* grid, Row row, const QString& label)
{
    m_expected[row] = valueLabel(this);
    m_measured[row] = valueLabel(this);
    grid->addWidget(new QLabel(label, this), row + 2, 0);
    grid->addWidget(m_expected[row], row + 2, 1);
    grid->addWidget(m_measured[row], row + 2, 2);
}

void CostGroup::setTable(const LayerTable& table)
{
    const auto totals = totalsOf(table);
    m_trainable->setText(
        tr("%1 (%2)").arg(countText(totals.trainable), percentText(totals.trainableFraction())));
    m_trainable->setToolTip(tr("of %1 learnable values").arg(countText(totals.parameters)));
    if (!sameCost(table, m_table)) {
        m_stepSeconds = 0.0;
        m_memoryBytes = 0;
    }
    m_table = table;
    show(m_report);
}

void CostGroup::setEstimated(const CostReport& report)
{
    show(report);
}

void CostGroup::setMeasured(const CostReport& report)
{
    m_stepSeconds = report.stepSeconds;
    if (report.stepSeconds > 0.0 && !isFilling(report))
        m_measuredSeconds[report.features.line] = report.stepSeconds;
    show(report);
}

/// Whether steps still take longer because they compute what will be kept.
bool CostGroup::isFilling(const CostReport& report) const
{
    const auto& features = report.features;
    if (!features.isEnabled || features.line == 0 || features.cachedSamples == features.samples)
        return false;
    // Where there is no room for more it stays at that.
    return !m_report || m_report->features.line != features.line ||
           m_report->features.cachedSamples != features.cachedSamples;
}

void CostGroup::setMeasuredMemory(std::int64_t bytes)
{
    m_memoryBytes = bytes;
    showMeasured();
}

void CostGroup::clear()
{
    clearMeasured();
    show(std::nullopt);
}

void CostGroup::clearMeasured()
{
    m_stepSeconds = 0.0;
    m_memoryBytes = 0;
    m_measuredSeconds.clear();
    show(m_report);
}

void CostGroup::show(const std::optional<CostReport>& report)
{
    m_report = report;
    m_estimate.reset();
    if (m_report && !m_table.empty())
        m_estimate = predictAt(*m_report, m_table);
    showExpected();
    showMeasured();
    showLines();
    showKept();
}

void CostGroup::showExpected()
{
    m_expected[StepRow]->setText(m_estimate ? durationText(m_estimate->stepSeconds) : kNothing);
    m_expected[EpochRow]->setText(m_estimate ? durationText(m_estimate->epochSeconds) : kNothing);
    m_expected[MemoryRow]->setText(m_estimate ? memoryText(m_estimate->memoryBytes) : kNothing);
    QString stepTip;
    QString epochTip = tr("Training only; the validation comes on top");
    if (m_estimate && m_estimate->fillingStepSeconds > m_estimate->stepSeconds) {
        stepTip = tr("Once what lies under the frost line is kept; %1 while it is computed")
                      .arg(durationText(m_estimate->fillingStepSeconds));
        epochTip += tr(". The first one takes %1, for it computes what lies under the frost line")
                        .arg(durationText(m_estimate->fillingEpochSeconds));
    }
    m_expected[StepRow]->setToolTip(stepTip);
    m_expected[EpochRow]->setToolTip(epochTip);
}

void CostGroup::showMeasured()
{
    const bool isKnown = m_report && m_stepSeconds > 0.0;
    m_measured[StepRow]->setText(isKnown ? durationText(m_stepSeconds) : kNothing);
    m_measured[MemoryRow]->setText(m_memoryBytes > 0 ? memoryText(m_memoryBytes) : kNothing);
    m_measured[EpochRow]->setText(kNothing);
    if (!isKnown)
        return;
    const double steps =
        std::ceil(static_cast<double>(m_report->trainSamples) / static_cast<double>(m_report->batchSize));
    m_measured[EpochRow]->setText(durationText(steps * m_stepSeconds));
}

void CostGroup::showLines()
{
    m_lines->setLines(m_report ? costLines(*m_report, m_table) : std::vector<CostLine>(), m_measuredSeconds);
}

void CostGroup::showKept()
{
    m_kept->setVisible(m_estimate.has_value());
    m_saved->hide();
    if (!m_estimate)
        return;
    auto features = m_report->features;
    if (features.line != m_estimate->line) {
        // The report is of the layers as they were.
        features.line = m_estimate->line;
        features.remark.clear();
        features.cachedSamples = 0;
    }
    m_kept->setText(keptText(features));
    m_kept->setToolTip(tipText(keptToolTip(features)));
    QPalette colours;
    if (!features.remark.empty())
        colours.setColor(QPalette::WindowText, warningColour(colours));
    m_kept->setPalette(colours);
    const double saved = m_estimate->fillingStepSeconds - m_estimate->stepSeconds;
    m_saved->setVisible(features.line > 0 && features.cachedSamples > 0 && saved > 0.0);
    m_saved->setText(features.cachedSamples < features.samples
                         ? tr("Saves %1 a step once all are kept").arg(durationText(saved))
                         : tr("Saves %1 a step").arg(durationText(saved)));
}

/// All rows are seen: the panel around it scrolls.
void CostGroup::fitLines()
{
    const int rows = m_lines->rowCount();
    const int rowHeight = fontMetrics().height() + 6;
    m_lineView->verticalHeader()->setMinimumSectionSize(rowHeight);
    m_lineView->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_lineView->setFixedHeight(m_lineView->horizontalHeader()->sizeHint().height() +
                               std::max(1, rows) * rowHeight + 2 * m_lineView->frameWidth());
}

void CostGroup::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_saved) {
        m_lines->refreshIcons();
        showKept();
    }
    if (event->type() == QEvent::FontChange && m_saved)
        fitLines();
}

} // namespace frostline
