#include "range/range_page.h"

#include <QEvent>
#include <QFileInfo>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include "compare/compare_export.h"
#include "compare/tool_row.h"
#include "controls/checked_edit.h"
#include "controls/wheel_guard.h"
#include "plots/plot_export.h"
#include "range/range_plot.h"
#include "range/range_text.h"
#include "range/suggestion_row.h"
#include "theme/colours.h"
#include "theme/icons.h"
#include "theme/tip_text.h"

namespace frostline {

namespace {

constexpr double kLowestRate = 1e-12;
constexpr int kFieldWidth = 76;

QString untouchedText()
{
    return RangePage::tr(
        "Weights, running statistics, optimizer and session are as they were before the test.");
}

QLabel* paragraph(QWidget* parent, const QString& name, const QString& text)
{
    auto* label = new QLabel(text, parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

RangePage::RangePage(QWidget* parent)
    : QWidget(parent),
      m_plot(new RangePlot(this)),
      m_suggestions(new SuggestionRow(this))
{
    auto* tools = createTools();
    m_outcome = paragraph(this, QStringLiteral("rangeOutcome"), {});
    m_outdated = paragraph(this, QStringLiteral("rangeOutdated"),
                           tr("The settings have been changed since this test: run it again."));
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(12, 6, 12, 10);
    foot->setSpacing(8);
    foot->addWidget(m_outcome);
    foot->addWidget(m_outdated);
    foot->addWidget(m_suggestions);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(tools);
    layout->addWidget(m_plot, 1);
    layout->addLayout(foot);
    connect(m_run, &QPushButton::clicked, this, &RangePage::startOrStop);
    connect(m_suggestions, &SuggestionRow::rateChosen, this, &RangePage::rateChosen);
    clear();
}

ToolRow* RangePage::createTools()
{
    auto* tools = new ToolRow(this);
    createFields(tools);
    m_run = new QPushButton(tools);
    m_run->setObjectName(QStringLiteral("runRangeTest"));
    m_progress = new QProgressBar(tools);
    m_progress->setAccessibleName(tr("Progress of the range test"));
    m_progress->setTextVisible(false);
    tools->addSpacing();
    tools->addWidget(m_run);
    tools->addWidget(m_progress, 1);
    tools->addStretch();
    auto* out = tools->addButton(QStringLiteral("export"), tr("Export…"),
                                 tr("Save as a picture (PNG, SVG, PDF) or as numbers (CSV)"));
    connect(out, &QToolButton::clicked, this, &RangePage::exportFigures);
    m_export = out;
    return tools;
}

void RangePage::createFields(ToolRow* tools)
{
    const RangeTestOptions usual;
    const auto add = [tools](const QString& text, QWidget* field, const QString& name, const QString& tip) {
        auto* label = new QLabel(text, tools);
        label->setBuddy(field);
        field->setObjectName(name);
        field->setToolTip(tip);
        field->setFixedWidth(kFieldWidth);
        tools->addWidget(label);
        tools->addWidget(field);
    };
    m_start = new NumberEdit(kLowestRate, RangeTestOptions::kHighestRate, tools);
    m_start->setAccessibleName(tr("First learning rate"));
    m_start->setValue(usual.start);
    m_end = new NumberEdit(kLowestRate, RangeTestOptions::kHighestRate, tools);
    m_end->setAccessibleName(tr("Last learning rate"));
    m_end->setValue(usual.end);
    m_steps = new QSpinBox(tools);
    m_steps->setRange(RangeTestOptions::kFewestSteps, RangeTestOptions::kMostSteps);
    m_steps->setValue(usual.steps);
    guardFromWheel(m_steps);
    add(tr("Rates fr&om"), m_start, QStringLiteral("rangeStart"), tr("Learning rate of the first step"));
    add(tr("&to"), m_end, QStringLiteral("rangeEnd"), tr("Learning rate of the last step"));
    add(tr("i&n steps"), m_steps, QStringLiteral("rangeSteps"),
        tr("Training steps; the rate rises by the same factor from one to the next"));
}

void RangePage::setObstacle(const QString& obstacle)
{
    m_obstacle = obstacle;
    updateButton();
}

void RangePage::setUseObstacle(const QString& obstacle)
{
    m_suggestions->setObstacle(obstacle);
}

void RangePage::setOutdated(bool outdated)
{
    m_outdated->setVisible(outdated && m_test);
}

void RangePage::startOrStop()
{
    if (m_isRunning) {
        Q_EMIT stopRequested();
        return;
    }
    for (const auto* edit : {m_start, m_end}) {
        if (!edit->problem().isEmpty()) {
            Q_EMIT messageRequested(
                tr("%1: “%2” cannot be. %3").arg(edit->accessibleName(), edit->text(), edit->problem()));
            return;
        }
    }
    const RangeTestOptions options{m_start->value(), m_end->value(), m_steps->value()};
    if (options.start >= options.end)
        Q_EMIT messageRequested(tr("The range test has to start at a lower rate than it ends at."));
    else
        Q_EMIT testRequested(options);
}

void RangePage::begin(const RangeTestOptions& options)
{
    m_test.reset();
    m_plot->begin(options.start, options.end);
    m_suggestions->setSuggestions({});
    m_progress->setRange(0, options.steps);
    m_progress->setValue(0);
    showRunning(true);
    setOutdated(false);
    showOutcome(tr("Raising the learning rate from step to step…"));
}

void RangePage::addPoints(std::span<const RangePoint> points)
{
    m_plot->add(points);
    m_progress->setValue(static_cast<int>(m_plot->points().size()));
}

void RangePage::showTest(const RangeTest& test)
{
    m_test = test;
    m_plot->begin(test.options.start, test.options.end);
    m_plot->add(test.points);
    m_plot->setSuggestions(test.suggestions);
    m_suggestions->setSuggestions(test.suggestions);
    showRunning(false);
    showOutcome(tr("%1 %2").arg(endText(test), untouchedText()));
}

void RangePage::showProblem(const QString& problem)
{
    showRunning(false);
    showOutcome(tr("%1. %2").arg(problem, untouchedText()));
}

void RangePage::clear()
{
    const RangeTestOptions usual;
    m_test.reset();
    m_plot->begin(usual.start, usual.end);
    m_suggestions->setSuggestions({});
    setOutdated(false);
    showRunning(false);
    showOutcome(
        tr("Trains some steps at rates that rise from one to the next and watches the loss: a good rate is "
           "where it falls, well before it climbs. Afterwards weights, running statistics, optimizer and "
           "session are as they were."));
}

void RangePage::showOutcome(const QString& outcome)
{
    m_outcome->setText(outcome);
}

void RangePage::showRunning(bool running)
{
    m_isRunning = running;
    m_progress->setVisible(running);
    for (QWidget* field :
         {static_cast<QWidget*>(m_start), static_cast<QWidget*>(m_end), static_cast<QWidget*>(m_steps)})
        field->setEnabled(!running);
    m_export->setEnabled(m_test.has_value());
    updateButton();
}

void RangePage::updateButton()
{
    m_run->setText(m_isRunning ? tr("Stop the test") : tr("Run the test"));
    m_run->setIcon(icon(m_isRunning ? QStringLiteral("stop") : QStringLiteral("play")));
    m_run->setEnabled(m_isRunning || m_obstacle.isEmpty());
    const QString tip = m_isRunning ? tr("End it after this step; nothing is kept but the curve")
                                    : tr("Train on the draft as it is set now, and put everything back");
    m_run->setToolTip(tipText(m_run->isEnabled() ? tip : m_obstacle));
}

QString RangePage::exportTo(const QString& file) const
{
    const QString suffix = QFileInfo(file).suffix().toLower();
    if (!m_test)
        return tr("There is no curve to export any more: run the test again.");
    if (suffix == QLatin1String("csv"))
        return writeFile(file, QByteArray::fromStdString(csvOf(*m_test)));
    if (QStringList{QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf")}.contains(suffix))
        return writeFile(file, m_plot->picture(suffix));
    return tr("%1 cannot be exported to: its name should end in .png, .svg, .pdf or .csv.").arg(file);
}

void RangePage::exportFigures()
{
    askForFile(this, tr("Export the range test"), tr("range-test"),
               {tr("PNG picture (*.png)"), tr("SVG picture (*.svg)"), tr("PDF document (*.pdf)"),
                tr("Table (*.csv)")},
               [this](const QString& file) {
                   if (const QString error = exportTo(file); !error.isEmpty())
                       Q_EMIT messageRequested(error);
               });
}

void RangePage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    // Also sent while the base class is being built.
    if (event->type() == QEvent::PaletteChange && m_run)
        updateButton();
}

} // namespace frostline
