#include "assistant/open_data_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "assistant/survey_job.h"
#include "assistant/survey_text.h"
#include "data/class_chart.h"
#include "fetch/places.h"

namespace frostline {

namespace {

constexpr QSize kDefaultSize(620, 560);

/// Whether a base was made for samples like these.
bool fits(const PretrainedBase& base, const DataSurvey& survey)
{
    if (survey.source == "tensors" || !hasAccuracy(survey.task))
        return false;
    const bool isSound = survey.source == "audio_folder";
    return (base.architecture == "yamnet") == isSound && (isSound || survey.channels == 3);
}

QStringList namesOf(const DataSurvey& survey)
{
    QStringList names;
    for (const auto& name : survey.classNames)
        names.append(QString::fromStdString(name));
    return names;
}

} // namespace

OpenDataDialog::OpenDataDialog(QWidget* parent) : QDialog(parent), m_job(new SurveyJob(this))
{
    setWindowTitle(tr("Open own data"));
    auto* intro = new QLabel(tr("A folder with one sub-folder for each class, of images (JPEG, PNG) or "
                                "sounds (WAV, FLAC); IDX or CIFAR files; or tensors in a safetensors file."),
                             this);
    intro->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel, this);
    m_open = buttons->button(QDialogButtonBox::Open);
    m_open->setObjectName(QStringLiteral("openData"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(intro);
    layout->addWidget(createPathRow());
    layout->addWidget(createFindings(), 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_job, &SurveyJob::found, this, &OpenDataDialog::showSurvey);
    connect(m_job, &SurveyJob::failed, this, &OpenDataDialog::showProblem);
    connect(m_base, &QComboBox::activated, this, &OpenDataDialog::suggest);
    loadBases();
    showProblem(tr("Choose a folder or a file."));
    resize(kDefaultSize);
}

void OpenDataDialog::setPath(const QString& path)
{
    m_path->setText(path);
    look();
}

QWidget* OpenDataDialog::createPathRow()
{
    auto* row = new QWidget(this);
    m_path = new QLineEdit(row);
    m_path->setObjectName(QStringLiteral("dataPath"));
    m_path->setPlaceholderText(tr("Folder or file"));
    auto* label = new QLabel(tr("&Data:"), row);
    label->setBuddy(m_path);
    auto* folder = new QPushButton(tr("&Folder…"), row);
    auto* file = new QPushButton(tr("Fi&le…"), row);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(m_path, 1);
    for (auto* browse : {folder, file}) {
        browse->setAutoDefault(false);
        layout->addWidget(browse);
    }
    connect(m_path, &QLineEdit::editingFinished, this, &OpenDataDialog::look);
    connect(folder, &QPushButton::clicked, this, [this] { browse(QFileDialog::Directory); });
    connect(file, &QPushButton::clicked, this, [this] { browse(QFileDialog::ExistingFile); });
    return row;
}

QWidget* OpenDataDialog::createFindings()
{
    auto* box = new QWidget(this);
    m_found = new QLabel(box);
    m_found->setObjectName(QStringLiteral("dataFound"));
    m_found->setWordWrap(true);
    m_found->setTextFormat(Qt::PlainText);
    m_chart = new ClassChart;
    auto* scroll = new QScrollArea(box);
    scroll->setWidget(m_chart);
    scroll->setWidgetResizable(true);
    m_base = new QComboBox(box);
    m_base->setObjectName(QStringLiteral("dataBase"));
    m_plan = new QLabel(box);
    m_plan->setObjectName(QStringLiteral("dataPlan"));
    m_plan->setWordWrap(true);
    m_plan->setTextFormat(Qt::PlainText);
    auto* form = new QFormLayout;
    form->addRow(tr("&Start from"), m_base);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_found);
    layout->addWidget(scroll, 1);
    layout->addLayout(form);
    layout->addWidget(m_plan);
    return box;
}

/// Weights of the catalogue that are on this machine.
void OpenDataDialog::loadBases()
{
    const auto catalog = loadCatalog();
    if (!catalog)
        return; // "Get weights and data" says what is wrong with it.
    for (const auto& entry : catalog->entries) {
        if (entry.kind == CatalogEntry::Kind::Weights && foundPlace(entry))
            m_bases.push_back({entry.layout.architecture, entry.reference(), entry.layout.inputSize,
                               entry.layout.mean, entry.layout.deviation});
    }
}

void OpenDataDialog::browse(QFileDialog::FileMode mode)
{
    const bool isFile = mode == QFileDialog::ExistingFile;
    auto* dialog = new QFileDialog(this, isFile ? tr("File of tensors") : tr("Folder of data"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    if (isFile)
        dialog->setNameFilters({tr("Tensors (*.safetensors)")});
    else
        dialog->setOption(QFileDialog::ShowDirsOnly);
    const QFileInfo known(m_path->text().trimmed());
    if (known.exists())
        dialog->setDirectory(known.isDir() ? known.filePath() : known.path());
    connect(dialog, &QFileDialog::fileSelected, this, &OpenDataDialog::setPath);
    dialog->open();
}

void OpenDataDialog::look()
{
    const QString path = m_path->text().trimmed();
    if (path.isEmpty()) {
        showProblem(tr("Choose a folder or a file."));
        return;
    }
    showProblem(tr("Looking…"));
    m_job->start(path);
}

void OpenDataDialog::showSurvey(const DataSurvey& survey)
{
    m_survey = survey;
    m_found->setText(toText(survey));
    m_chart->setCounts(namesOf(survey), survey.classCounts);
    if (const QString obstacle = obstacleTo(survey); !obstacle.isEmpty()) {
        m_plan->setText(obstacle);
        return;
    }
    fillBases();
    suggest();
    m_open->setEnabled(true);
    m_open->setDefault(true);
}

void OpenDataDialog::showProblem(const QString& problem)
{
    m_survey.reset();
    m_found->setText(problem);
    m_chart->setCounts({}, {});
    m_base->clear();
    m_base->setEnabled(false);
    m_plan->clear();
    m_open->setEnabled(false);
}

void OpenDataDialog::fillBases()
{
    m_base->clear();
    for (int i = 0; i < static_cast<int>(m_bases.size()); ++i) {
        const auto& base = m_bases[static_cast<std::size_t>(i)];
        if (fits(base, *m_survey))
            m_base->addItem(tr("%1, pre-trained").arg(QString::fromStdString(base.architecture)), i);
    }
    m_base->addItem(tr("Nothing: train a small network from scratch"), -1);
    m_base->setEnabled(true);
}

void OpenDataDialog::suggest()
{
    const int index = m_base->currentData().toInt();
    const auto base = index < 0 ? std::nullopt : std::optional(m_bases[static_cast<std::size_t>(index)]);
    m_recipe = suggestedRecipe(*m_survey, base);
    m_plan->setText(planText(m_recipe));
}

} // namespace frostline
