// frostline-cli: does headless what the window does, over the same core.

#include <CLI/CLI.hpp>

#include <cstdio>

#include "base/machine.h"
#include "cli/commands.h"

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

void addTrain(CLI::App& app, int& status)
{
    auto* command =
        app.add_subcommand("train", "Run a recipe into a new session folder; prints its path last");
    auto arguments = std::make_shared<TrainArguments>();
    command->add_option("RECIPE", arguments->recipe, "Recipe file")->required();
    command->add_option("--out", arguments->out, "Folder that the session's folder is made in");
    command->add_option("--device", arguments->device, "auto, cpu or cuda")->capture_default_str();
    command->add_option("--threads", arguments->threads, "Threads; all cores if not given")
        ->check(CLI::Range(1, 1024));
    command->add_option("--epochs", arguments->epochs, "Epochs, in place of the recipe's")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--steps", arguments->steps, "Stop before this step")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 50));
    command->add_option("--set", arguments->set, "KEY=VALUE in place of the recipe's: dotted key, JSON value")
        ->allow_extra_args(false);
    command
        ->add_option("--at", arguments->at,
                     "STEP:CHANGE, what a hand does in the window: 120:trainable:layer4.*=on")
        ->allow_extra_args(false);
    command->add_flag("--json", arguments->json, "JSON lines on standard output");
    command->callback([arguments, &status] { status = train(*arguments); });
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
    frostline::cli::addTables(app, status);
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
