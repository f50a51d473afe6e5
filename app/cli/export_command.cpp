#include <cstdio>

#include "cli/commands.h"
#include "session/session_csv.h"
#include "session/tensorboard.h"
#include "weights/export_torchscript.h"

namespace frostline::cli {

int exportSession(const ExportArguments& arguments)
{
    if (arguments.tensorboard.empty() && arguments.csv.empty() && arguments.torchscript.empty())
        return report(
            {ErrorCode::BadInput, "export needs --tensorboard FOLDER, --csv FILE or --torchscript FILE"});
    const auto session = loadSession(arguments.folder);
    if (!session)
        return report(session.error());
    if (!arguments.tensorboard.empty()) {
        const auto file = exportTensorBoard(*session, arguments.tensorboard);
        if (!file)
            return report(file.error());
        std::printf("%s\n", file->c_str());
    }
    if (!arguments.csv.empty()) {
        if (const auto written = exportCsv(*session, arguments.csv); !written)
            return report(written.error());
        std::printf("%s\n", arguments.csv.c_str());
    }
    if (!arguments.torchscript.empty()) {
        const auto written = exportTorchScript(*session, arguments.folder, arguments.torchscript);
        if (!written)
            return report(written.error());
        std::printf("%s\n", arguments.torchscript.c_str());
    }
    return kDone;
}

} // namespace frostline::cli
