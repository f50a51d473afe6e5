#include "plan/phase_form_dialog.h"

#include <algorithm>
#include <set>

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "controls/checked_edit.h"
#include "controls/list_text.h"
#include "plan/pattern_edit.h"
#include "training/starting_layers.h"

namespace frostline {

namespace {

constexpr int kMostEpochs = 1'000'000;
constexpr int kWidth = 420;
constexpr double kLowerRate = 0.1; ///< Once the layers below learn too.
constexpr qsizetype kNamed = 8;

int stagesWithParameters(const LayerTable& table)
{
    std::set<int> stages;
    for (const auto& layer : table) {
        if (layer.isLeaf && layer.hasParameters())
            stages.insert(layer.stage);
    }
    return std::max(1, static_cast<int>(stages.size()));
}

QString phasesText(const Recipe& recipe)
{
    QStringList names;
    for (const auto& phase : recipe.phases)
        names << PhaseFormDialog::tr("%1 (%2)").arg(QString::fromStdString(phase.name)).arg(phase.epochs);
    if (names.size() > kNamed)
        names = names.first(kNamed) << QStringLiteral("…");
    return PhaseFormDialog::tr("%1 phases, %2 epochs: %3")
        .arg(recipe.phases.size())
        .arg(recipe.epochs)
        .arg(names.join(QStringLiteral(", ")));
}

} // namespace

PhaseFormDialog::PhaseFormDialog(Form form, const Recipe& recipe, const LayerTable& table,
                                 const QStringList& patterns, QWidget* parent)
    : QDialog(parent),
      m_form(form),
      m_recipe(recipe),
      m_table(table),
      m_restoresBest(new QCheckBox(tr("After each phase &back to its best epoch"), this)),
      m_outcome(new QLabel(this))
{
    const bool isTwoPhase = form == Form::TwoPhase;
    setWindowTitle(isTwoPhase ? tr("Head first, then all") : tr("Gradual unfreezing"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(kWidth);
    auto* intro =
        new QLabel(isTwoPhase ? tr("A new head spoils what lies under it while it is still random: it "
                                   "learns alone first, then the rest joins at a lower rate.")
                              : tr("Stages join from the top down, some more in each phase."),
                   this);
    intro->setWordWrap(true);
    m_outcome->setObjectName(QStringLiteral("formOutcome"));
    m_outcome->setWordWrap(true);
    m_outcome->setForegroundRole(QPalette::PlaceholderText);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    m_ok->setText(tr("&Write out"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* rows = new QFormLayout;
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(intro);
    layout->addLayout(rows);
    if (isTwoPhase)
        createTwoPhase(*rows, patterns);
    else
        createGradual(*rows);
    rows->addRow(m_restoresBest);
    layout->addWidget(m_outcome);
    layout->addWidget(buttons);
    connect(m_restoresBest, &QCheckBox::toggled, this, &PhaseFormDialog::showOutcome);
    showOutcome();
}

QSpinBox* PhaseFormDialog::addCount(QFormLayout& rows, const QString& label, const char* name, int value,
                                    int lowest, int highest)
{
    auto* box = new QSpinBox(this);
    box->setObjectName(QLatin1String(name));
    box->setRange(lowest, highest);
    box->setValue(value);
    rows.addRow(label, box);
    connect(box, &QSpinBox::valueChanged, this, &PhaseFormDialog::showOutcome);
    return box;
}

NumberEdit* PhaseFormDialog::addNumber(QFormLayout& rows, const QString& label, const char* name,
                                       double value, double lowest, double highest)
{
    auto* edit = new NumberEdit(lowest, highest, this);
    edit->setObjectName(QLatin1String(name));
    edit->setValue(value);
    rows.addRow(label, edit);
    rows.addRow(QString(), new HintLabel(edit, this));
    connect(edit, &NumberEdit::valueCommitted, this, &PhaseFormDialog::showOutcome);
    connect(edit, &CheckedEdit::problemChanged, this, &PhaseFormDialog::showOutcome);
    return edit;
}

void PhaseFormDialog::createTwoPhase(QFormLayout& rows, const QStringList& patterns)
{
    const int all = std::max(2, m_recipe.epochs);
    m_headEpochs =
        addCount(rows, tr("&Head alone, epochs"), "headEpochs", std::max(1, all / 3), 1, kMostEpochs);
    m_epochs = addCount(rows, tr("&Then, epochs"), "thenEpochs", all - std::max(1, all / 3), 1, kMostEpochs);
    m_trainable = new PatternEdit(patterns, this);
    m_trainable->setObjectName(QStringLiteral("thenTrainable"));
    m_trainable->setText(QStringLiteral("*"));
    m_trainable->setToolTip(tr("What learns then: * is everything; last 3 stages, layer4.*, … are less"));
    rows.addRow(tr("Then &trains"), m_trainable);
    connect(m_trainable, &QLineEdit::textChanged, this, &PhaseFormDialog::showOutcome);
    m_rate = addNumber(rows, tr("Then learning &rate"), "thenRate",
                       kLowerRate * m_recipe.optimizer.learningRate, 0.0, 1000.0);
}

void PhaseFormDialog::createGradual(QFormLayout& rows)
{
    const int stages = stagesWithParameters(m_table);
    m_stages = addCount(rows, tr("&Stages more in each phase"), "formStages", 1, 1, stages);
    m_every = addCount(rows, tr("&Epochs of each phase"), "formEvery", 1, 1, kMostEpochs);
    m_phases = addCount(rows, tr("&Phases"), "formPhases", stages, 1, 1000);
    m_allEpochs = addCount(rows, tr("Then &all layers, epochs"), "formAll", 0, 0, kMostEpochs);
    m_ratio = addNumber(rows, tr("Rate &ratio"), "formRatio", 1.0, 1.0, 1e6);
    m_ratio->setToolTip(
        tr("How many times smaller the rate of each lower group is: 1 for all alike; Howard and "
           "Ruder (2018) took 2.6"));
}

/// The short form, as a recipe has it.
std::string PhaseFormDialog::text() const
{
    QJsonObject form{{QStringLiteral("restore_best"), m_restoresBest->isChecked()}};
    if (m_form == Form::TwoPhase) {
        QJsonArray patterns;
        for (const auto& name : namesOf(m_trainable->text()))
            patterns.append(QString::fromStdString(name));
        form[QStringLiteral("head_epochs")] = m_headEpochs->value();
        form[QStringLiteral("epochs")] = m_epochs->value();
        form[QStringLiteral("trainable")] = patterns;
        form[QStringLiteral("learning_rate")] = m_rate->value();
    } else {
        form[QStringLiteral("stages")] = m_stages->value();
        form[QStringLiteral("every")] = m_every->value();
        form[QStringLiteral("phases")] = m_phases->value();
        form[QStringLiteral("all_epochs")] = m_allEpochs->value();
        form[QStringLiteral("ratio")] = m_ratio->value();
    }
    const auto key = m_form == Form::TwoPhase ? QStringLiteral("two_phase") : QStringLiteral("gradual");
    return QJsonDocument(QJsonObject{{key, form}}).toJson(QJsonDocument::Compact).toStdString();
}

Result<Recipe> PhaseFormDialog::expanded() const
{
    // Only the phases and what the run begins with: the rest stays as it is here, to the last field.
    return withOverrides(m_recipe, {{"epochs", "null"}, {"phases", text()}}).map([this](const Recipe& read) {
        auto recipe = m_recipe;
        recipe.phases = read.phases;
        recipe.epochs = read.epochs;
        recipe.optimizer = read.optimizer;
        recipe.layers = rulesFor(startingLayers(m_table, read));
        return recipe;
    });
}

void PhaseFormDialog::showOutcome()
{
    const auto recipe = expanded();
    QString problem;
    if (!recipe)
        problem = QString::fromStdString(recipe.error().message);
    for (const auto* edit : {m_rate, m_ratio}) {
        if (edit && !edit->problem().isEmpty())
            problem = edit->problem();
    }
    if (problem.isEmpty()) {
        for (const auto& report : planReports(*recipe, m_table)) {
            if (problem.isEmpty())
                problem = QString::fromStdString(report.problem);
        }
    }
    m_outcome->setText(problem.isEmpty() ? phasesText(*recipe) : problem);
    m_ok->setEnabled(problem.isEmpty());
    m_ok->setToolTip(problem);
}

} // namespace frostline
