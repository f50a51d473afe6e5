#include "session/freeze_strip.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "session/svg_chart.h"

namespace frostline {

namespace {

constexpr double kWidth = 960.0;
constexpr double kTop = 14.0;

std::string number(double value)
{
    return fixedText(value, 1);
}

class StripWriter {
public:
    StripWriter(const ComparedSession& session, std::size_t index, Step steps)
        : m_session(session),
          m_index(index),
          m_steps(static_cast<double>(steps)),
          m_rowHeight(session.history.size() > 30 ? 10.0 : 16.0)
    {
        std::size_t longest = 0;
        for (const auto& row : session.history)
            longest = std::max(longest, row.path.size());
        m_left = std::clamp(static_cast<double>(longest) * fontSize() * 0.62 + 14.0, 62.0, 300.0);
        m_bottom = kTop + m_rowHeight * static_cast<double>(session.history.size());
    }

    std::string text()
    {
        const auto id = std::to_string(m_index + 1);
        m_svg = "<svg class=\"strip\" role=\"img\" viewBox=\"0 0 " + number(kWidth) + " " +
                number(m_bottom + 38.0) +
                "\" xmlns=\"http://www.w3.org/2000/svg\" aria-label=\"What was trainable when in session " +
                id + "\"><defs><pattern id=\"hatch-" + id +
                "\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                "<path class=\"hatch\" d=\"M0 0V5\"/></pattern></defs>";
        double y = kTop;
        for (const auto& row : m_session.history) {
            addRow(row, y);
            y += m_rowHeight;
        }
        for (const auto& difference : m_session.differences)
            addDifference(difference);
        addMarks();
        addAxis();
        return m_svg + "</svg>\n";
    }

private:
    double fontSize() const { return m_rowHeight > 12.0 ? 10.5 : 8.0; }
    double px(Step step) const
    {
        return m_left + static_cast<double>(step) / m_steps * (kWidth - 20.0 - m_left);
    }
    std::string box(const char* style, Step from, Step to, double y, double height) const
    {
        return "<rect class=\"" + std::string(style) + "\" x=\"" + number(px(from)) + "\" y=\"" + number(y) +
               "\" width=\"" + number(std::max(px(to) - px(from), 0.3)) + "\" height=\"" + number(height) +
               "\"";
    }

    void addRow(const LayerHistory& row, double y)
    {
        m_svg += "<text class=\"layer\" text-anchor=\"end\" x=\"" + number(m_left - 8.0) + "\" y=\"" +
                 number(y + m_rowHeight * 0.5 + fontSize() * 0.36) + "\" font-size=\"" + number(fontSize()) +
                 "\">" + escaped(row.path) + "</text>";
        for (const auto& span : row.spans) {
            const double tall = m_rowHeight - 4.0;
            if (span.state == FreezeState::Trainable)
                m_svg += box("trainable", span.from, span.to, y + 1.0, tall);
            else if (span.state == FreezeState::StatisticsOnly)
                m_svg += box("statistics", span.from, span.to, y + 1.0, tall) + " fill=\"url(#hatch-" +
                         std::to_string(m_index + 1) + ")\"";
            else
                m_svg += box("frozen", span.from, span.to, y + 1.0 + tall * 0.36, tall * 0.28);
            m_svg += "><title>" + escaped(row.path) + ": " + std::string(nameOf(span.state)) + " in steps " +
                     std::to_string(span.from) + " to " + std::to_string(span.to - 1) + "</title></rect>";
        }
    }
    void addDifference(const FreezeDifference& difference)
    {
        const auto row = std::ranges::find(m_session.history, difference.path, &LayerHistory::path);
        const double y = kTop + m_rowHeight * static_cast<double>(row - m_session.history.begin() + 1);
        m_svg += box("other", difference.from, difference.to, y - 2.4, 1.4) + "/>";
    }
    void addMarks()
    {
        std::map<long, std::string> texts;
        for (const auto& [step, change, origin, at] : m_session.session->interventions) {
            if (static_cast<double>(step) > m_steps)
                continue;
            auto& text = texts[std::lround(px(step))];
            text += (text.empty() ? "step " : "\nstep ") + std::to_string(step) + ": " + toText(change);
        }
        for (const auto& [x, text] : texts)
            m_svg += "<g class=\"mark " + runClass(m_index) + "\"><title>" + escaped(text) +
                     "</title><path class=\"when\" d=\"M" + std::to_string(x) + " 8V" + number(m_bottom) +
                     "\"/><path class=\"flag\" d=\"M" + std::to_string(x) + " 11l-4.2 -8h8.4z\"/></g>";
    }
    void addAxis()
    {
        m_svg += "<path class=\"axis\" d=\"M" + number(m_left) + " " + number(m_bottom + 2.0) + "H" +
                 number(kWidth - 20.0) + "\"/>";
        for (const double tick : ticksBetween(0.0, m_steps, 9)) {
            const auto x = number(px(static_cast<Step>(tick)));
            m_svg += "<path class=\"axis\" d=\"M" + x + " " + number(m_bottom + 2.0) +
                     "v4\"/><text class=\"tick\" text-anchor=\"middle\" x=\"" + x + "\" y=\"" +
                     number(m_bottom + 18.0) + "\">" + tickText(tick) + "</text>";
        }
        m_svg += "<text class=\"name\" text-anchor=\"middle\" x=\"" + number((m_left + kWidth - 20.0) / 2.0) +
                 "\" y=\"" + number(m_bottom + 34.0) + "\">step</text>";
    }

    const ComparedSession& m_session;
    std::size_t m_index;
    double m_steps;
    double m_rowHeight;
    double m_left = 0.0;
    double m_bottom = 0.0;
    std::string m_svg;
};

} // namespace

std::string freezeStripSvg(const ComparedSession& session, std::size_t index, Step steps)
{
    if (steps <= 0 || session.history.empty())
        return "";
    return StripWriter(session, index, steps).text();
}

} // namespace frostline
