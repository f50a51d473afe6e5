#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace frostline {

void onAllCores(std::int64_t count, const std::function<bool(std::int64_t)>& work)
{
    std::atomic<std::int64_t> next = 0;
    std::atomic<bool> ended = false;
    const auto workOn = [&] {
        while (!ended) {
            const auto index = next++;
            if (index >= count)
                return;
            if (!work(index))
                ended = true;
        }
    };
    const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
    std::vector<std::jthread> others;
    for (std::int64_t i = 1; i < std::min(cores, count); ++i)
        others.emplace_back(workOn);
    workOn();
}

} // namespace frostline
