#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "session/session.h"
#include "training/run.h"

namespace frostline::cli {

/// Exit statuses: what every command gives back.
constexpr int kDone = 0;
constexpr int kRunFailed = 1;
constexpr int kBadInput = 2;

using Overrides = std::vector<std::pair<std::string, std::string>>;

/// What every command that trains takes.
struct RunArguments {
    std::string out;
    std::string device = "auto";
    int threads = 0;
    int epochs = 0;
    std::int64_t steps = 0;
    bool noFeatureCache = false;
    std::int64_t cacheMemoryMegabytes = -1;
    std::int64_t cacheDiskMegabytes = -1;
    std::string cacheFolder;
    std::vector<std::string> at;
    bool json = false;
};

struct TrainArguments {
    std::string recipe;
    std::vector<std::string> set;
    RunArguments run;
};

struct BranchArguments {
    std::string session;
    std::int64_t step = 0;
    bool keepLater = false;
    std::vector<std::string> set;
    RunArguments run;
};

struct SweepArguments {
    std::string recipe;
    std::vector<std::string> set;
    std::string depths;
    std::vector<std::string> grids;
    int seeds = 1;
    std::string csv;
    std::string svg;
    RunArguments run;
};

struct CompareArguments {
    std::vector<std::string> folders;
    std::string html;
    bool csv = false;
    bool json = false;
};

struct ExportArguments {
    std::string folder;
    std::string tensorboard;
    std::string csv;
    std::string torchscript;
    std::string weights;
    std::int64_t step = -1; ///< Of the checkpoint for `weights`; the last one's where it is negative.
};

struct FetchArguments {
    std::string name;
    std::string to;
    std::string catalog;
    int timeout = 60;
    bool again = false;
    bool list = false;
    bool json = false;
};

struct WeightsArguments {
    std::string file;
    std::string recipe;
    std::vector<std::string> set;
    bool json = false;
};

struct EvaluateArguments {
    std::string source; ///< A recipe's file or a session's folder.
    std::string split = "validation";
    std::string predictions;
    std::int64_t step = -1;
    bool best = false;
    std::string device = "auto";
    int threads = 0;
    bool json = false;
};

int train(const TrainArguments& arguments);
int resume(const std::string& session, const RunArguments& arguments);
int branch(const BranchArguments& arguments);
int replay(const std::string& session, const RunArguments& arguments);
int sweep(const SweepArguments& arguments);
Result<RunOptions> optionsOf(const RunArguments& arguments);

int layers(const std::string& recipe, const std::vector<std::string>& set, bool json);
int sessions(const std::string& folder, bool json);
int doctor(bool json);
int compare(const CompareArguments& arguments);
int exportSession(const ExportArguments& arguments);
int fetchCommand(const FetchArguments& arguments);
int weights(const WeightsArguments& arguments);
int evaluate(const EvaluateArguments& arguments);

/// A session from its folder. What was found damaged and left out is told on standard error.
Result<Session> loadSession(const std::string& folder);

/// `KEY=VALUE` texts as pairs.
Result<Overrides> overridesOf(const std::vector<std::string>& texts);

/// Prints the one sentence that an error is, and gives the exit status that goes with it.
int report(const Error& error);

} // namespace frostline::cli
