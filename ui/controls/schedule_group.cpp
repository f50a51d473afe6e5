#include "controls/schedule_group.h"

#include <algorithm>
#include <cmath>

#include <QComboBox>
#include <QRegularExpression>
#include <QSpinBox>

#include "controls/checked_edit.h"
#include "controls/number_text.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

using Clock = ScheduleRecipe::Clock;
using enum ScheduleKind;

constexpr double kMostEpochs = 1e6;
constexpr int kMostCount = 1'000'000;
enum Warmup { NoWarmup, WarmupEpochs, WarmupSteps };

std::vector<double> numbersOf(const QString& text)
{
    std::vector<double> numbers;
    for (const auto& part : text.split(QRegularExpression(QStringLiteral("[;\\s]+")), Qt::SkipEmptyParts)) {
        QString plain = part;
        while (plain.endsWith(u','))
            plain.chop(1);
        numbers.push_back(numberOf(plain).value_or(std::nan("")));
    }
    return numbers;
}

QString textOf(const std::vector<double>& numbers)
{
    QStringList parts;
    for (const double number : numbers)
        parts << numberText(number);
    return parts.join(QStringLiteral("; "));
}

QString milestonesProblem(const QString& text)
{
    const auto numbers = numbersOf(text);
    const bool isRising = std::ranges::is_sorted(numbers, std::less_equal{});
    const bool isRight = !numbers.empty() && isRising && std::ranges::all_of(numbers, [](double number) {
        return number >= 0.0 && number <= kMostEpochs;
    });
    return isRight ? QString() : ScheduleGroup::tr("Epochs in rising order, as in 5; 8");
}

QString lengthProblem(const QString& text)
{
    if (text.trimmed().isEmpty())
        return {};
    const auto number = numberOf(text);
    return number && *number > 0.0 && *number <= kMostEpochs
               ? QString()
               : ScheduleGroup::tr("A number of epochs, or nothing for the whole phase");
}

} // namespace

ScheduleGroup::ScheduleGroup(QWidget* parent) : RecipeGroup(parent)
{
    createKinds();
    createFall();
    createSmooth();
    createPlateau();
    createWarmup();
    hideIrrelevant();
    setRecipe(Recipe());
}

QStringList ScheduleGroup::kindNames()
{
    return {tr("constant"), tr("steps down"),       tr("drops at epochs"), tr("exponential"),
            tr("cosine"),   tr("cosine, restarts"), tr("one cycle"),       tr("on plateau")};
}

QStringList ScheduleGroup::monitorNames()
{
    return {tr("validation accuracy"), tr("validation loss"), tr("training accuracy"), tr("training loss")};
}

ScheduleKind ScheduleGroup::kind() const
{
    return static_cast<ScheduleKind>(m_kind->currentIndex());
}

RecipeGroup::Irrelevance ScheduleGroup::unless(const Kinds& kinds) const
{
    return [this, kinds] {
        const bool has = std::ranges::find(kinds, kind()) != kinds.end();
        return has ? QString() : tr("The schedule “%1” has no such field").arg(m_kind->currentText());
    };
}

NumberEdit* ScheduleGroup::addNumber(const QString& label, const QString& toolTip, double lowest,
                                     double highest, Irrelevance irrelevance)
{
    auto* edit = new NumberEdit(lowest, highest, this);
    addField(label, edit, toolTip, WhileRunning::Fixed, std::move(irrelevance));
    addHint(edit);
    connect(edit, &NumberEdit::valueCommitted, this, &ScheduleGroup::edited);
    return edit;
}

QSpinBox* ScheduleGroup::addCount(const QString& label, const QString& toolTip, int lowest,
                                  Irrelevance irrelevance)
{
    auto* box = new QSpinBox(this);
    box->setRange(lowest, kMostCount);
    box->setKeyboardTracking(false);
    guardFromWheel(box);
    addField(label, box, toolTip, WhileRunning::Fixed, std::move(irrelevance));
    connect(box, &QSpinBox::valueChanged, this, &ScheduleGroup::edited);
    return box;
}

QComboBox* ScheduleGroup::addChoice(const QString& label, const QStringList& choices, const QString& toolTip,
                                    Irrelevance irrelevance)
{
    auto* box = new QComboBox(this);
    box->addItems(choices);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    guardFromWheel(box);
    addField(label, box, toolTip, WhileRunning::Fixed, std::move(irrelevance));
    connect(box, &QComboBox::activated, this, &ScheduleGroup::takeChoice);
    return box;
}

void ScheduleGroup::createKinds()
{
    m_kind = addChoice(tr("Kind"), kindNames(), tr("How the learning rate goes over the run, or its phase"));
    m_kind->setObjectName(QStringLiteral("scheduleKind"));
    m_kind->setAccessibleName(tr("Kind of schedule"));
}

void ScheduleGroup::createFall()
{
    m_factor = addNumber(tr("Factor"), tr("What the rate is multiplied by"), 1e-9, 1.0,
                         unless({Decay, MultiStep, Exponential, Plateau}));
    m_every =
        addNumber(tr("Every"), tr("Epochs from one drop to the next"), 1e-6, kMostEpochs, unless({Decay}));
    m_milestones = new CheckedEdit(milestonesProblem, this);
    addField(tr("At epochs"), m_milestones, tr("After how many epochs it drops, in rising order: 5; 8"),
             WhileRunning::Fixed, unless({MultiStep}));
    addHint(m_milestones);
    connect(m_milestones, &CheckedEdit::textCommitted, this, &ScheduleGroup::edited);
}

void ScheduleGroup::createSmooth()
{
    m_length = new CheckedEdit(lengthProblem, this);
    m_length->setPlaceholderText(tr("the phase"));
    addField(tr("Length"), m_length, tr("Epochs that it takes; nothing takes what the phase has"),
             WhileRunning::Fixed, unless({Cosine, CosineRestarts, OneCycle}));
    addHint(m_length);
    connect(m_length, &CheckedEdit::textCommitted, this, &ScheduleGroup::edited);
    m_lengthen = addCount(tr("Lengthen"), tr("How many times longer each restart is than the one before"), 1,
                          unless({CosineRestarts}));
    m_lengthen->setMaximum(1000);
    m_rise = addNumber(tr("Rise"), tr("Share of the length in which it rises"), 0.0, 1.0, unless({OneCycle}));
    m_startDivisor = addNumber(tr("Starts at 1/"), tr("The rate divided by this is where it begins"), 1.0,
                               1e12, unless({OneCycle}));
    m_endDivisor = addNumber(tr("Ends at 1/"), tr("Where it began divided by this is where it ends"), 1.0,
                             1e12, unless({OneCycle}));
    m_shape = addChoice(tr("Shape"), {tr("cosine"), tr("straight")}, tr("Of the rise and of the fall"),
                        unless({OneCycle}));
}

void ScheduleGroup::createPlateau()
{
    const auto onPlateau = unless({Plateau});
    m_monitor = addChoice(tr("Watches"), monitorNames(), tr("Which figure has to get better"), onPlateau);
    m_patience =
        addCount(tr("Patience"), tr("Epochs without getting better that are let pass"), 0, onPlateau);
    m_threshold = addNumber(tr("Threshold"), tr("What counts as better"), 0.0, 1e9, onPlateau);
    m_thresholdMode = addChoice(tr("Counted"), {tr("relative to the best"), tr("absolute")},
                                tr("What the threshold is compared with"), onPlateau);
    m_cooldown = addCount(tr("Cooldown"), tr("Epochs after a drop in which none is counted"), 0, onPlateau);
    m_minimum = addNumber(tr("Lowest"), tr("The lowest rate, not a factor"), 0.0, 1000.0,
                          unless({Cosine, CosineRestarts, Plateau}));
}

void ScheduleGroup::createWarmup()
{
    m_clock = addChoice(tr("Moves"), {tr("once an epoch"), tr("at each step")},
                        tr("Whether it moves within an epoch too"),
                        unless({Decay, MultiStep, Exponential, Cosine, CosineRestarts, OneCycle}));
    m_warmup = addChoice(tr("Warm-up"), {tr("none"), tr("some epochs"), tr("some steps")},
                         tr("A linear rise to where the schedule begins"));
    const auto ifAny = [this] {
        return m_warmup->currentIndex() == NoWarmup ? tr("There is no warm-up") : QString();
    };
    m_warmupLength =
        addNumber(tr("Lasts"), tr("Epochs, which may be a fraction, or steps"), 1e-6, 1e9, ifAny);
    m_warmupFrom = addNumber(tr("Begins at ×"), tr("Share of the rate that it begins at"), 0.0, 1.0, ifAny);
}

void ScheduleGroup::takeChoice()
{
    const bool isNew = kind() != m_given.kind;
    if (isNew) {
        // What was mistyped in a field that goes with the kind goes with it.
        Recipe recipe;
        recipe.schedule.kind = kind();
        recipe.schedule.warmup = schedule().warmup;
        if (kind() == MultiStep)
            recipe.schedule.milestones = {1.0};
        setRecipe(recipe);
    }
    if (m_warmup->currentIndex() == WarmupSteps)
        m_warmupLength->setValue(std::max(1.0, std::round(m_warmupLength->value())));
    updateUsable();
    Q_EMIT edited();
}

void ScheduleGroup::setRecipe(const Recipe& recipe)
{
    const QSignalBlocker blocker(this);
    m_given = recipe.schedule;
    m_kind->setCurrentIndex(static_cast<int>(m_given.kind));
    m_clock->setCurrentIndex(m_given.clockInForce() == Clock::Steps ? 1 : 0);
    m_factor->setValue(m_given.factor);
    m_every->setValue(m_given.every);
    m_milestones->setCommitted(textOf(m_given.milestones));
    m_length->setCommitted(m_given.length ? numberText(*m_given.length) : QString());
    m_lengthen->setValue(m_given.lengthen);
    m_rise->setValue(m_given.rise);
    m_startDivisor->setValue(m_given.startDivisor);
    m_endDivisor->setValue(m_given.endDivisor);
    m_shape->setCurrentIndex(m_given.linear ? 1 : 0);
    m_monitor->setCurrentIndex(static_cast<int>(m_given.watched.monitor));
    m_patience->setValue(m_given.patience);
    m_threshold->setValue(m_given.threshold);
    m_thresholdMode->setCurrentIndex(m_given.isThresholdAbsolute ? 1 : 0);
    m_cooldown->setValue(m_given.cooldown);
    m_minimum->setValue(m_given.minimum);
    const auto& warmup = m_given.warmup;
    m_warmup->setCurrentIndex(warmup.isNone() ? NoWarmup : warmup.steps > 0 ? WarmupSteps : WarmupEpochs);
    m_warmupLength->setValue(warmup.steps > 0  ? static_cast<double>(warmup.steps)
                             : warmup.isNone() ? 1.0
                                               : warmup.epochs);
    m_warmupFrom->setValue(warmup.from);
    updateUsable();
}

ScheduleRecipe ScheduleGroup::schedule() const
{
    auto schedule = m_given;
    schedule.kind = kind();
    const auto clock = m_clock->currentIndex() == 1 ? Clock::Steps : Clock::Epochs;
    if (clock != schedule.clockInForce())
        schedule.clock = clock;
    schedule.factor = m_factor->value();
    schedule.every = m_every->value();
    schedule.milestones = numbersOf(m_milestones->committed());
    schedule.length = numberOf(m_length->committed());
    schedule.lengthen = m_lengthen->value();
    schedule.rise = m_rise->value();
    schedule.startDivisor = m_startDivisor->value();
    schedule.endDivisor = m_endDivisor->value();
    schedule.linear = m_shape->currentIndex() == 1;
    // The monitor's own direction, where it is another one.
    if (const auto monitor = static_cast<Monitor>(m_monitor->currentIndex());
        monitor != schedule.watched.monitor)
        schedule.watched = {monitor, {}};
    schedule.patience = m_patience->value();
    schedule.threshold = m_threshold->value();
    schedule.isThresholdAbsolute = m_thresholdMode->currentIndex() == 1;
    schedule.cooldown = m_cooldown->value();
    schedule.minimum = m_minimum->value();
    schedule.warmup = {};
    const double length = m_warmupLength->value();
    if (m_warmup->currentIndex() == WarmupEpochs)
        schedule.warmup.epochs = length;
    else if (m_warmup->currentIndex() == WarmupSteps)
        schedule.warmup.steps = std::max(1LL, std::llround(length));
    if (!schedule.warmup.isNone())
        schedule.warmup.from = m_warmupFrom->value();
    return schedule;
}

void ScheduleGroup::store(Recipe& recipe) const
{
    recipe.schedule = schedule();
}

} // namespace frostline
