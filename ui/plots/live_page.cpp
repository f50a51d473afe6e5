#include "plots/live_page.h"

#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QImage>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "plots/metric_plot.h"
#include "plots/plot_export.h"
#include "plots/plot_toolbar.h"
#include "session/session.h"

namespace frostline {

namespace {

QStringList fileFilters()
{
    return {LivePage::tr("PNG picture (*.png)"), LivePage::tr("SVG picture (*.svg)"),
            LivePage::tr("PDF document (*.pdf)"), LivePage::tr("CSV table (*.csv)")};
}

QString suffixOf(const QString& filter)
{
    const auto dot = filter.lastIndexOf(QLatin1Char('.'));
    return filter.mid(dot + 1).chopped(1);
}

void takeSuffix(QFileDialog& dialog, const QString& suffix)
{
    dialog.setDefaultSuffix(suffix);
    const QFileInfo file(dialog.selectedFiles().value(0));
    if (!file.suffix().isEmpty())
        dialog.selectFile(file.completeBaseName() + QLatin1Char('.') + suffix);
}

} // namespace

LivePage::LivePage(QWidget* parent)
    : QWidget(parent),
      m_toolbar(new PlotToolbar(this)),
      m_stack(new QStackedWidget(this)),
      m_plot(new MetricPlot(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_toolbar);
    layout->addWidget(m_stack, 1);
    m_stack->addWidget(createHint());
    m_stack->addWidget(m_plot);
    connectToolbar();
    connect(m_plot, &MetricPlot::markerClicked, this, &LivePage::markerClicked);
    connect(m_plot, &MetricPlot::markerSelected, this, &LivePage::markerSelected);
    connect(m_plot, &MetricPlot::branchRequested, this, &LivePage::branchRequested);
    connect(m_plot, &MetricPlot::fittedChanged, m_toolbar, &PlotToolbar::setFitted);
}

QWidget* LivePage::createHint()
{
    auto* hint = new QLabel(tr("Press Start: the curves appear here"), this);
    hint->setObjectName(QStringLiteral("hint"));
    hint->setAlignment(Qt::AlignCenter);
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::PlaceholderText);
    QFont large = hint->font();
    large.setPointSizeF(QFontInfo(large).pointSizeF() * 1.3);
    hint->setFont(large);
    return hint;
}

void LivePage::connectToolbar()
{
    connect(m_toolbar, &PlotToolbar::fitRequested, m_plot, &MetricPlot::fit);
    connect(m_toolbar, &PlotToolbar::axisChosen, m_plot, &MetricPlot::setAxis);
    connect(m_toolbar, &PlotToolbar::smoothingChanged, m_plot, &MetricPlot::setSmoothing);
    connect(m_toolbar, &PlotToolbar::logarithmicToggled, m_plot, &MetricPlot::setLogarithmicLoss);
    connect(m_toolbar, &PlotToolbar::outliersIgnored, m_plot, &MetricPlot::setIgnoresOutliers);
    connect(m_toolbar, &PlotToolbar::crosshairToggled, m_plot, &MetricPlot::setCrosshairEnabled);
    connect(m_toolbar, &PlotToolbar::legendToggled, m_plot, &MetricPlot::setLegendVisible);
    connect(m_toolbar, &PlotToolbar::copyRequested, this, &LivePage::copyPicture);
    connect(m_toolbar, &PlotToolbar::exportRequested, this, &LivePage::exportPicture);
}

void LivePage::clear()
{
    m_plot->clear();
    showWhatThereIs();
}

void LivePage::setTitle(const QString& title)
{
    m_title = title;
    m_plot->setTitle(title);
}

void LivePage::setStepsPerEpoch(Step steps)
{
    m_plot->setStepsPerEpoch(steps);
}

void LivePage::append(const std::vector<MetricPoint>& points)
{
    m_plot->append(points);
    showWhatThereIs();
}

void LivePage::addEpoch(const EpochRecord& record)
{
    m_plot->addEpoch(record);
    showWhatThereIs();
}

void LivePage::addIntervention(const Intervention& intervention)
{
    m_plot->addIntervention(intervention);
}

void LivePage::showSession(const Session& session)
{
    m_plot->clear();
    setTitle(QString::fromStdString(session.name));
    m_plot->append(session.steps);
    for (const auto& record : session.epochs)
        m_plot->addEpoch(record);
    for (const auto& intervention : session.interventions)
        m_plot->addIntervention(intervention);
    showWhatThereIs();
}

QString LivePage::exportTo(const QString& file)
{
    const QString suffix = QFileInfo(file).suffix().toLower();
    if (suffix == QLatin1String("csv"))
        return writeFile(file, csvOf(m_plot->history()));
    if (suffix == QLatin1String("png"))
        return writeFile(file, m_plot->picture(PictureFormat::Png));
    if (suffix == QLatin1String("svg"))
        return writeFile(file, m_plot->picture(PictureFormat::Svg));
    if (suffix == QLatin1String("pdf"))
        return writeFile(file, m_plot->picture(PictureFormat::Pdf));
    return tr("%1 cannot be exported to: its name should end in .png, .svg, .pdf or .csv.").arg(file);
}

void LivePage::copyPicture()
{
    QGuiApplication::clipboard()->setImage(m_plot->image());
}

void LivePage::exportPicture()
{
    auto* dialog = new QFileDialog(this, tr("Export the plots"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(fileFilters());
    dialog->setDefaultSuffix(suffixOf(fileFilters().first()));
    const QString name = fileNameOf(m_title);
    dialog->selectFile((name.isEmpty() ? tr("plots") : name) + QLatin1Char('.') + dialog->defaultSuffix());
    connect(dialog, &QFileDialog::filterSelected, dialog,
            [dialog](const QString& filter) { takeSuffix(*dialog, suffixOf(filter)); });
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        const QString error = exportTo(file);
        if (!error.isEmpty())
            Q_EMIT messageRequested(error);
    });
    dialog->open();
}

void LivePage::selectMarker(int index)
{
    m_plot->selectMarker(index);
}

void LivePage::showWhatThereIs()
{
    const bool hasData = !m_plot->isEmpty();
    m_toolbar->setHasData(hasData);
    if (hasData)
        m_stack->setCurrentWidget(m_plot);
    else
        m_stack->setCurrentIndex(0);
}

} // namespace frostline
