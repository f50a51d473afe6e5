#include "controls/environment_text.h"

#include <QCoreApplication>
#include <QStringList>

namespace frostline {

namespace {

struct EnvironmentText {
    Q_DECLARE_TR_FUNCTIONS(frostline::EnvironmentText)
};

} // namespace

QString environmentText(const SessionEnvironment& environment)
{
    const SessionEnvironment usual;
    QStringList parts{QString::fromStdString(environment.device)};
    if (environment.threads > 0)
        parts << (environment.threads == 1 ? EnvironmentText::tr("1 thread")
                                           : EnvironmentText::tr("%1 threads").arg(environment.threads));
    if (environment.precision != usual.precision)
        parts << QString::fromStdString(environment.precision);
    if (environment.memoryFormat != usual.memoryFormat)
        parts << EnvironmentText::tr("channels last");
    return parts.join(EnvironmentText::tr(", "));
}

} // namespace frostline
