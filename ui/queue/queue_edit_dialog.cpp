#include "queue/queue_edit_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include "queue/recipe_edit.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kOtherLines = 3;
constexpr int kWidth = 460;

} // namespace

QueueEditDialog::QueueEditDialog(const Recipe& recipe, Purpose purpose, QWidget* parent)
    : QDialog(parent),
      m_recipe(recipe),
      m_purpose(purpose),
      m_problem(new QLabel(this))
{
    setWindowTitle(purpose == Purpose::Clone ? tr("Clone") : tr("Edit"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* form = new QFormLayout(this);
    createFields(*form);
    m_problem->setObjectName(QStringLiteral("editProblem"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_problem->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    form->addRow(m_problem);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_accept = buttons->button(QDialogButtonBox::Ok);
    m_accept->setObjectName(QStringLiteral("editAccept"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    form->addRow(buttons);
    resize(kWidth, sizeHint().height());
    check();
}

QLineEdit* QueueEditDialog::addLine(QFormLayout& form, const QString& label, const QString& name,
                                    const QString& text)
{
    auto* edit = new QLineEdit(text, this);
    edit->setObjectName(name);
    form.addRow(label, edit); // The form makes the label its buddy.
    connect(edit, &QLineEdit::textChanged, this, &QueueEditDialog::check);
    return edit;
}

void QueueEditDialog::createFields(QFormLayout& form)
{
    const auto now = editOf(m_recipe);
    m_name = addLine(form, tr("&Name"), QStringLiteral("editName"), now.name);
    const bool isClone = m_purpose == Purpose::Clone;
    m_seeds = addLine(form, isClone ? tr("&Seeds") : tr("&Seed"), QStringLiteral("editSeeds"), now.seeds);
    if (isClone) {
        m_seeds->setToolTip(tr("A clone for each: 7, or 2..5, or 1, 4, 9"));
        m_seeds->setPlaceholderText(tr("7, or 2..5, or 1, 4, 9"));
    }
    m_rate = addLine(form, tr("&Learning rate"), QStringLiteral("editRate"), now.learningRate);
    m_epochs = addLine(form, tr("&Epochs"), QStringLiteral("editEpochs"), now.epochs);
    if (!m_recipe.phases.empty()) {
        m_epochs->setEnabled(false);
        m_epochs->setToolTip(tr("The recipe has phases with epochs of their own: set those, as in "
                                "phases.0.epochs=3, below"));
    }
    m_others = new QPlainTextEdit(this);
    m_others->setObjectName(QStringLiteral("editOthers"));
    m_others->setTabChangesFocus(true);
    m_others->setPlaceholderText(
        tr("KEY=VALUE, one a line, as in\noptimizer.weight_decay=0.01\nbatch_size=32"));
    m_others->setToolTip(tr("Any other setting by its dotted key, with a JSON value, as the command line's "
                            "--set takes it"));
    m_others->setFixedHeight((kOtherLines + 1) * fontMetrics().lineSpacing());
    form.addRow(tr("&Other settings"), m_others);
    connect(m_others, &QPlainTextEdit::textChanged, this, &QueueEditDialog::check);
}

void QueueEditDialog::proposeSeeds(const QString& seeds)
{
    m_seeds->setText(seeds);
    m_seeds->setFocus();
    m_seeds->selectAll();
}

void QueueEditDialog::check()
{
    if (!m_accept)
        return;
    auto recipes = editedRecipes(m_recipe, {.name = m_name->text(),
                                            .seeds = m_seeds->text(),
                                            .learningRate = m_rate->text(),
                                            .epochs = m_epochs->text(),
                                            .others = m_others->toPlainText()});
    if (recipes && m_purpose == Purpose::Edit && recipes->size() != 1) {
        setProblem(tr("One run has one seed; clone it for more"));
        return;
    }
    if (!recipes) {
        setProblem(QString::fromStdString(recipes.error().message));
        return;
    }
    m_recipes = std::move(*recipes);
    setProblem({});
}

void QueueEditDialog::setProblem(const QString& problem)
{
    QPalette colours;
    if (!problem.isEmpty())
        colours.setColor(QPalette::WindowText, warningColour(colours));
    m_problem->setPalette(colours);
    m_problem->setText(problem);
    m_accept->setEnabled(problem.isEmpty());
    m_accept->setToolTip(problem);
    m_accept->setText(acceptText());
}

QString QueueEditDialog::acceptText() const
{
    if (m_purpose == Purpose::Edit)
        return tr("&Change");
    return m_recipes.size() > 1 ? tr("&Add %1 clones").arg(m_recipes.size()) : tr("&Add clone");
}

} // namespace frostline
