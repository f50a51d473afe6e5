// What recording costs the step loop: nanoseconds for each step that is handed to the writer's thread.

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "training/session_recorder.h"

int main(int argc, char** argv)
{
    using namespace frostline;
    using Clock = std::chrono::steady_clock;
    constexpr Step kSteps = 1'000'000;
    const std::filesystem::path folder =
        argc > 1 ? argv[1] : std::filesystem::temp_directory_path() / "frostline-bench";
    Session known;
    known.recipe.name = "bench";
    SessionRecorder recorder(known);
    if (const auto begun = recorder.begin(folder, {}); !begun) {
        std::fprintf(stderr, "%s\n", begun.error().message.c_str());
        return 1;
    }
    const auto began = Clock::now();
    for (Step step = 0; step < kSteps; ++step)
        recorder.addStep(
            {step, 1, 1.0 / static_cast<double>(step + 1), 0.5, 1e-3, 0.0, 1e-3 * static_cast<double>(step)});
    const std::chrono::duration<double> seconds = Clock::now() - began;
    const auto ended = recorder.end(SessionState::Finished, "", {}, 1.0);
    const std::chrono::duration<double> whole = Clock::now() - began;
    std::printf("%ld steps: %.0f ns each in the step loop; written and folded after %.2f s\n",
                static_cast<long>(kSteps), 1e9 * seconds.count() / static_cast<double>(kSteps),
                whole.count());
    std::filesystem::remove_all(recorder.folder());
    return ended ? 0 : 1;
}
