#include "plots/branch_menu.h"

#include <QCoreApplication>
#include <QLocale>
#include <QMenu>

#include "plots/change_text.h"
#include "theme/icons.h"

namespace frostline {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(BranchMenu)
};

QString whole(Step number)
{
    return QLocale().toString(static_cast<qlonglong>(number));
}

} // namespace

BranchPlace placeAt(Step step)
{
    return {Words::tr("Branch from step %1").arg(whole(step)), step};
}

BranchPlace placeBefore(const Intervention& intervention)
{
    return {Words::tr("Branch before “%1” (step %2)")
                .arg(shortText(intervention.change), whole(intervention.step)),
            intervention.step};
}

BranchPlace placeAfter(const EpochRecord& epoch)
{
    return {Words::tr("Branch after epoch %1 (step %2)").arg(whole(epoch.epoch), whole(epoch.step)),
            epoch.step};
}

void showBranchMenu(QWidget* parent, const QPoint& globalPosition, const std::vector<BranchPlace>& places,
                    const QString& obstacle, const std::function<void(Step)>& chosen)
{
    auto* menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    for (const auto& place : places) {
        // In a menu an ampersand would be a key.
        auto* action = menu->addAction(icon(QStringLiteral("branch")),
                                       QString(place.text).replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setEnabled(obstacle.isEmpty());
        action->setToolTip(obstacle);
        QObject::connect(action, &QAction::triggered, parent, [chosen, step = place.step] { chosen(step); });
    }
    menu->popup(globalPosition);
}

} // namespace frostline
