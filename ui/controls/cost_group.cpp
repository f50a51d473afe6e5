#include "controls/cost_group.h"

#include <QGridLayout>
#include <QLabel>

#include "controls/number_text.h"
#include "layers/layer_text.h"

namespace frostline {

namespace {

QLabel* valueLabel(QWidget* parent)
{
    auto* label = new QLabel(QStringLiteral("–"), parent);
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return label;
}

} // namespace

CostGroup::CostGroup(QWidget* parent) : QWidget(parent), m_trainable(valueLabel(this))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(18, 2, 4, 8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(2, 1);
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
    m_expected[EpochRow]->setToolTip(tr("Training only; the validation comes on top"));
    m_measured[EpochRow]->setToolTip(m_expected[EpochRow]->toolTip());
    addRow(grid, MemoryRow, tr("Memory"));
    m_expected[StepRow]->setObjectName(QStringLiteral("expectedStep"));
    m_measured[StepRow]->setObjectName(QStringLiteral("measuredStep"));
}

void CostGroup::addRow(QGridLayout* grid, Row row, const QString& label)
{
    m_expected[row] = valueLabel(this);
    m_measured[row] = valueLabel(this);
    grid->addWidget(new QLabel(label, this), row + 2, 0);
    grid->addWidget(m_expected[row], row + 2, 1);
    grid->addWidget(m_measured[row], row + 2, 2);
}

void CostGroup::setTotals(const LayerTotals& totals)
{
    m_trainable->setText(
        tr("%1 (%2)").arg(countText(totals.trainable), percentText(totals.trainableFraction())));
    m_trainable->setToolTip(tr("of %1 learnable values").arg(countText(totals.parameters)));
}

void CostGroup::setEstimate(const std::optional<CostEstimate>& estimate)
{
    m_estimate = estimate;
    const auto nothing = QStringLiteral("–");
    m_expected[StepRow]->setText(estimate ? durationText(estimate->stepSeconds) : nothing);
    m_expected[EpochRow]->setText(estimate ? durationText(estimate->epochSeconds) : nothing);
    m_expected[MemoryRow]->setText(estimate ? memoryText(estimate->memoryBytes) : nothing);
}

void CostGroup::setMeasured(double stepSeconds, std::int64_t memoryBytes)
{
    m_measured[StepRow]->setText(durationText(stepSeconds));
    m_measured[MemoryRow]->setText(memoryText(memoryBytes));
    if (m_estimate && m_estimate->stepSeconds > 0.0) {
        const double steps = m_estimate->epochSeconds / m_estimate->stepSeconds;
        m_measured[EpochRow]->setText(durationText(steps * stepSeconds));
    }
}

void CostGroup::clearMeasured()
{
    for (auto* label : m_measured)
        label->setText(QStringLiteral("–"));
}

} // namespace frostline
