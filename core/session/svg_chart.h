#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "session/comparison.h"

namespace frostline {

/// Text between tags or in quotes, of HTML and XML alike. What neither of them allows becomes U+FFFD.
std::string escaped(std::string_view text);

/// What belongs to one session is of the class `rN`, which the page gives a colour `--c` and lights up.
std::string runClass(std::size_t session);

struct ChartAxis {
    std::string title;  ///< With its unit.
    double scale = 1.0; ///< From a value to what stands at the ticks.
    bool isLogarithmic = false;
    std::vector<std::string> names{}; ///< Of the places 0, 1, 2, ..., in place of numbers; for the x axis.
    bool isFromZero = false;          ///< Zero is on it whatever the values; for the y axis.
};

/// A thin line longer than this is drawn as the means of stretches, with all of it faint behind.
inline constexpr std::size_t kLongCurve = 400;

struct ChartLine {
    enum class Style { Thin, Dashed, Mean };

    std::size_t session = 0;
    Style style = Style::Thin;
    std::string text; ///< Shown when pointed at.
    std::vector<CurvePoint> points;
    bool isNumbered = false; ///< The session's number stands at its end.
};

struct ChartBand {
    std::size_t session = 0;
    std::vector<BandPoint> points;
};

/// Mean and deviation over seeds, as an upright bar with caps.
struct ChartBar {
    std::size_t session = 0;
    BandPoint spread;
};

struct ChartDot {
    std::size_t session = 0;
    CurvePoint place;
    std::string text;
};

/// Something that happened at a place of the axis; drawn above the curves, a lane for each session.
struct ChartMark {
    std::size_t session = 0;
    double x = 0.0;
    std::string text;
};

struct Chart {
    std::string title;
    double width = 960.0;
    double height = 330.0;
    ChartAxis xAxis;
    ChartAxis yAxis;
    std::vector<ChartLine> lines;
    std::vector<ChartBand> bands;
    std::vector<ChartBar> bars;
    std::vector<ChartDot> dots;
    std::vector<ChartMark> marks;
    std::vector<CurvePoint> frontier; ///< A dotted line that only climbs in steps.
};

/// The chart as an <svg> element that takes its colours from the page's style sheet. Empty where there is
/// nothing to draw.
std::string svgOf(const Chart& chart);

/// At most four points for each of `columns`: the first, the last and the extremes, in order.
std::vector<CurvePoint> thinned(const std::vector<CurvePoint>& points, std::size_t columns);

/// Round numbers, about `count` of them, from `low` to `high`.
std::vector<double> ticksBetween(double low, double high, int count);
std::string tickText(double value);

} // namespace frostline
