#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace frostline::cli {

/// Exit statuses: what every command gives back.
constexpr int kDone = 0;
constexpr int kRunFailed = 1;
constexpr int kBadInput = 2;

using Overrides = std::vector<std::pair<std::string, std::string>>;

struct TrainArguments {
    std::string recipe;
    std::string out;
    std::string device = "auto";
    int threads = 0;
    int epochs = 0;
    std::int64_t steps = 0;
    std::vector<std::string> set;
    std::vector<std::string> at;
    bool json = false;
};

int train(const TrainArguments& arguments);
int layers(const std::string& recipe, const std::vector<std::string>& set, bool json);
int sessions(const std::string& folder, bool json);
int doctor(bool json);

/// `KEY=VALUE` texts as pairs.
Result<Overrides> overridesOf(const std::vector<std::string>& texts);

/// Prints the one sentence that an error is, and gives the exit status that goes with it.
int report(const Error& error);

} // namespace frostline::cli
