#pragma once

#include <functional>

#include <QByteArray>
#include <QStringList>

#include "compare/compared_run.h"

class QWidget;

namespace frostline {

/// One row for each step and each validated epoch of each session, which the first column names.
QByteArray csvOf(const ComparedRuns& sessions);

/// Asks for a place, its suffix that of the filter chosen; `then` comes with the file.
void askForFile(QWidget* parent, const QString& title, const QString& name, const QStringList& filters,
                const std::function<void(const QString&)>& then);

} // namespace frostline
