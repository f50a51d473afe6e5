#include "plan/plan_text.h"

#include <QCoreApplication>

#include "controls/number_text.h"
#include "controls/schedule_group.h"

namespace frostline {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PlanText)
};

QString lengthText(const ScheduleRecipe& schedule)
{
    return schedule.length ? Words::tr("over %1 epochs").arg(numberText(*schedule.length))
                           : Words::tr("over the phase");
}

QString milestonesText(const ScheduleRecipe& schedule)
{
    QStringList epochs;
    for (const double milestone : schedule.milestones)
        epochs << numberText(milestone);
    return Words::tr("× %1 at %2").arg(numberText(schedule.factor), epochs.join(QStringLiteral(", ")));
}

QString figuresOf(const ScheduleRecipe& schedule)
{
    const QString factor = numberText(schedule.factor);
    switch (schedule.kind) {
    case ScheduleKind::Decay:
        return Words::tr("× %1 every %2 epochs").arg(factor, numberText(schedule.every));
    case ScheduleKind::MultiStep:
        return milestonesText(schedule);
    case ScheduleKind::Exponential:
        return Words::tr("× %1 each epoch").arg(factor);
    case ScheduleKind::Cosine:
    case ScheduleKind::CosineRestarts:
    case ScheduleKind::OneCycle:
        return lengthText(schedule);
    case ScheduleKind::Plateau:
        return Words::tr("× %1 after %2 epochs").arg(factor).arg(schedule.patience);
    case ScheduleKind::Constant:
        break;
    }
    return {};
}

} // namespace

QStringList scheduleNames()
{
    return ScheduleGroup::kindNames();
}

QString scheduleName(ScheduleKind kind)
{
    return scheduleNames().at(static_cast<int>(kind));
}

QString scheduleDetail(const ScheduleRecipe& schedule)
{
    QStringList parts;
    if (const QString figures = figuresOf(schedule); !figures.isEmpty())
        parts << figures;
    if (!schedule.warmup.isNone())
        parts << Words::tr("with warm-up");
    return parts.join(QStringLiteral(", "));
}

QStringList monitorNames()
{
    return ScheduleGroup::monitorNames();
}

QString monitorName(Monitor monitor)
{
    return monitorNames().at(static_cast<int>(monitor));
}

QString endDetail(const EndRecipe& end)
{
    return end.patience == 1 ? Words::tr("1 epoch no better")
                             : Words::tr("%1 epochs no better").arg(end.patience);
}

QStringList statisticsNames()
{
    return {Words::tr("follow"), Words::tr("frozen"), Words::tr("updating")};
}

} // namespace frostline
