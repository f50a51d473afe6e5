#include <cstdio>

#include "cli/commands.h"
#include "session/session_csv.h"
#include "session/tensorboard.h"
#include "weights/export_torchscript.h"
#include "weights/export_weights.h"

namespace frostline::cli {

int exportSession(const ExportArguments& arguments)
{
    if (arguments.tensorboard.empty() && arguments.csv.empty() && arguments.torchscript.empty() &&
        arguments.weights.empty())
        return report({ErrorCode::BadInput, "export needs --tensorboard FOLDER, --csv FILE, --weights FILE, "
                                            "--torchscript FILE, or several of them"});
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
    if (!arguments.weights.empty()) {
        const auto step = arguments.step < 0 ? std::nullopt : std::optional(arguments.step);
        const auto written = exportWeights(*session, arguments.folder, step, arguments.weights);
        if (!written)
            return report(written.error());
        std::printf("%s\n", arguments.weights.c_str());
    }
    return kDone;
}

} // namespace frostline::cli
