#include "compare/curves_tab.h"

#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QGuiApplication>
#include <QImage>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "compare/compare_export.h"
#include "compare/overlay_plot.h"
#include "compare/tool_row.h"
#include "plots/plot_export.h"
#include "run/background.h"

namespace frostline {

CurvesTab::CurvesTab(HoverLink& hover, QWidget* parent)
    : QWidget(parent),
      m_tools(new ToolRow(this)),
      m_plot(new OverlayPlot(hover, this))
{
    createTools();
    createAxisChoice();
    createOutput();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tools);
    layout->addWidget(m_plot, 1);
}

void CurvesTab::createTools()
{
    auto* fit = m_tools->addButton(QStringLiteral("fit"), tr("Fit"), tr("Show all of the curves (0)"));
    fit->setEnabled(false);
    connect(fit, &QToolButton::clicked, m_plot, &OverlayPlot::fit);
    connect(m_plot, &OverlayPlot::fittedChanged, fit, [fit](bool fitted) { fit->setEnabled(!fitted); });
    auto* log = m_tools->addToggle(QStringLiteral("log"), tr("Log"), tr("Logarithmic loss axis"), false);
    connect(log, &QToolButton::toggled, m_plot, &OverlayPlot::setLogarithmicLoss);
    auto* training = m_tools->addToggle(QStringLiteral("training"), tr("Training curves"),
                                        tr("Show training curves beside those of validation"), true);
    connect(training, &QToolButton::toggled, m_plot, &OverlayPlot::setShowsTraining);
    m_band =
        m_tools->addToggle(QStringLiteral("band"), tr("Mean and band"),
                           tr("Draw runs that differ in nothing but the seed as their mean, in a band of "
                              "one standard deviation"),
                           false);
    connect(m_band, &QToolButton::toggled, this, &CurvesTab::prepare);
}

void CurvesTab::createAxisChoice()
{
    m_alignment = new QComboBox(m_tools);
    m_alignment->setObjectName(QStringLiteral("alignment"));
    m_alignment->setAccessibleName(tr("Align by"));
    m_alignment->setToolTip(tr("How the runs are laid over one another"));
    m_alignment->addItem(tr("Step"), static_cast<int>(Alignment::Steps));
    m_alignment->addItem(tr("Relative step"), static_cast<int>(Alignment::RelativeSteps));
    m_alignment->addItem(tr("Epoch"), static_cast<int>(Alignment::Epochs));
    m_alignment->addItem(tr("Time"), static_cast<int>(Alignment::Seconds));
    m_smoothing = new QDoubleSpinBox(m_tools);
    m_smoothing->setObjectName(QStringLiteral("smoothing"));
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_smoothing->setToolTip(tr("Exponential moving average of the training curves; 0 is off"));
    m_smoothing->setRange(0.0, 0.99);
    m_smoothing->setSingleStep(0.1);
    auto* label = new QLabel(tr("S&moothing"), m_tools);
    label->setBuddy(m_smoothing);
    m_tools->addSpacing();
    m_tools->addWidget(m_alignment);
    m_tools->addSpacing();
    m_tools->addWidget(label);
    m_tools->addWidget(m_smoothing);
    connect(m_alignment, &QComboBox::currentIndexChanged, this, &CurvesTab::prepare);
    connect(m_smoothing, &QDoubleSpinBox::valueChanged, this, &CurvesTab::prepare);
}

void CurvesTab::createOutput()
{
    m_tools->addStretch();
    auto* copy =
        m_tools->addButton(QStringLiteral("copy"), tr("Copy"), tr("Copy the picture to the clipboard"));
    connect(copy, &QToolButton::clicked, this, &CurvesTab::copyPicture);
    auto* out = m_tools->addButton(QStringLiteral("export"), tr("Export…"),
                                   tr("Save as a picture (PNG, SVG, PDF) or as numbers (CSV)"));
    connect(out, &QToolButton::clicked, this, &CurvesTab::exportFigures);
}

void CurvesTab::setSessions(const ComparedRuns& sessions)
{
    m_sessions = sessions;
    prepare();
}

/// One preparation at a time: what changes meanwhile is taken up by the next.
void CurvesTab::prepare()
{
    m_isStale = m_isPreparing;
    if (m_isPreparing)
        return;
    m_isPreparing = true;
    const auto alignment = static_cast<Alignment>(m_alignment->currentData().toInt());
    inBackground([sessions = m_sessions, alignment, isBand = m_band->isChecked(),
                  smoothing = m_smoothing->value()] {
        return overlayOf(sessions, alignment, isBand, smoothing);
    }).then(this, [this, alignment](std::vector<OverlayRun> runs) {
        m_isPreparing = false;
        m_plot->setRuns(std::move(runs), alignment);
        if (m_isStale)
            prepare();
    });
}

QString CurvesTab::exportTo(const QString& file)
{
    const QString suffix = QFileInfo(file).suffix().toLower();
    if (suffix == QLatin1String("csv")) {
        exportTable(file);
        return {};
    }
    const QStringList pictures{QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf")};
    if (!pictures.contains(suffix))
        return tr("%1 cannot be exported to: its name should end in .png, .svg, .pdf or .csv.").arg(file);
    const QString error = writeFile(file, m_plot->picture(suffix));
    if (error.isEmpty())
        Q_EMIT exported(file);
    return error;
}

void CurvesTab::exportTable(const QString& file)
{
    inBackground([sessions = m_sessions, file] {
        return writeFile(file, csvOf(sessions));
    }).then(this, [this, file](const QString& error) {
        if (error.isEmpty())
            Q_EMIT exported(file);
        else
            Q_EMIT messageRequested(error);
    });
}

void CurvesTab::copyPicture()
{
    QGuiApplication::clipboard()->setImage(QImage::fromData(m_plot->picture(QStringLiteral("png"))));
}

void CurvesTab::exportFigures()
{
    askForFile(this, tr("Export the curves"), tr("comparison"),
               {tr("PNG picture (*.png)"), tr("SVG picture (*.svg)"), tr("PDF document (*.pdf)"),
                tr("CSV table (*.csv)")},
               [this](const QString& file) {
                   const QString error = exportTo(file);
                   if (!error.isEmpty())
                       Q_EMIT messageRequested(error);
               });
}

} // namespace frostline
