// A sweep as a picture that needs no style sheet but its own.

#include <algorithm>

#include "session/svg_chart.h"
#include "sweep/sweep_table.h"

namespace frostline {

namespace {

// Every colour stands by itself, not behind a variable: there are readers of SVG that know none.
constexpr const char* kStyle = R"css(
text { font-family: system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; font-size: 12px; }
.paper { fill: #ffffff; } .title { font-size: 17px; font-weight: 600; fill: #1b2330; } .note { fill: #5a6573; font-size: 13px; }
.grid { stroke: #d8dee6; fill: none; } .axis { stroke: #5a6573; fill: none; }
.tick { fill: #5a6573; font-size: 11.5px; } .name { fill: #1b2330; }
.mean, .dashed, .bar { fill: none; stroke-linejoin: round; stroke-linecap: round; }
.mean { stroke-width: 2.4; } .dashed { stroke-width: 2; stroke-dasharray: 7 4.5; } .bar { stroke-width: 1.5; }
.dot { stroke: #ffffff; stroke-width: 0.8; }
.r1 path { stroke: #0072b2; } .r2 path { stroke: #d55e00; } .r3 path { stroke: #009e73; } .r4 path { stroke: #b8608f; }
.r5 path { stroke: #3a9bd6; } .r6 path { stroke: #c98a00; } .r7 path { stroke: #7a6f00; }
.r1 .dot { fill: #0072b2; } .r2 .dot { fill: #d55e00; } .r3 .dot { fill: #009e73; } .r4 .dot { fill: #b8608f; }
.r5 .dot { fill: #3a9bd6; } .r6 .dot { fill: #c98a00; } .r7 .dot { fill: #7a6f00; }
@media (prefers-color-scheme: dark) {
.paper { fill: #12161c; } .title, .name { fill: #e4e9f0; } .note, .tick { fill: #9aa6b5; }
.grid { stroke: #313a46; } .axis { stroke: #9aa6b5; } .dot { stroke: #12161c; }
.r1 path { stroke: #4aa8e0; } .r2 path { stroke: #ff8a3d; } .r3 path { stroke: #2fc79b; } .r4 path { stroke: #e29ac4; }
.r5 path { stroke: #8accf5; } .r6 path { stroke: #f0b93a; } .r7 path { stroke: #b8ab2e; }
.r1 .dot { fill: #4aa8e0; } .r2 .dot { fill: #ff8a3d; } .r3 .dot { fill: #2fc79b; } .r4 .dot { fill: #e29ac4; }
.r5 .dot { fill: #8accf5; } .r6 .dot { fill: #f0b93a; } .r7 .dot { fill: #b8ab2e; }
}
)css";

constexpr std::size_t kColours = 7;
constexpr double kWidth = 960.0;
constexpr double kTop = 104.0; ///< Of the first chart.
constexpr double kTall = 330.0;
constexpr double kLow = 240.0;

std::string number(double value)
{
    return fixedText(value, 1);
}

std::string textAt(double x, double y, const char* style, const std::string& text)
{
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" class=\"" + style + "\">" + escaped(text) +
           "</text>\n";
}

/// Rows of one line in the charts: those that differ in the first axis alone.
struct Series {
    std::string text; ///< What they have alike; empty where there is one series only.
    std::vector<std::pair<std::size_t, const SweepRow*>> rows; ///< With their places on the axis.
};

class SweepPicture {
public:
    explicit SweepPicture(const SweepTable& table) : m_table(table)
    {
        for (const auto& row : table.rows) {
            const auto [name, rest] = placeOf(row);
            const auto place = std::ranges::find(m_names, name);
            const auto index = static_cast<std::size_t>(place - m_names.begin());
            if (place == m_names.end())
                m_names.push_back(name);
            auto series = std::ranges::find(m_series, rest, &Series::text);
            if (series == m_series.end())
                series = m_series.insert(series, {rest, {}});
            series->rows.emplace_back(index, &row);
        }
    }

    std::string text(const std::string& title) const
    {
        const double height = kTop + kTall + kLow + 8.0;
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(kWidth) + " " +
               number(height) + "\" width=\"" + number(kWidth) + "\" height=\"" + number(height) +
               "\">\n<style>" + kStyle +
               "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n" +
               textAt(24.0, 32.0, "title", title) + textAt(24.0, 56.0, "note", bestText()) + legend() +
               placed(svgOf(qualityChart()), 0.0, kTop, kWidth, kTall) +
               placed(svgOf(timeChart()), 0.0, kTop + kTall, kWidth / 2.0, kLow) +
               placed(svgOf(shareChart()), kWidth / 2.0, kTop + kTall, kWidth / 2.0, kLow) + "</svg>\n";
    }

private:
    /// Its name on the axis, and what the series that it belongs to has alike.
    static std::pair<std::string, std::string> placeOf(const SweepRow& row)
    {
        auto rest = row.point->place;
        std::string name = "all";
        if (rest.depth > 0) {
            name = std::to_string(rest.depth) + " " + rest.lowest;
            rest.depth = 0;
        } else if (!rest.values.empty()) {
            name = rest.values.front().second;
            rest.values.erase(rest.values.begin());
        }
        return {name, textOf(rest)};
    }
    std::string axisTitle() const
    {
        if (m_table.hasDepths)
            return "depth: stages that train, and the lowest of them";
        return m_table.keys.empty() ? "" : m_table.keys.front();
    }
    /// Names that would run into one another are cut to their first word.
    ChartAxis xAxis(double width) const
    {
        constexpr double kCharacter = 6.6;
        auto names = m_names;
        std::size_t longest = 0;
        for (const auto& name : names)
            longest = std::max(longest, name.size());
        const double room = width / static_cast<double>(names.size());
        for (auto& name : names) {
            if (static_cast<double>(longest) * kCharacter > room && m_table.hasDepths)
                name.resize(std::min(name.find(' '), name.size()));
        }
        ChartAxis axis{axisTitle(), 1.0, false};
        axis.names = std::move(names);
        return axis;
    }
    double scale() const { return m_table.byAccuracy ? 100.0 : 1.0; }
    std::string figureName() const { return m_table.byAccuracy ? "accuracy (%)" : "loss"; }
    /// Series stand a little beside one another, so that their bars can be told apart.
    double shift(std::size_t line, std::size_t lines) const
    {
        constexpr double kApart = 0.07;
        return kApart * (static_cast<double>(line) - static_cast<double>(lines - 1) / 2.0);
    }

    struct Look {
        std::size_t colour;
        ChartLine::Style style;
        double shift;
    };
    static void add(Chart& chart, const Series& series, Spread SweepRow::*figure, const Look& look)
    {
        ChartLine line{look.colour, look.style, series.text, {}, false};
        for (const auto& [place, row] : series.rows) {
            const auto& spread = row->*figure;
            if (spread.count == 0)
                continue;
            const double x = static_cast<double>(place) + look.shift;
            line.points.push_back({x, spread.mean});
            if (spread.deviation > 0.0)
                chart.bars.push_back({look.colour, {x, spread.mean, spread.deviation}});
        }
        chart.lines.push_back(std::move(line));
    }

    Chart qualityChart() const
    {
        Chart chart;
        chart.title = "Validation and test over the first axis of the sweep";
        chart.xAxis = xAxis(kWidth - 96.0);
        chart.yAxis = {figureName(), scale(), false};
        const std::size_t kinds = m_table.hasTest ? 2 : 1;
        const auto lines = kinds * m_series.size();
        for (std::size_t i = 0; i < m_series.size(); ++i) {
            add(chart, m_series[i], &SweepRow::validation,
                {colourOf(i), ChartLine::Style::Mean, shift(kinds * i, lines)});
            if (m_table.hasTest)
                add(chart, m_series[i], &SweepRow::test,
                    {testColourOf(i), ChartLine::Style::Dashed, shift(kinds * i + 1, lines)});
        }
        return chart;
    }
    Chart halfChart(const char* title, double scale, Spread SweepRow::*figure) const
    {
        Chart chart;
        chart.title = title;
        chart.width = kWidth / 2.0;
        chart.height = kLow;
        chart.xAxis = xAxis(chart.width - 96.0);
        chart.yAxis = {title, scale, false};
        chart.yAxis.isFromZero = true;
        for (std::size_t i = 0; i < m_series.size(); ++i)
            add(chart, m_series[i], figure, {colourOf(i), ChartLine::Style::Mean, shift(i, m_series.size())});
        return chart;
    }
    Chart timeChart() const { return halfChart("time (s)", 1.0, &SweepRow::seconds); }
    Chart shareChart() const { return halfChart("trainable share (%)", 100.0, &SweepRow::trainableShare); }

    std::size_t colourOf(std::size_t series) const { return series % kColours; }
    std::size_t testColourOf(std::size_t series) const { return m_series.size() == 1 ? 1 : colourOf(series); }

    std::string bestText() const
    {
        const auto* best = m_table.best();
        if (!best)
            return "No point is done with all its seeds yet.";
        const auto place = textOf(best->point->place);
        std::string text = "Best by validation: " + (place.empty() ? "its only point" : place) + ", " +
                           spreadText(best->validation);
        if (best->test.count > 0)
            text += "; test " + spreadText(best->test);
        return text + (best->validation.count > 1
                           ? ". Mean and deviation over " + std::to_string(best->validation.count) + " seeds."
                           : ".");
    }
    std::string spreadText(const Spread& spread) const
    {
        const int decimals = m_table.byAccuracy ? 2 : 4;
        auto text = fixedText(spread.mean * scale(), decimals);
        if (spread.count > 1)
            text += " ± " + fixedText(spread.deviation * scale(), decimals);
        return text + (m_table.byAccuracy ? " %" : "");
    }
    std::string legend() const
    {
        double x = 24.0;
        std::string svg;
        const auto item = [&](std::size_t colour, const char* style, const std::string& text) {
            constexpr double kCharacter = 7.0;
            svg += "<g class=\"" + runClass(colour) + "\"><path class=\"" + style + "\" d=\"M" + number(x) +
                   " 79h30\"/></g>" + textAt(x + 38.0, 83.0, "name", text);
            x += 66.0 + kCharacter * static_cast<double>(text.size());
        };
        item(0, "mean", "validation");
        if (m_table.hasTest)
            item(testColourOf(0), "dashed", "test");
        for (std::size_t i = 0; i < m_series.size() && m_series.size() > 1; ++i)
            item(colourOf(i), "mean", m_series[i].text);
        return svg;
    }
    static std::string placed(const std::string& svg, double x, double y, double width, double height)
    {
        constexpr std::size_t kBegin = 4; // <svg
        if (svg.empty())
            return "";
        return "<svg x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) +
               "\" height=\"" + number(height) + "\"" + svg.substr(kBegin);
    }

    const SweepTable& m_table;
    std::vector<std::string> m_names; ///< Of the places on the axis.
    std::vector<Series> m_series;
};

} // namespace

std::string sweepSvg(const SweepRecord& record)
{
    const auto table = tableOf(record);
    if (record.runsIn(SweepState::Finished) == 0)
        return "";
    return SweepPicture(table).text("Sweep of " + record.name);
}

} // namespace frostline
