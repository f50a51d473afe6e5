#include "plots/mark_groups.h"

#include <QCoreApplication>
#include <QStringList>

#include "plots/change_text.h"

namespace frostline {

namespace {

constexpr std::size_t kMostLines = 20;

/// How many from `first` on make one beginning of a phase; 1 where it is none.
std::size_t lengthOfBeginning(const std::vector<Intervention>& all, std::size_t first)
{
    for (std::size_t i = first; i < all.size(); ++i) {
        if (all[i].origin != Origin::Phase || all[i].step != all[first].step)
            break;
        if (all[i].change.kind == ChangeKind::Phase)
            return i - first + 1;
    }
    return 1;
}

} // namespace

QString describe(const MarkGroup& group, const std::vector<Intervention>& interventions)
{
    QStringList lines{describe(interventions[group.lead])};
    for (std::size_t i = group.first; i < group.lead && i < group.first + kMostLines; ++i)
        lines << describe(interventions[i]);
    if (group.count - 1 > kMostLines)
        lines << QCoreApplication::translate("MarkGroups", "and %1 more").arg(group.count - 1 - kMostLines);
    return lines.join(QLatin1Char('\n'));
}

std::vector<MarkGroup> markGroups(const std::vector<Intervention>& interventions)
{
    std::vector<MarkGroup> groups;
    for (std::size_t i = 0; i < interventions.size();) {
        const auto count = lengthOfBeginning(interventions, i);
        groups.push_back({i, count, i + count - 1});
        i += count;
    }
    return groups;
}

std::size_t leadOf(const std::vector<Intervention>& interventions, std::size_t index)
{
    return index + lengthOfBeginning(interventions, index) - 1;
}

} // namespace frostline
