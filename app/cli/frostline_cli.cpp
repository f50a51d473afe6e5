// frostline-cli: does headless what the window does, over the same core.

#include <CLI/CLI.hpp>

#include <cstdio>

#include "base/machine.h"
#include "cli/study_commands.h"

namespace frostline::cli {

int report(const Error& error)
{
    std::fprintf(stderr, "frostline-cli: %s\n", error.message.c_str());
    return error.code == ErrorCode::RunFailed ? kRunFailed : kBadInput;
}

Result<Overrides> overridesOf(const std::vector<std::string>& texts)
{
    Overrides overrides;
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return badInput("--set " + text + ": expected KEY=VALUE, as in optimizer.learning_rate=1e-4");
        overrides.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return overrides;
}

namespace {

void addFeatureOptions(CLI::App& command, RunArguments& arguments)
{
    const auto megabytes = CLI::Range(std::int64_t{0}, std::int64_t{1} << 40);
    command.add_flag("--no-feature-cache", arguments.noFeatureCache,
                     "Compute what lies under the frost line for every batch; changes nothing but time");
    command
        .add_option(
            "--cache-memory", arguments.cacheMemoryMegabytes,
            "Megabytes of memory for what lies under the frost line; a quarter of the free if not given")
        ->check(megabytes);
    command
        .add_option("--cache-disk", arguments.cacheDiskMegabytes,
                    "Megabytes of disk for it beyond that; half of the free if not given")
        ->check(megabytes);
    command.add_option("--cache-folder", arguments.cacheFolder,
                       "Where its files go; the user's cache folder if not given");
}

void addComputeOptions(CLI::App& command, RunArguments& arguments)
{
    command.add_option("--device", arguments.device, "auto, cpu or cuda")->capture_default_str();
    command
        .add_option("--threads", arguments.threads,
                    "Threads; as recorded, or as the recipe says, if not given")
        ->check(CLI::Range(1, 1024));
    addFeatureOptions(command, arguments);
    command.add_option("--steps", arguments.steps, "Stop before this step")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 50));
}

void addRunOptions(CLI::App& command, RunArguments& arguments)
{
    addComputeOptions(command, arguments);
    command
        .add_option("--at", arguments.at,
                    "STEP:CHANGE, what a hand does in the window: 120:trainable:layer4.*=on")
        ->allow_extra_args(false);
    command.add_flag("--json", arguments.json, "JSON lines on standard output");
}

void addNewSession(CLI::App& command, RunArguments& arguments, std::vector<std::string>& set)
{
    command.add_option("--out", arguments.out, "Folder that the session's folder is made in");
    command.add_option("--epochs", arguments.epochs, "Epochs, in place of the recipe's")
        ->check(CLI::Range(1, 1'000'000));
    command.add_option("--set", set, "KEY=VALUE in place of the recipe's: dotted key, JSON value")
        ->allow_extra_args(false);
}

void addTrain(CLI::App& app, int& status)
{
    auto* command =
        app.add_subcommand("train", "Run a recipe into a new session folder; prints its path last");
    auto arguments = std::make_shared<TrainArguments>();
    command->add_option("RECIPE", arguments->recipe, "Recipe file")->required();
    addNewSession(*command, arguments->run, arguments->set);
    addRunOptions(*command, arguments->run);
    command->callback([arguments, &status] { status = train(*arguments); });
}

void addResume(CLI::App& app, int& status)
{
    auto* command =
        app.add_subcommand("resume", "Go on with a session that was stopped, failed or interrupted");
    auto arguments = std::make_shared<RunArguments>();
    auto session = std::make_shared<std::string>();
    command->add_option("DIR", *session, "Session folder")->required();
    addRunOptions(*command, *arguments);
    command->callback([=, &status] { status = resume(*session, *arguments); });
}

void addBranch(CLI::App& app, int& status)
{
    auto* command = app.add_subcommand(
        "branch", "Start another session from a step of a saved one; prints its path last");
    auto arguments = std::make_shared<BranchArguments>();
    command->add_option("DIR", arguments->session, "Session folder")->required();
    command->add_option("--step", arguments->step, "The first step of its own; those before are the parent's")
        ->required()
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 50));
    command->add_flag("--keep-later", arguments->keepLater,
                      "Make the changes again that the parent saw from that step on");
    addNewSession(*command, arguments->run, arguments->set);
    addRunOptions(*command, arguments->run);
    command->callback([arguments, &status] { status = branch(*arguments); });
}

void addReplay(CLI::App& app, int& status)
{
    auto* command =
        app.add_subcommand("replay", "Run a session again and compare: 0 identical to the bit, 1 differs");
    auto arguments = std::make_shared<RunArguments>();
    auto session = std::make_shared<std::string>();
    command->add_option("DIR", *session, "Session folder")->required();
    command->add_option("--device", arguments->device, "auto (as recorded), cpu or cuda")
        ->capture_default_str();
    command->add_option("--threads", arguments->threads, "Threads; as recorded if not given")
        ->check(CLI::Range(1, 1024));
    addFeatureOptions(*command, *arguments);
    command->add_flag("--json", arguments->json, "As JSON");
    command->callback([=, &status] { status = replay(*session, *arguments); });
}

void addSweep(CLI::App& app, int& status)
{
    auto* command = app.add_subcommand(
        "sweep", "Run a recipe at every point of a grid, and tell the best by validation; started again "
                 "after a stop it goes on");
    auto arguments = std::make_shared<SweepArguments>();
    command->add_option("RECIPE", arguments->recipe, "Recipe file")->required();
    command->add_option("--unfreeze-depths", arguments->depths,
                        "all, or depths and layers with commas between: 1 trains the head only, 2 the stage "
                        "below it too, block3 all from block3 up");
    command
        ->add_option("--seeds", arguments->seeds, "Runs of each point: the recipe's seed and those after it")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command
        ->add_option("--grid", arguments->grids,
                     "KEY=V1,V2: a key of the recipe, as --set takes it, and its values; several multiply")
        ->allow_extra_args(false);
    addNewSession(*command, arguments->run, arguments->set);
    command->get_option("--out")->description(
        "The sweep's own folder; sweep-NAME among the sessions if not given");
    addComputeOptions(*command, arguments->run);
    command->add_flag("--json", arguments->run.json, "The table as JSON");
    command->add_option("--csv", arguments->csv, "Write the table to this file as well");
    command->add_option("--svg", arguments->svg, "Write a plot to this file as well");
    command->callback([arguments, &status] { status = sweep(*arguments); });
}

void addTables(CLI::App& app, int& status)
{
    auto json = std::make_shared<bool>(false);
    auto text = std::make_shared<std::string>();
    auto set = std::make_shared<std::vector<std::string>>();
    auto* table = app.add_subcommand("layers", "The layer table of a recipe");
    table->add_option("RECIPE", *text, "Recipe file")->required();
    table->add_option("--set", *set, "KEY=VALUE in place of the recipe's")->allow_extra_args(false);
    table->add_flag("--json", *json, "As JSON");
    table->callback([=, &status] { status = layers(*text, *set, *json); });
    auto* list = app.add_subcommand("sessions", "The saved sessions, newest first");
    list->add_option("DIR", *text, "Folder of sessions");
    list->add_flag("--json", *json, "As JSON");
    list->callback([=, &status] { status = sessions(*text, *json); });
    auto* machine = app.add_subcommand("doctor", "What this machine has: LibTorch, BLAS, devices, data");
    machine->add_flag("--json", *json, "As JSON");
    machine->callback([=, &status] { status = doctor(*json); });
}

void addEvaluate(CLI::App& app, int& status)
{
    auto* command = app.add_subcommand(
        "evaluate", "Loss, metrics and confusion matrix of a recipe's start or a session's weights");
    auto arguments = std::make_shared<EvaluateArguments>();
    command->add_option("RECIPE|DIR", arguments->source, "Recipe file, or folder of a session")->required();
    command->add_option("--split", arguments->split, "validation, test or train")->capture_default_str();
    command->add_option("--predictions", arguments->predictions,
                        "Write logits, targets and index of each sample to this safetensors file");
    auto* step = command->add_option("--step", arguments->step,
                                     "Of a session: the checkpoint of this step; the last if not given");
    step->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 50));
    command->add_flag("--best", arguments->best, "Of a session: the best checkpoint")->excludes(step);
    command->add_option("--device", arguments->device, "auto (as recorded), cpu or cuda")
        ->capture_default_str();
    command->add_option("--threads", arguments->threads, "Threads; as recorded if not given")
        ->check(CLI::Range(1, 1024));
    command->add_flag("--json", arguments->json, "As JSON");
    command->callback([arguments, &status] { status = evaluate(*arguments); });
}

void addLrFind(CLI::App& app, int& status)
{
    auto* command = app.add_subcommand(
        "lr-find", "Suggest learning rates: raise the rate step by step and watch the loss; changes nothing");
    auto arguments = std::make_shared<LrFindArguments>();
    auto& range = arguments->range;
    command->add_option("RECIPE", arguments->recipe, "Recipe file")->required();
    command->add_option("--start", range.start, "Learning rate of the first step")->capture_default_str();
    command->add_option("--end", range.end, "Learning rate of the last step")->capture_default_str();
    command->add_option("--steps", range.steps, "Steps; it ends before where the loss diverges")
        ->capture_default_str();
    command->add_option("--set", arguments->set, "KEY=VALUE in place of the recipe's")
        ->allow_extra_args(false);
    command->add_option("--device", arguments->device, "auto, cpu or cuda")->capture_default_str();
    command->add_option("--threads", arguments->threads, "Threads; as the recipe says if not given")
        ->check(CLI::Range(1, 1024));
    command->add_option("--csv", arguments->csv, "Write rates and losses to this file as well");
    command->add_option("--svg", arguments->svg, "Write a picture of the curve to this file as well");
    command->add_flag("--json", arguments->json, "As JSON, the curve included");
    command->callback([arguments, &status] { status = lrFind(*arguments); });
}

void addAdvise(CLI::App& app, int& status)
{
    auto* command = app.add_subcommand(
        "advise", "Where to put the frost line and at which rate, with reasons; nothing is trained");
    auto arguments = std::make_shared<AdviseArguments>();
    command->add_option("RECIPE", arguments->recipe, "Recipe file")->required();
    command
        ->add_option("--likeness", arguments->likeness,
                     "How the task is, compared with what the weights were trained for: same, similar, "
                     "different or unknown")
        ->capture_default_str();
    command->add_option("--set", arguments->set, "KEY=VALUE in place of the recipe's")
        ->allow_extra_args(false);
    command->add_option("--device", arguments->device, "auto, cpu or cuda")->capture_default_str();
    command->add_option("--threads", arguments->threads, "Threads; as the recipe says if not given")
        ->check(CLI::Range(1, 1024));
    command->add_flag("--json", arguments->json, "As JSON");
    command->callback([arguments, &status] { status = advise(*arguments); });
}

void addReports(CLI::App& app, int& status)
{
    auto compared = std::make_shared<CompareArguments>();
    auto* side = app.add_subcommand("compare", "Sessions side by side; the first is the baseline");
    side->add_option("DIR", compared->folders, "Folders of sessions, two or more");
    side->add_option("--html", compared->html, "Write a page with pictures to this file as well");
    auto* csv = side->add_flag("--csv", compared->csv, "As CSV: a row for each session");
    side->add_flag("--json", compared->json, "As JSON")->excludes(csv);
    side->callback([compared, &status] { status = compare(*compared); });
    auto exported = std::make_shared<ExportArguments>();
    auto* out = app.add_subcommand(
        "export", "A session's curves and weights for other programs; prints the files written");
    out->add_option("DIR", exported->folder, "Folder of the session")->required();
    out->add_option("--tensorboard", exported->tensorboard,
                    "Write a TensorBoard event file into this folder; one folder for each session");
    out->add_option("--csv", exported->csv, "Write a table with a row for each step to this file");
    out->add_option("--torchscript", exported->torchscript,
                    "Write the TorchScript module that it trained, with its last weights, to this file");
    auto* weights = out->add_option("--weights", exported->weights,
                                    "Write the weights to this file: .safetensors, .pth or .pt");
    out->add_option("--step", exported->step,
                    "The checkpoint's that was made at this step; the last if not given")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 50))
        ->needs(weights);
    out->callback([exported, &status] { status = exportSession(*exported); });
}

void addFetch(CLI::App& app, int& status)
{
    auto arguments = std::make_shared<FetchArguments>();
    auto* command =
        app.add_subcommand("fetch", "Get weights or a data set of the catalogue; prints where it lies, last");
    auto* name = command->add_option("NAME", arguments->name, "Its name in the catalogue");
    command->add_option("--to", arguments->to, "Folder to put it into; where recipes find it if not given");
    command->add_flag("--force", arguments->again, "Get it again where it is here already");
    command->add_flag("--list", arguments->list, "Show what there is, and what of it is here")
        ->excludes(name);
    command->add_option("--catalog", arguments->catalog,
                        "Another catalogue; FROSTLINE_CATALOG, or the shipped one, if not given");
    command
        ->add_option("--timeout", arguments->timeout,
                     "Seconds without a byte after which a server is given up")
        ->check(CLI::Range(1, 86400))
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "As JSON");
    command->callback([arguments, &status] { status = fetchCommand(*arguments); });
}

void addWeights(CLI::App& app, int& status)
{
    auto* command = app.add_subcommand(
        "weights", "What a file of weights holds; with a recipe, whether it fits: 0 fits, 1 does not");
    auto arguments = std::make_shared<WeightsArguments>();
    command->add_option("FILE", arguments->file, "safetensors or PyTorch file")->required();
    auto* recipe = command->add_option("--recipe", arguments->recipe, "Compare with this recipe's network");
    command->add_option("--set", arguments->set, "KEY=VALUE in place of the recipe's")
        ->allow_extra_args(false)
        ->needs(recipe);
    command->add_flag("--json", arguments->json, "As JSON");
    command->callback([arguments, &status] { status = weights(*arguments); });
}

} // namespace

} // namespace frostline::cli

int main(int argc, char** argv)
{
    frostline::tuneAllocator();
    CLI::App app("Frostline: explore which layers of a neural network to freeze", "frostline-cli");
    app.set_version_flag("--version", "frostline-cli " FROSTLINE_VERSION);
    app.require_subcommand(1);
    int status = frostline::cli::kDone;
    frostline::cli::addTrain(app, status);
    frostline::cli::addResume(app, status);
    frostline::cli::addBranch(app, status);
    frostline::cli::addReplay(app, status);
    frostline::cli::addSweep(app, status);
    frostline::cli::addEvaluate(app, status);
    frostline::cli::addLrFind(app, status);
    frostline::cli::addAdvise(app, status);
    frostline::cli::addTables(app, status);
    frostline::cli::addReports(app, status);
    frostline::cli::addFetch(app, status);
    frostline::cli::addWeights(app, status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            return app.exit(error);
        std::fprintf(stderr, "frostline-cli: %s; see frostline-cli --help\n", error.what());
        return frostline::cli::kBadInput;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "frostline-cli: %s\n", error.what());
        return frostline::cli::kRunFailed;
    }
    return status;
}
