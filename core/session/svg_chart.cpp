#include "session/svg_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/number.h"
#include "session/compare_facts.h"

namespace frostline {

namespace {

constexpr std::size_t kColumns = 1000;
constexpr std::size_t kStretches = 160;
constexpr double kLane = 11.0;
constexpr double kFontSize = 11.5;

std::string number(double value)
{
    return fixedText(value, 1);
}

std::string quoted(const char* name, double value)
{
    return std::string(" ") + name + "=\"" + number(value) + "\"";
}

std::string textAt(double x, double y, const std::string& attributes, std::string_view text)
{
    return "<text" + quoted("x", x) + quoted("y", y) + " " + attributes + ">" + escaped(text) + "</text>";
}

std::string titleOf(const std::string& text)
{
    return text.empty() ? "" : "<title>" + escaped(text) + "</title>";
}

/// The least interval that holds all values put in.
struct Interval {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void add(double value)
    {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    bool isEmpty() const { return low > high; }
    void widen(double share)
    {
        const double more = high > low ? (high - low) * share : std::max(std::abs(high) * share, 1e-9);
        low -= more;
        high += more;
    }
};

/// The means over stretches of equally many points.
std::vector<CurvePoint> stretchMeans(const std::vector<CurvePoint>& points, std::size_t stretches)
{
    std::vector<CurvePoint> means;
    for (std::size_t i = 0; i < stretches; ++i) {
        const std::size_t from = points.size() * i / stretches;
        const std::size_t to = points.size() * (i + 1) / stretches;
        CurvePoint sum;
        for (std::size_t k = from; k < to; ++k)
            sum = {sum.x + points[k].x, sum.y + points[k].y};
        const auto count = static_cast<double>(to - from);
        means.push_back({sum.x / count, sum.y / count});
    }
    return means;
}

class SvgWriter {
public:
    explicit SvgWriter(const Chart& chart) : m_chart(chart)
    {
        for (const auto& mark : chart.marks)
            m_lanes.emplace(mark.session, 0.0);
        double y = 12.0;
        for (auto& [session, lane] : m_lanes) {
            lane = y;
            y += kLane;
        }
        m_top = y + 2.0;
        m_right = chart.width - 34.0;
        m_height = chart.height + kLane * static_cast<double>(m_lanes.size());
        m_bottom = m_height - 44.0;
        measure();
    }

    bool isEmpty() const { return m_x.isEmpty() || m_y.isEmpty(); }
    std::string text()
    {
        m_svg = "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 " + number(m_chart.width) + " " +
                number(m_height) + "\" xmlns=\"http://www.w3.org/2000/svg\" aria-label=\"" +
                escaped(m_chart.title) + "\">";
        addAxes();
        addMarks();
        addFrontier();
        for (const auto& band : m_chart.bands)
            addBand(band);
        for (const auto& bar : m_chart.bars)
            addBar(bar);
        for (const auto& line : m_chart.lines)
            addLine(line);
        addNumbers();
        for (const auto& dot : m_chart.dots)
            addDot(dot);
        return m_svg + "</svg>\n";
    }

private:
    void measure()
    {
        for (const auto& line : m_chart.lines) {
            for (const auto& point : line.points)
                take(point.x, point.y);
        }
        for (const auto& band : m_chart.bands) {
            for (const auto& point : band.points)
                take(point);
        }
        for (const auto& bar : m_chart.bars)
            take(bar.spread);
        for (const auto& dot : m_chart.dots)
            take(dot.place.x, dot.place.y);
        if (isEmpty())
            return;
        if (!m_chart.xAxis.names.empty())
            m_x = {-0.4, static_cast<double>(m_chart.xAxis.names.size()) - 0.6};
        else if (!m_chart.dots.empty())
            m_x.widen(0.06);
        else if (m_x.low == m_x.high)
            m_x.widen(0.5);
        if (m_chart.yAxis.isFromZero)
            m_y.add(0.0);
        const bool isNeverNegative = !m_chart.yAxis.isLogarithmic && m_y.low >= 0.0;
        m_y.widen(m_chart.dots.empty() ? 0.04 : 0.12);
        if (isNeverNegative)
            m_y.low = std::max(m_y.low, 0.0);
    }
    void take(double x, double y)
    {
        m_x.add(x);
        m_y.add(m_chart.yAxis.isLogarithmic ? std::log10(y) : y);
    }
    void take(const BandPoint& point)
    {
        take(point.x, point.mean - point.deviation);
        take(point.x, point.mean + point.deviation);
    }
    double px(double x) const { return m_left + (x - m_x.low) / (m_x.high - m_x.low) * (m_right - m_left); }
    double py(double y) const
    {
        const double height = m_chart.yAxis.isLogarithmic ? std::log10(y) : y;
        return m_bottom - (height - m_y.low) / (m_y.high - m_y.low) * (m_bottom - m_top);
    }
    std::string place(double x, double y) const { return number(px(x)) + " " + number(py(y)); }

    void addAxes()
    {
        for (const double y : yTicks()) {
            const double at = py(y);
            m_svg += "<path class=\"grid\" d=\"M" + number(m_left) + " " + number(at) + "H" +
                     number(m_right) + "\"/>" +
                     textAt(m_left - 7.0, at + 4.0, "class=\"tick\" text-anchor=\"end\"",
                            tickText(y * m_chart.yAxis.scale));
        }
        for (const auto& [x, text] : xTicks()) {
            const double at = px(x);
            m_svg += "<path class=\"axis\" d=\"M" + number(at) + " " + number(m_bottom) + "v5\"/>" +
                     textAt(at, m_bottom + 18.0, "class=\"tick\" text-anchor=\"middle\"", text);
        }
        m_svg += "<path class=\"axis\" d=\"M" + number(m_left) + " " + number(m_bottom) + "H" +
                 number(m_right) + "\"/>" +
                 textAt((m_left + m_right) / 2.0, m_bottom + 37.0, "class=\"name\" text-anchor=\"middle\"",
                        m_chart.xAxis.title);
        const double middle = (m_top + m_bottom) / 2.0;
        m_svg += textAt(15.0, middle,
                        "class=\"name\" text-anchor=\"middle\" transform=\"rotate(-90 15 " + number(middle) +
                            ")\"",
                        m_chart.yAxis.title);
    }
    static std::vector<double> scaledTicks(const Interval& interval, double scale, int count)
    {
        auto ticks = ticksBetween(interval.low * scale, interval.high * scale, count);
        for (auto& tick : ticks)
            tick /= scale;
        return ticks;
    }
    std::vector<std::pair<double, std::string>> xTicks() const
    {
        std::vector<std::pair<double, std::string>> ticks;
        for (const auto& name : m_chart.xAxis.names)
            ticks.emplace_back(static_cast<double>(ticks.size()), name);
        if (!ticks.empty())
            return ticks;
        const double scale = m_chart.xAxis.scale;
        for (const double x : scaledTicks(m_x, scale, 9))
            ticks.emplace_back(x, tickText(x * scale));
        return ticks;
    }
    std::vector<double> yTicks() const
    {
        if (!m_chart.yAxis.isLogarithmic)
            return scaledTicks(m_y, m_chart.yAxis.scale, 6);
        std::vector<double> ticks;
        const double every = std::max(1.0, std::ceil((m_y.high - m_y.low) / 8.0));
        for (double power = std::ceil(m_y.low); power <= m_y.high; power += every)
            ticks.push_back(std::pow(10.0, power));
        return ticks;
    }

    void addMarks()
    {
        // What falls on one pixel is one mark with all their texts.
        std::map<std::pair<std::size_t, long>, std::string> texts;
        for (const auto& mark : m_chart.marks) {
            if (mark.x < m_x.low || mark.x > m_x.high)
                continue;
            auto& text = texts[{mark.session, std::lround(px(mark.x))}];
            text += (text.empty() ? "" : "\n") + mark.text;
        }
        for (const auto& [session, lane] : m_lanes)
            m_svg += "<g class=\"run " + runClass(session) + "\">" +
                     textAt(m_left - 7.0, lane + 3.5, "class=\"lane\" text-anchor=\"end\"",
                            std::to_string(session + 1)) +
                     "</g>";
        for (const auto& [where, text] : texts) {
            const auto x = std::to_string(where.second);
            const double lane = m_lanes.at(where.first);
            m_svg += "<g class=\"run mark " + runClass(where.first) + "\">" + titleOf(text) +
                     "<path class=\"when\" d=\"M" + x + " " + number(lane) + "V" + number(m_bottom) +
                     "\"/><path class=\"flag\" d=\"M" + x + " " + number(lane + 4.5) +
                     "l-4.2 -8h8.4z\"/></g>";
        }
    }
    void addFrontier()
    {
        if (m_chart.frontier.size() < 2)
            return;
        std::string path;
        for (const auto& [x, y] : m_chart.frontier)
            path += path.empty() ? "M" + place(x, y) : "H" + number(px(x)) + "V" + number(py(y));
        m_svg += "<path class=\"frontier\" d=\"" + path + "\"/>";
    }
    void addBand(const ChartBand& band)
    {
        std::string path;
        for (const auto& point : band.points)
            path += (path.empty() ? "M" : "L") + place(point.x, point.mean + point.deviation);
        for (auto point = band.points.rbegin(); point != band.points.rend(); ++point)
            path += "L" + place(point->x, point->mean - point->deviation);
        if (!path.empty())
            m_svg += "<path class=\"run band " + runClass(band.session) + "\" d=\"" + path + "z\"/>";
    }
    void addBar(const ChartBar& bar)
    {
        const auto& [x, mean, deviation] = bar.spread;
        const double at = px(x);
        const double cap = 5.0;
        const auto capAt = [&](double y) {
            return "M" + number(at - cap) + " " + number(py(y)) + "H" + number(at + cap);
        };
        m_svg += "<g class=\"run " + runClass(bar.session) + "\"><path class=\"bar\" d=\"M" +
                 place(x, mean - deviation) + "V" + number(py(mean + deviation)) + capAt(mean - deviation) +
                 capAt(mean + deviation) + "\"/></g>";
    }
    void addLine(const ChartLine& line)
    {
        if (line.points.empty())
            return;
        constexpr std::array kClasses{"thin", "dashed", "mean"};
        constexpr std::size_t kMostDots = 60;
        m_svg += "<g class=\"run " + runClass(line.session) + "\">" + titleOf(line.text);
        const bool isLong = line.style == ChartLine::Style::Thin && line.points.size() > kLongCurve;
        if (isLong)
            addPath("raw", thinned(line.points, kColumns));
        const auto points = isLong ? stretchMeans(line.points, kStretches) : thinned(line.points, kColumns);
        addPath(kClasses[static_cast<std::size_t>(line.style)], points);
        if (line.style != ChartLine::Style::Thin && points.size() <= kMostDots) {
            for (const auto& [x, y] : points)
                m_svg += "<circle class=\"dot\"" + quoted("cx", px(x)) + quoted("cy", py(y)) + " r=\"2.6\"/>";
        }
        m_svg += "</g>";
    }
    void addPath(const char* style, const std::vector<CurvePoint>& points)
    {
        std::string path;
        for (const auto& [x, y] : points)
            path += (path.empty() ? "M" : "L") + place(x, y);
        m_svg += "<path class=\"" + std::string(style) + "\" d=\"" + path + "\"/>";
    }
    /// Numbers at the ends of lines, pushed apart where they would cover one another.
    void addNumbers()
    {
        struct Label {
            double x, y;
            std::size_t session;
        };
        std::vector<Label> labels;
        for (const auto& line : m_chart.lines) {
            if (line.isNumbered && !line.points.empty())
                labels.push_back({px(line.points.back().x), py(line.points.back().y), line.session});
        }
        std::ranges::sort(labels, {}, &Label::y);
        for (std::size_t i = 1; i < labels.size(); ++i)
            labels[i].y = std::max(labels[i].y, labels[i - 1].y + kFontSize);
        double lowest = m_bottom - 4.0;
        for (auto label = labels.rbegin(); label != labels.rend(); ++label, lowest -= kFontSize)
            label->y = std::min(label->y, lowest);
        for (const auto& [x, y, session] : labels)
            m_svg += "<g class=\"run " + runClass(session) + "\">" +
                     textAt(x + 8.0, y + 4.0, "class=\"end\"", std::to_string(session + 1)) + "</g>";
    }
    /// Dots that cover one another have their numbers side by side.
    void addDot(const ChartDot& dot)
    {
        const double x = px(dot.place.x);
        const double y = py(dot.place.y);
        double numberAt = x + 9.0;
        for (const auto* other = m_chart.dots.data(); other != &dot; ++other) {
            if (std::hypot(px(other->place.x) - x, py(other->place.y) - y) < 10.0)
                numberAt += 16.0;
        }
        m_svg += "<g class=\"run " + runClass(dot.session) + "\">" + titleOf(dot.text) +
                 "<circle class=\"point\"" + quoted("cx", x) + quoted("cy", y) + " r=\"6\"/>" +
                 textAt(numberAt, y - 6.0, "class=\"end\"", std::to_string(dot.session + 1)) + "</g>";
    }

    const Chart& m_chart;
    Interval m_x;
    Interval m_y;
    std::map<std::size_t, double> m_lanes; ///< Where each session's marks stand.
    double m_left = 62.0;
    double m_height = 0.0;
    double m_right = 0.0;
    double m_top = 0.0;
    double m_bottom = 0.0;
    std::string m_svg;
};

} // namespace

std::string escaped(std::string_view text)
{
    std::string made;
    for (const char c : text) {
        switch (c) {
        case '&':
            made += "&amp;";
            break;
        case '<':
            made += "&lt;";
            break;
        case '>':
            made += "&gt;";
            break;
        case '"':
            made += "&quot;";
            break;
        case '\'':
            made += "&#39;";
            break;
        default:
            made += static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t' ? std::string(1, c)
                                                                                    : "\xef\xbf\xbd";
        }
    }
    return made;
}

std::string runClass(std::size_t session)
{
    return "r" + std::to_string(session + 1);
}

std::string svgOf(const Chart& chart)
{
    SvgWriter writer(chart);
    return writer.isEmpty() ? "" : writer.text();
}

std::vector<CurvePoint> thinned(const std::vector<CurvePoint>& points, std::size_t columns)
{
    if (points.size() <= 2 * columns)
        return points;
    const double from = points.front().x;
    const double width = (points.back().x - from) / static_cast<double>(columns);
    const auto columnOf = [&](const CurvePoint& point) {
        return width > 0.0 ? static_cast<long>((point.x - from) / width) : 0;
    };
    std::vector<CurvePoint> kept;
    for (auto first = points.begin(); first != points.end();) {
        const auto end = std::find_if(first, points.end(),
                                      [&](const auto& point) { return columnOf(point) != columnOf(*first); });
        const auto [low, high] = std::ranges::minmax_element(first, end, {}, &CurvePoint::y);
        for (const auto place : std::set{first, low, high, std::prev(end)})
            kept.push_back(*place);
        first = end;
    }
    return kept;
}

std::vector<double> ticksBetween(double low, double high, int count)
{
    const double raw = (high - low) / count;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    double step = 10.0 * power;
    for (const double factor : {5.0, 2.0, 1.0})
        step = factor * power >= raw ? factor * power : step;
    std::vector<double> ticks;
    for (double k = std::ceil(low / step); k * step <= high; k += 1.0)
        ticks.push_back(k * step);
    return ticks;
}

std::string tickText(double value)
{
    // Four digits are more than any round number needs; they hide what binary fractions leave over.
    const double digits = value == 0.0 ? 0.0 : std::pow(10.0, 4.0 - std::floor(std::log10(std::abs(value))));
    const double tidy = digits > 0.0 && std::isfinite(digits) ? std::round(value * digits) / digits : value;
    return formatNumber(std::abs(tidy) < 1e-300 ? 0.0 : tidy);
}

} // namespace frostline
