// How long a folder of many sessions takes to list, and sessions of many steps to open.
// bench_sessions [SESSIONS [STEPS [STEPS OF THE LONGEST]]]: makes them in a temporary folder, prints the
// times and removes them. It asserts nothing.

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/file.h"
#include "session/session_store.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

constexpr int kEpochs = 20;
constexpr int kLayers = 20;

double secondsOf(const auto& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double medianSecondsOf(int times, const auto& work)
{
    std::vector<double> seconds;
    for (int i = 0; i < times; ++i)
        seconds.push_back(secondsOf(work));
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
}

Recipe sampleRecipe()
{
    Recipe recipe;
    recipe.name = "sample";
    recipe.data.path = "dataset:fashion-mnist";
    recipe.model.architecture = "convnet";
    recipe.epochs = kEpochs;
    return recipe;
}

EpochRecord sampleEpoch(int number, Step step, const LayerTable& layers)
{
    EpochRecord epoch;
    epoch.epoch = number;
    epoch.step = step;
    epoch.train = {1.0 / number, 1.0 - 0.5 / number};
    epoch.validation = Scores{1.25 / number, 1.0 - 0.6 / number};
    epoch.learningRate = 1e-3;
    epoch.seconds = 12.345678;
    for (const auto& layer : layers)
        epoch.layers.push_back({layer.path, 0.001 * number, 1.0 / (number + 3), 0.5});
    return epoch;
}

/// A session as long training leaves it: noisy curves, measured layers, some interventions.
Session sampleSession(Step steps)
{
    Session session;
    session.recipe = sampleRecipe();
    session.state = SessionState::Finished;
    for (int i = 0; i < kLayers; ++i) {
        LayerInfo layer;
        layer.path = layer.name = "layer" + std::to_string(i);
        layer.kind = "Conv2d";
        layer.parameters = 1000;
        session.layers.push_back(layer);
    }
    for (Step step = 0; step < steps; ++step) {
        const auto x = static_cast<double>(step);
        session.steps.push_back({step, static_cast<int>(step * kEpochs / steps) + 1,
                                 2.0 / (1.0 + x / 500.0) + 0.1 * std::sin(x * 12.9898),
                                 0.5 + 0.4 * std::sin(x / 700.0), 1e-3, 0.0, x * 0.0123456789});
    }
    for (int i = 1; i <= kEpochs; ++i)
        session.epochs.push_back(sampleEpoch(i, steps * i / kEpochs, session.layers));
    for (int i = 0; i < 8; ++i)
        session.interventions.push_back(
            {steps * i / 8, {ChangeKind::LearningRate, "", 1e-4}, Origin::User, ""});
    session.summary = {steps, 100.0, kEpochs, 0.97, Scores{0.1, 0.97}};
    return session;
}

/// Copies of one session under ids of their own, written as plainly as can be.
Status makeSessions(const fs::path& folder, int count, Step steps)
{
    const SessionStore store(folder);
    auto session = sampleSession(steps);
    const auto first = store.create(session);
    if (!first)
        return tl::unexpected(first.error());
    const auto text = readFile(*first / "session.json");
    if (!text)
        return tl::unexpected(text.error());
    const auto place = text->find(session.id);
    for (int i = 1; i < count; ++i) {
        auto copy = *text;
        const auto id = session.id.substr(0, session.id.size() - 6) + std::to_string(100'000 + i);
        copy.replace(place, session.id.size(), id);
        fs::create_directories(folder / id);
        std::ofstream(folder / id / "session.json") << copy;
    }
    return {};
}

Status measure(const fs::path& folder, int count, Step steps, Step longest)
{
    Status made;
    const double making = secondsOf([&] { made = makeSessions(folder, count, steps); });
    if (!made)
        return made;
    const SessionStore store(folder);
    auto listings = store.list();
    const auto bytes = fs::file_size(listings.front().folder / "session.json");
    std::printf("%d sessions of %lld steps, %d epochs, %d layers, %.2f MB each (made in %.1f s)\n", count,
                static_cast<long long>(steps), kEpochs, kLayers, static_cast<double>(bytes) / 1e6, making);
    const auto bad = std::ranges::count_if(listings, [](const auto& each) { return !each.session; });
    std::printf("list: %.0f ms for %zu, %td of them with an error\n",
                1e3 * medianSecondsOf(5, [&] { listings = store.list(); }), listings.size(), bad);
    std::printf("open one: %.0f ms\n", 1e3 * medianSecondsOf(5, [&] {
                                           made = made && SessionStore::load(listings.front().folder)
                                                      ? Status()
                                                      : badInput("a session cannot be opened");
                                       }));
    auto session = sampleSession(longest);
    const auto created = store.create(session);
    if (!created)
        return tl::unexpected(created.error());
    std::size_t read = 0;
    const double opening = secondsOf([&] {
        if (const auto loaded = SessionStore::load(*created))
            read = loaded->steps.size();
    });
    ::rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("open one of %zu steps, %.1f MB: %.2f s; most memory held: %.2f GB\n", read,
                static_cast<double>(fs::file_size(*created / "session.json")) / 1e6, opening,
                static_cast<double>(usage.ru_maxrss) / 1e6);
    std::printf("its head alone: %.1f ms\n",
                1e3 * medianSecondsOf(5, [&] { static_cast<void>(SessionStore::loadHead(*created)); }));
    return made;
}

} // namespace

int main(int argc, char** argv)
{
    const auto argument = [&](int i, Step usual) { return argc > i ? std::atoll(argv[i]) : usual; };
    const auto folder = fs::temp_directory_path() / ("bench_sessions-" + std::to_string(::getpid()));
    const auto measured =
        measure(folder, static_cast<int>(argument(1, 1000)), argument(2, 10'000), argument(3, 1'000'000));
    std::error_code code;
    fs::remove_all(folder, code);
    if (!measured)
        std::fprintf(stderr, "%s\n", measured.error().message.c_str());
    return measured ? 0 : 1;
}
