#include "results/results_panel.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

#include "data/image_delegate.h"
#include "results/confusion_view.h"
#include "results/prediction_model.h"

namespace frostline {

namespace {

constexpr std::size_t kMostShown = 1000;

enum Shown { Worst, Cell, All };

QString percent(double fraction)
{
    return ResultsPanel::tr("%1 %").arg(QLocale().toString(100.0 * fraction, 'f', 1));
}

void addFigure(QStringList& parts, const QString& name, double value, const QString& text)
{
    if (!std::isnan(value))
        parts << ResultsPanel::tr("%1 %2").arg(name, text);
}

QStringList namesOf(const Evaluation& evaluation)
{
    QStringList names;
    for (const auto& name : evaluation.classNames)
        names.append(QString::fromStdString(name));
    return names;
}

} // namespace

ResultsPanel::ResultsPanel(QWidget* parent)
    : QWidget(parent),
      m_job(new EvaluationJob(this)),
      m_model(new PredictionModel(this))
{
    m_body = new QSplitter(this);
    auto* bar = createBar();
    m_body->addWidget(createPredictions());
    m_body->addWidget(createMatrix());
    m_body->setStretchFactor(0, 1);
    m_body->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(bar);
    layout->addWidget(m_figures);
    layout->addWidget(m_body, 1);
    layout->addStretch(0);
    connect(m_evaluate, &QPushButton::clicked, this, &ResultsPanel::evaluate);
    connect(m_shown, &QComboBox::activated, this, &ResultsPanel::showRows);
    connect(m_confusion, &ConfusionView::cellChosen, this, &ResultsPanel::showCell);
    connect(m_job, &EvaluationJob::ended, this, &ResultsPanel::showResult);
    connect(m_job, &EvaluationJob::progressed, this, [this](qint64 done, qint64 all) {
        m_progress->setRange(0, 1000);
        m_progress->setValue(all > 0 ? static_cast<int>(1000 * done / all) : 0);
    });
    connect(m_job, &EvaluationJob::failed, this, [this](const QString& problem) {
        showRunning(false);
        clearResult();
        m_figures->setText(problem);
    });
    clear(tr("Results come from a session's last checkpoint: train to the end, or open a saved session."));
}

QWidget* ResultsPanel::createBar()
{
    auto* bar = new QWidget(this);
    m_split = new QComboBox(bar);
    m_split->setObjectName(QStringLiteral("resultsSplit"));
    m_split->addItem(tr("Validation"), static_cast<int>(Split::Validation));
    m_split->addItem(tr("Test"), static_cast<int>(Split::Test));
    m_split->addItem(tr("Training"), static_cast<int>(Split::Train));
    auto* label = new QLabel(tr("S&plit:"), bar);
    label->setBuddy(m_split);
    m_evaluate = new QPushButton(tr("&Evaluate"), bar);
    m_evaluate->setObjectName(QStringLiteral("evaluate"));
    m_progress = new QProgressBar(bar);
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(220);
    m_figures = new QLabel(this);
    m_figures->setObjectName(QStringLiteral("resultsFigures"));
    m_figures->setWordWrap(true);
    m_figures->setTextFormat(Qt::PlainText);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(m_split);
    layout->addWidget(m_evaluate);
    layout->addWidget(m_progress);
    layout->addStretch(1);
    return bar;
}

QWidget* ResultsPanel::createPredictions()
{
    auto* side = new QWidget(this);
    m_shown = new QComboBox(side);
    m_shown->setObjectName(QStringLiteral("resultsShown"));
    auto* label = new QLabel(tr("S&how:"), side);
    label->setBuddy(m_shown);
    m_grid = new QListView(side);
    m_grid->setObjectName(QStringLiteral("predictions"));
    m_grid->setAccessibleName(tr("Predictions"));
    m_grid->setViewMode(QListView::IconMode);
    m_grid->setMovement(QListView::Static);
    m_grid->setResizeMode(QListView::Adjust);
    m_grid->setUniformItemSizes(true);
    m_grid->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_grid->setItemDelegate(new ImageDelegate(2, m_grid));
    m_grid->setModel(m_model);
    m_nothing = new QLabel(side);
    m_nothing->setWordWrap(true);
    auto* row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_shown);
    row->addStretch(1);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(row);
    layout->addWidget(m_nothing);
    layout->addWidget(m_grid, 1);
    return side;
}

QWidget* ResultsPanel::createMatrix()
{
    m_confusion = new ConfusionView;
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(m_confusion);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    return scroll;
}

void ResultsPanel::setSession(const QString& folder, std::shared_ptr<const DataSplits> splits)
{
    clear(tr("Evaluate shows what the network makes of each sample."));
    m_folder = folder;
    m_data = std::move(splits);
    m_split->setEnabled(true);
    m_evaluate->setEnabled(true);
    m_evaluate->setToolTip(tr("Runs the session's last checkpoint over the split"));
}

void ResultsPanel::clear(const QString& why)
{
    m_job->forget();
    m_folder.clear();
    m_data.reset();
    clearResult();
    showRunning(false);
    m_evaluate->setEnabled(false);
    m_evaluate->setToolTip(why);
    m_figures->setText(why);
}

void ResultsPanel::clearResult()
{
    m_result.reset();
    m_model->setRows({}, {});
    m_confusion->setMatrix({}, {});
    m_shown->clear();
    m_shown->setEnabled(false);
    m_nothing->hide();
    m_body->hide();
}

void ResultsPanel::evaluate()
{
    if (m_progress->isVisibleTo(this)) {
        if (!m_job->stop()) {
            showRunning(false);
            m_figures->setText(tr("Cancelled before a sample was evaluated."));
        }
        return;
    }
    clearResult();
    m_figures->setText(tr("Evaluating…"));
    showRunning(true);
    m_progress->setRange(0, 0);
    m_job->start(m_folder, static_cast<Split>(m_split->currentData().toInt()), m_data);
}

/// While it runs the button stops it.
void ResultsPanel::showRunning(bool isRunning)
{
    m_progress->setVisible(isRunning);
    m_evaluate->setText(isRunning ? tr("&Cancel") : tr("&Evaluate"));
    m_split->setEnabled(!isRunning && !m_folder.isEmpty());
}

void ResultsPanel::showResult(const std::shared_ptr<const EvaluatedSplit>& result)
{
    showRunning(false);
    m_result = result;
    m_data = result->data;
    m_shown->clear();
    m_shown->addItem(
        result->evaluation.predicted.empty() ? tr("Highest loss first") : tr("Mistakes, worst first"), Worst);
    m_shown->addItem(tr("All"), All);
    m_shown->setEnabled(true);
    showMatrix();
    m_body->show();
    showFigures();
    showRows();
}

/// As wide as it wants to be, as long as that leaves half of the room to the pictures.
void ResultsPanel::showMatrix()
{
    const auto counts = confusionOf(m_result->evaluation);
    m_confusion->setMatrix(namesOf(m_result->evaluation), counts);
    m_body->widget(1)->setVisible(!counts.empty());
    const int wanted = std::min(m_confusion->sizeHint().width() + 4, width() / 2);
    m_body->setSizes({width() - wanted, wanted});
}

void ResultsPanel::showFigures()
{
    const auto& evaluation = m_result->evaluation;
    const auto& scores = evaluation.scores;
    QStringList parts;
    addFigure(parts, tr("accuracy"), scores.accuracy, percent(scores.accuracy));
    addFigure(parts, tr("top 5"), scores.top5, percent(scores.top5));
    addFigure(parts, tr("by recording"), scores.clipAccuracy, percent(scores.clipAccuracy));
    addFigure(parts, tr("mean absolute error"), scores.mae, QLocale().toString(scores.mae, 'g', 4));
    addFigure(parts, tr("PSNR"), scores.psnr, tr("%1 dB").arg(QLocale().toString(scores.psnr, 'f', 1)));
    addFigure(parts, tr("loss"), scores.loss, QLocale().toString(scores.loss, 'g', 4));
    const QString count = QLocale().toString(static_cast<qlonglong>(evaluation.size()));
    m_figures->setText(tr("%1: %2 samples after %3 steps: %4%5")
                           .arg(m_split->itemText(m_split->findData(static_cast<int>(evaluation.split))),
                                count, QLocale().toString(static_cast<qlonglong>(evaluation.step)),
                                parts.join(tr(", ")),
                                evaluation.isStopped ? tr("; cancelled on the way") : QString()));
}

void ResultsPanel::showRows()
{
    if (m_shown->currentData().toInt() != Cell) {
        // The choice of a cell is one among those of the list: it goes with it.
        if (const int cell = m_shown->findData(Cell); cell >= 0)
            m_shown->removeItem(cell);
    }
    m_model->setRows(m_result, chosenRows());
    const bool isFaultless = m_shown->currentData().toInt() == Worst && m_result->evaluation.size() > 0;
    m_nothing->setText(isFaultless ? tr("There is none: every sample was taken for what it is.")
                                   : tr("No sample is among these."));
    m_nothing->setVisible(m_model->rowCount() == 0);
    m_grid->scrollToTop();
}

void ResultsPanel::showCell(int label, int predicted)
{
    if (!m_result)
        return;
    const int known = m_shown->findData(Cell);
    if (known >= 0)
        m_shown->removeItem(known);
    if (label >= 0) {
        const auto names = namesOf(m_result->evaluation);
        m_shown->addItem(label == predicted ? tr("%1, found").arg(names[label])
                                            : tr("%1, taken for %2").arg(names[label], names[predicted]),
                         Cell);
        m_shown->setCurrentIndex(m_shown->count() - 1);
    } else {
        m_shown->setCurrentIndex(0);
    }
    showRows();
}

std::vector<std::size_t> ResultsPanel::chosenRows() const
{
    const auto& evaluation = m_result->evaluation;
    const int shown = m_shown->currentData().toInt();
    if (shown == Worst)
        return worstOf(evaluation, kMostShown);
    std::vector<std::size_t> rows(evaluation.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    const auto& cell = m_confusion->chosen();
    if (shown == Cell && cell)
        std::erase_if(rows, [&](std::size_t row) {
            return evaluation.labels[row] != cell->label || evaluation.predicted[row] != cell->predicted;
        });
    return rows;
}

} // namespace frostline
