#include "session/range_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "session/compare_facts.h"
#include "session/svg_chart.h"

namespace frostline {

namespace {

constexpr double kWidth = 900.0;
constexpr double kHeight = 480.0;
constexpr double kLeft = 64.0;
constexpr double kRight = kWidth - 24.0;
constexpr double kTop = 84.0; ///< Above it a row for each suggestion.
constexpr double kBottom = kHeight - 48.0;
constexpr double kRow = 17.0;
constexpr const char* kCurve = "#0072b2";
constexpr const char* kMark = "#a04000";

std::string number(double value)
{
    return fixedText(value, 1);
}

std::string rateText(double rate)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", rate);
    return text;
}

std::string line(double x1, double y1, double x2, double y2, const std::string& style)
{
    return "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" +
           number(y2) + "\" " + style + "/>\n";
}

std::string text(double x, double y, const std::string& style, const std::string& content)
{
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + style + ">" + escaped(content) +
           "</text>\n";
}

/// Draws one test; places are those of its axes.
class RangeDrawing {
public:
    explicit RangeDrawing(const RangeTest& test)
        : m_test(test),
          m_first(std::log10(test.options.start)),
          m_last(std::log10(test.options.end)),
          m_low(test.points.front().smoothed),
          m_high(m_low)
    {
        for (const auto& point : test.points)
            m_high = std::max(m_high, point.smoothed);
        for (const auto& point : test.points)
            m_low = std::min({m_low, point.smoothed, point.loss});
        const double room = std::max(0.05 * (m_high - m_low), 1e-9);
        m_low -= room;
        m_high += room;
    }

    std::string svg() const
    {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(kWidth) + " " +
               number(kHeight) +
               "\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\" "
               "aria-label=\"Range test: loss over learning rate\">\n"
               "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n" +
               axes() + curve(&RangePoint::loss, "stroke-width=\"1\" stroke-opacity=\"0.4\"") +
               curve(&RangePoint::smoothed, "stroke-width=\"2.4\"") + marks() + "</svg>\n";
    }

private:
    double xOf(double rate) const
    {
        return kLeft + (kRight - kLeft) * (std::log10(rate) - m_first) / (m_last - m_first);
    }
    /// A raw loss may shoot out of the picture; its line ends at the frame.
    double yOf(double loss) const
    {
        return kBottom - (kBottom - kTop) * (std::min(loss, m_high) - m_low) / (m_high - m_low);
    }
    double smoothedAt(double rate) const
    {
        const auto after = std::ranges::lower_bound(m_test.points, rate, {}, &RangePoint::rate);
        return after == m_test.points.end() ? m_test.points.back().smoothed : after->smoothed;
    }
    /// Powers of ten, or the ends where no two lie between them.
    std::vector<double> ratesAtTicks() const
    {
        std::vector<double> rates;
        for (int decade = static_cast<int>(std::ceil(m_first - 1e-9)); decade <= m_last + 1e-9; ++decade)
            rates.push_back(std::pow(10.0, decade));
        return rates.size() < 2 ? std::vector{m_test.options.start, m_test.options.end} : rates;
    }
    std::string axes() const
    {
        const std::string grid = "stroke=\"#dddddd\"";
        std::string svg;
        for (const double rate : ratesAtTicks())
            svg += line(xOf(rate), kTop, xOf(rate), kBottom, grid) +
                   text(xOf(rate), kBottom + 18.0, "text-anchor=\"middle\"", rateText(rate));
        for (const double tick : ticksBetween(m_low, m_high, 6))
            svg += line(kLeft, yOf(tick), kRight, yOf(tick), grid) +
                   text(kLeft - 8.0, yOf(tick) + 4.5, "text-anchor=\"end\"", tickText(tick));
        const double middle = (kTop + kBottom) / 2.0;
        return svg + line(kLeft, kBottom, kRight, kBottom, "stroke=\"#555555\"") +
               line(kLeft, kTop, kLeft, kBottom, "stroke=\"#555555\"") +
               text((kLeft + kRight) / 2.0, kHeight - 10.0, "text-anchor=\"middle\"", "learning rate") +
               text(18.0, middle,
                    "text-anchor=\"middle\" transform=\"rotate(-90 18 " + number(middle) + ")\"", "loss");
    }
    std::string curve(double RangePoint::*value, const std::string& style) const
    {
        std::string places;
        for (const auto& point : m_test.points)
            places += number(xOf(point.rate)) + "," + number(yOf(point.*value)) + " ";
        return std::string("<polyline fill=\"none\" stroke=\"") + kCurve + "\" " + style + " points=\"" +
               places + "\"/>\n";
    }
    std::string marks() const
    {
        std::string svg;
        double y = kRow;
        for (const auto& suggestion : m_test.suggestions) {
            if (!suggestion.rate)
                continue;
            const double x = xOf(*suggestion.rate);
            svg += line(x, y - 10.0, x, kBottom,
                        std::string("stroke-dasharray=\"5 4\" stroke=\"") + kMark + "\"") +
                   "<circle cx=\"" + number(x) + "\" cy=\"" + number(yOf(smoothedAt(*suggestion.rate))) +
                   "\" r=\"5\" fill=\"" + kMark + "\"/>\n" +
                   text(x + 5.0, y, "fill=\"#333333\"",
                        std::string(nameOf(suggestion.method)) + " " + rateText(*suggestion.rate));
            y += kRow;
        }
        return svg;
    }

    const RangeTest& m_test;
    double m_first;
    double m_last;
    double m_low;
    double m_high;
};

} // namespace

std::string svgOf(const RangeTest& test)
{
    return test.points.empty() ? std::string() : RangeDrawing(test).svg();
}

} // namespace frostline
