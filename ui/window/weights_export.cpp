#include "window/weights_export.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>

#include "run/background.h"
#include "session/session_store.h"
#include "weights/export_torchscript.h"
#include "weights/export_weights.h"

namespace frostline {

namespace {

struct WeightsExport {
    Q_DECLARE_TR_FUNCTIONS(frostline::WeightsExport)
};

enum class Format { SafeTensors, StateDict, TorchScript };

QString nameFilter(Format format)
{
    switch (format) {
    case Format::StateDict:
        return WeightsExport::tr("PyTorch state dict (*.pth)");
    case Format::TorchScript:
        return WeightsExport::tr("TorchScript module (*.pt)");
    case Format::SafeTensors:
        break;
    }
    return WeightsExport::tr("safetensors (*.safetensors)");
}

QString suffix(Format format)
{
    const auto filter = nameFilter(format);
    return filter.section(QStringLiteral("*."), 1).chopped(1);
}

Status write(const std::filesystem::path& folder, Format format, const std::filesystem::path& file)
{
    if (format != Format::TorchScript)
        return SessionStore::loadHead(folder).and_then(
            [&](const SessionHead& session) { return exportWeights(session, folder, std::nullopt, file); });
    return SessionStore::load(folder).and_then(
        [&](const Session& session) { return exportTorchScript(session, folder, file); });
}

} // namespace

void askToExportWeights(QWidget* parent, const QString& sessionFolder,
                        const std::function<void(const QString& problem, const QString& file)>& then)
{
    const std::filesystem::path folder = sessionFolder.toStdString();
    const auto head = SessionStore::loadHead(folder);
    if (!head) {
        then(QString::fromStdString(head.error().message), {});
        return;
    }
    std::vector<Format> formats{Format::SafeTensors, Format::StateDict};
    if (head->recipe.model.options.module)
        formats.insert(formats.begin(), Format::TorchScript);
    auto* dialog = new QFileDialog(parent, WeightsExport::tr("Export weights"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    QStringList filters;
    for (const auto format : formats)
        filters << nameFilter(format);
    dialog->setNameFilters(filters);
    const auto choose = [dialog, filters, formats](const QString& filter) {
        const auto place = std::max<qsizetype>(0, filters.indexOf(filter));
        dialog->setDefaultSuffix(suffix(formats[static_cast<std::size_t>(place)]));
        const QFileInfo named(dialog->selectedFiles().value(0));
        if (named.suffix() != dialog->defaultSuffix() && !named.completeBaseName().isEmpty())
            dialog->selectFile(named.completeBaseName() + u'.' + dialog->defaultSuffix());
    };
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, choose);
    dialog->selectFile(QString::fromStdString(head->recipe.name.empty() ? head->id : head->recipe.name));
    choose(filters.front());
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, [=](const QString& file) {
        const bool isModule = formats.front() == Format::TorchScript && QFileInfo(file).suffix() == u"pt" &&
                              dialog->selectedNameFilter() == nameFilter(Format::TorchScript);
        const auto format = isModule ? Format::TorchScript : Format::SafeTensors;
        inBackground([folder, format, path = file.toStdString()]() -> QString {
            const auto written = write(folder, format, path);
            return written ? QString() : QString::fromStdString(written.error().message);
        }).then(parent, [then, file](const QString& problem) { then(problem, file); });
    });
    dialog->open();
}

} // namespace frostline
