#pragma once

#include <stop_token>

#include "training/range_test.h"

namespace frostline {

class RunLoop;

/// Makes a range test where a loop's run stands, with the batches of its first epochs, and leaves the loop as
/// it was. The recipe's schedule does not count; multipliers of layers keep their ratios. Belongs to the
/// thread that trains.
class RangeTester {
public:
    explicit RangeTester(RunLoop& loop) : m_loop(loop) {}

    Result<RangeTest> test(const RangeTestOptions& options, const RangeProgress& tell,
                           const std::stop_token& stop);

private:
    Status goBack(const std::stop_token& stop);
    Status applyDue();
    Status step(RangeCourse& course, const RangeProgress& tell);

    RunLoop& m_loop;
};

} // namespace frostline
