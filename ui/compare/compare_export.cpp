#include "compare/compare_export.h"

#include <QFileDialog>
#include <QFileInfo>

#include "plots/metric_history.h"
#include "plots/plot_export.h"

namespace frostline {

namespace {

QString suffixOf(const QString& filter)
{
    const auto dot = filter.lastIndexOf(QLatin1Char('.'));
    return filter.mid(dot + 1).chopped(1);
}

void takeSuffix(QFileDialog& dialog, const QString& suffix)
{
    dialog.setDefaultSuffix(suffix);
    const QFileInfo file(dialog.selectedFiles().value(0));
    if (!file.suffix().isEmpty())
        dialog.selectFile(file.completeBaseName() + QLatin1Char('.') + suffix);
}

QByteArray quoted(const QString& text)
{
    QString inner = text;
    inner.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QStringLiteral("\"%1\"").arg(inner).toUtf8();
}

QByteArray rowsOf(const Session& session)
{
    MetricHistory history;
    history.append(session.steps);
    for (const auto& record : session.epochs)
        history.addEpoch(record);
    return csvOf(history);
}

} // namespace

QByteArray csvOf(const ComparedRuns& sessions)
{
    QByteArray csv;
    for (const auto& compared : sessions) {
        const QByteArray id =
            quoted(QFileInfo(compared.folder).fileName()) + ',' + quoted(compared.name) + ',';
        const QByteArray rows = rowsOf(compared.loaded->session);
        qsizetype start = 0;
        for (qsizetype end = rows.indexOf('\n'); end >= 0; end = rows.indexOf('\n', start)) {
            if (start > 0)
                csv += id;
            else if (csv.isEmpty())
                csv += "session,name,";
            if (start > 0 || csv.endsWith("name,"))
                csv += QByteArrayView(rows).sliced(start, end + 1 - start);
            start = end + 1;
        }
    }
    return csv;
}

void askForFile(QWidget* parent, const QString& title, const QString& name, const QStringList& filters,
                const std::function<void(const QString&)>& then)
{
    auto* dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(suffixOf(filters.first()));
    dialog->selectFile(name + QLatin1Char('.') + dialog->defaultSuffix());
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog,
                     [dialog](const QString& filter) { takeSuffix(*dialog, suffixOf(filter)); });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, then);
    dialog->open();
}

} // namespace frostline
