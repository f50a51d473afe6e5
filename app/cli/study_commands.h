#pragma once

#include <string>
#include <vector>

#include "cli/commands.h"
#include "training/range_test.h"

// What looks at a recipe before it is trained, and changes nothing.

namespace frostline::cli {

struct LrFindArguments {
    std::string recipe;
    std::vector<std::string> set;
    RangeTestOptions range;
    std::string device = "auto";
    int threads = 0;
    std::string csv;
    std::string svg;
    bool json = false;
};

struct AdviseArguments {
    std::string recipe;
    std::string likeness = "unknown";
    std::vector<std::string> set;
    std::string device = "auto";
    int threads = 0;
    bool json = false;
};

int lrFind(const LrFindArguments& arguments);
int advise(const AdviseArguments& arguments);

} // namespace frostline::cli
