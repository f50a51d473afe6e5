#include "controls/optimizer_group.h"

#include <array>

#include <QCheckBox>
#include <QComboBox>

#include "controls/checked_edit.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

struct KindName {
    OptimizerKind kind;
    const char* shown;
    const char* written; ///< As changes and recipes have it.
};

constexpr std::array<KindName, 3> kKinds{{
    {OptimizerKind::Sgd, "SGD", "sgd"},
    {OptimizerKind::Adam, "Adam", "adam"},
    {OptimizerKind::AdamW, "AdamW", "adamw"},
}};

constexpr double kBelowOne = 0.999999;
constexpr double kAnyNorm = 1e9;

} // namespace

OptimizerGroup::OptimizerGroup(QWidget* parent)
    : RecipeGroup(parent),
      m_kind(new QComboBox(this)),
      m_nesterov(new QCheckBox(tr("Nesterov momentum"), this))
{
    for (const auto& entry : kKinds)
        m_kind->addItem(QLatin1String(entry.shown));
    guardFromWheel(m_kind);
    createFields();
    connectEditors();
    updateUsable();
}

NumberEdit* OptimizerGroup::addNumber(const QString& label, const QString& toolTip, double highest,
                                      WhileRunning whileRunning, Irrelevance irrelevance)
{
    auto* edit = new NumberEdit(0.0, highest, this);
    addField(label, edit, toolTip, whileRunning, std::move(irrelevance));
    addHint(edit);
    return edit;
}

void OptimizerGroup::createFields()
{
    const auto sgdOnly = [this] {
        return kind() == OptimizerKind::Sgd ? QString()
                                            : tr("%1 has betas in its place").arg(m_kind->currentText());
    };
    const auto adamOnly = [this] {
        return kind() == OptimizerKind::Sgd ? tr("SGD has momentum in its place") : QString();
    };
    const auto nesterovWhy = [this, sgdOnly] {
        return kind() == OptimizerKind::Sgd && m_momentum->value() == 0.0 ? tr("Needs a momentum above 0")
                                                                          : sgdOnly();
    };
    addField(tr("Kind"), m_kind, tr("How gradients become steps"), WhileRunning::Live);
    m_weightDecay =
        addNumber(tr("Weight decay"), tr("Pulls weights towards zero; never touches what is frozen"), 1.0,
                  WhileRunning::Live);
    m_momentum = addNumber(tr("Momentum"), tr("Share of the last step that goes into the next"), kBelowOne,
                           WhileRunning::Live, sgdOnly);
    addWideField(m_nesterov, tr("Nesterov momentum"), tr("Looks ahead along the momentum"),
                 WhileRunning::Fixed, nesterovWhy);
    m_beta1 = addNumber(tr("Beta 1"), tr("Decay of the mean of gradients"), kBelowOne, WhileRunning::Locked,
                        adamOnly);
    m_beta2 = addNumber(tr("Beta 2"), tr("Decay of the mean of squared gradients"), kBelowOne,
                        WhileRunning::Locked, adamOnly);
    m_epsilon = addNumber(tr("Epsilon"), tr("Keeps the division in a step from blowing up"), 1.0,
                          WhileRunning::Locked, adamOnly);
    m_clipNorm = addNumber(tr("Clip norm"), tr("Largest norm of all gradients together; 0 does not clip"),
                           kAnyNorm, WhileRunning::Locked);
}

void OptimizerGroup::connectEditors()
{
    connect(m_kind, &QComboBox::activated, this, &OptimizerGroup::takeKind);
    connect(m_weightDecay, &NumberEdit::valueCommitted, this, [this](double value) {
        Q_EMIT changeMade({ChangeKind::Optimizer, "weight_decay", value});
    });
    connect(m_momentum, &NumberEdit::valueCommitted, this, [this](double value) {
        updateUsable();
        Q_EMIT changeMade({ChangeKind::Optimizer, "momentum", value});
    });
    connect(m_nesterov, &QCheckBox::clicked, this, &OptimizerGroup::edited);
    for (auto* edit : {m_beta1, m_beta2, m_epsilon, m_clipNorm})
        connect(edit, &NumberEdit::valueCommitted, this, &OptimizerGroup::edited);
}

OptimizerKind OptimizerGroup::kind() const
{
    return kKinds[static_cast<std::size_t>(m_kind->currentIndex())].kind;
}

void OptimizerGroup::takeKind()
{
    updateUsable();
    const std::string written = kKinds[static_cast<std::size_t>(m_kind->currentIndex())].written;
    Q_EMIT changeMade({ChangeKind::Optimizer, "kind", written});
}

void OptimizerGroup::setRecipe(const Recipe& recipe)
{
    const auto& optimizer = recipe.optimizer;
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        if (kKinds[i].kind == optimizer.kind)
            m_kind->setCurrentIndex(static_cast<int>(i));
    }
    m_weightDecay->setValue(optimizer.weightDecay);
    m_momentum->setValue(optimizer.momentum);
    m_nesterov->setChecked(optimizer.nesterov);
    m_beta1->setValue(optimizer.beta1);
    m_beta2->setValue(optimizer.beta2);
    m_epsilon->setValue(optimizer.epsilon);
    m_clipNorm->setValue(optimizer.clipNorm);
    updateUsable();
}

void OptimizerGroup::store(Recipe& recipe) const
{
    auto& optimizer = recipe.optimizer;
    optimizer.kind = kind();
    optimizer.weightDecay = m_weightDecay->value();
    optimizer.momentum = m_momentum->value();
    optimizer.nesterov = m_nesterov->isChecked();
    optimizer.beta1 = m_beta1->value();
    optimizer.beta2 = m_beta2->value();
    optimizer.epsilon = m_epsilon->value();
    optimizer.clipNorm = m_clipNorm->value();
}

} // namespace frostline
