// A comparison as one page.

#include <algorithm>
#include <cctype>

#include "session/compare_facts.h"
#include "session/compare_pictures.h"
#include "session/compare_report.h"
#include "session/freeze_strip.h"
#include "session/report_style.h"

namespace frostline {

namespace {

constexpr std::size_t kColours = 7;

bool isColour(const std::string& text)
{
    return text.size() == 7 && text[0] == '#' &&
           std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

/// A colour for each session, and all others faint while one is pointed at.
std::string runStyles(const CompareFacts& facts)
{
    std::string css;
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        const auto& chosen = facts.sessions[i].session->colour;
        const auto run = runClass(i);
        css += "." + run +
               " { --c: " + (isColour(chosen) ? chosen : "var(--s" + std::to_string(i % kColours) + ")") +
               "; }\n" + "body:has(.run." + run + ":hover) .run:not(." + run + ") { opacity: 0.18; }\n";
    }
    return css;
}

std::string badge(std::size_t session)
{
    return "<span class=\"badge " + runClass(session) + "\">" + std::to_string(session + 1) + "</span>";
}

std::string badges(const std::vector<std::size_t>& sessions)
{
    std::string html;
    for (const auto session : sessions)
        html += badge(session) + " ";
    return html;
}

std::string withUnit(const Figure& figure, const std::string& text)
{
    return figure.unit.empty() ? text : text + " " + std::string(figure.unit);
}

/// The session with the best accuracy; the first of equals.
const ComparedSession* bestOf(const CompareFacts& facts)
{
    const auto best = std::ranges::max_element(
        facts.sessions, {}, [](const auto& session) { return session.figures.bestAccuracy.value_or(-1.0); });
    return best->figures.bestAccuracy ? &*best : nullptr;
}

std::string heading(const CompareFacts& facts)
{
    std::string html = "<header>\n<h1>" + std::to_string(facts.sessions.size()) +
                       " sessions compared</h1>\n<p class=\"lead\">";
    if (const auto* best = bestOf(facts)) {
        const auto index = static_cast<std::size_t>(best - facts.sessions.data());
        html += "Session " + badge(index) + " <b>" + escaped(best->label) +
                "</b> reached the best accuracy: " + fixedText(100.0 * *best->figures.bestAccuracy, 2) +
                " % in epoch " + std::to_string(best->figures.bestEpoch) + ", with " +
                fixedText(100.0 * best->trainableShare, 1) + " % of the parameters training on average.";
    } else {
        const bool any = std::ranges::any_of(
            facts.sessions, [](const auto& session) { return session.figures.last.has_value(); });
        html += any ? "Their tasks have no accuracy: the loss tells them apart."
                    : "No session has validated yet.";
    }
    return html + "</p>\n<p class=\"note\">Differences are counted from session " + badge(0) +
           ", the baseline. Point at a session to see it alone.</p>\n</header>\n";
}

std::string deltaHtml(const Figure& figure, const ComparedSession& session, const ComparedSession& baseline)
{
    const auto text = deltaText(figure, figure.of(session), figure.of(baseline));
    if (text.empty() || &session == &baseline)
        return "";
    const bool isMore = text.starts_with('+');
    if (!isMore && !text.starts_with('-'))
        return "<small>±0</small>";
    const bool isBetter = isMore == (figure.better == Figure::Better::Higher);
    const char* judged = figure.better == Figure::Better::Neither ? "" : isBetter ? "good" : "bad";
    return std::string("<small class=\"") + judged + "\">" + (isMore ? "▲ " : "▼ ") +
           (isMore ? text : "−" + text.substr(1)) + "</small>";
}

bool isBest(const Figure& figure, const CompareFacts& facts, std::optional<double> value)
{
    if (figure.better == Figure::Better::Neither || !value)
        return false;
    return std::ranges::none_of(facts.sessions, [&](const ComparedSession& other) {
        const auto theirs = figure.of(other);
        return theirs && (figure.better == Figure::Better::Higher ? *theirs > *value : *theirs < *value);
    });
}

std::string figuresTable(const CompareFacts& facts)
{
    std::string html = "<h2>Figures</h2>\n<div class=\"wide\"><table>\n<thead><tr><th></th><th>session</th>";
    for (const auto& figure : reportFigures())
        html += "<th class=\"number\">" + escaped(figure.title) + "</th>";
    html += "</tr></thead>\n<tbody>\n";
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        const auto& compared = facts.sessions[i];
        html += "<tr class=\"run " + runClass(i) + "\"><td>" + badge(i) + "</td><td>" +
                escaped(compared.label) + "<small>" + escaped(compared.session->id) + ", " +
                std::string(nameOf(compared.session->state)) + "</small></td>";
        for (const auto& figure : reportFigures()) {
            const auto value = figure.of(compared);
            html += std::string("<td class=\"number") + (isBest(figure, facts, value) ? " best" : "") +
                    "\">" + (value ? withUnit(figure, figureText(figure, value)) : "–") +
                    deltaHtml(figure, compared, facts.sessions.front()) + "</td>";
        }
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n<p class=\"note\">Loss and accuracy are those of validation. "
                  "Trainable is the share of all parameters that trained, on average over the steps. "
                  "★ the best of all.</p>\n";
}

std::string legend(const CompareFacts& facts)
{
    std::string html = "<ul class=\"legend\">";
    for (std::size_t i = 0; i < facts.sessions.size(); ++i)
        html += "<li class=\"run " + runClass(i) + "\">" + badge(i) + " " + escaped(facts.sessions[i].label) +
                "</li>";
    const auto swatch = [](const char* style, const char* text) {
        return std::string("<li><svg viewBox=\"0 0 30 10\" xmlns=\"http://www.w3.org/2000/svg\">"
                           "<path class=\"") +
               style + "\" d=\"M1 5H29\"/></svg>" + text + "</li>";
    };
    return html + swatch("thin", "training, each step") + swatch("dashed", "validation, each epoch") +
           "</ul>\n";
}

std::string figure(const std::string& heading, const std::string& picture, const std::string& caption)
{
    if (picture.empty())
        return "";
    return "<figure><h3>" + heading + "</h3>\n" + picture + "<figcaption>" + caption +
           "</figcaption></figure>\n";
}

std::string curves(const CompareFacts& facts)
{
    const bool hasMarks = std::ranges::any_of(facts.sessions, [](const ComparedSession& session) {
        return !session.session->interventions.empty();
    });
    const bool hasLong = std::ranges::any_of(facts.sessions, [](const ComparedSession& session) {
        return session.session->steps.size() > kLongCurve;
    });
    std::string caption = "The number at the end of a curve is that of its session.";
    if (hasLong)
        caption += " Training is drawn as the mean of stretches, with each step faint behind.";
    if (hasMarks)
        caption += " A flag marks the step before which something was changed; pointing at it says what.";
    return "<h2>Curves</h2>\n" + legend(facts) +
           figure("Loss", svgOf(curvesChart(facts, Curve::TrainLoss, Curve::ValidationLoss)), caption) +
           figure("Accuracy", svgOf(curvesChart(facts, Curve::TrainAccuracy, Curve::ValidationAccuracy)),
                  caption);
}

std::string seedLines(const CompareFacts& facts)
{
    std::string html;
    for (const auto& group : facts.seedGroups) {
        html += "<p>" + badges(group) + "differ in the seed alone: ";
        bool isFirst = true;
        for (const auto& figure : reportFigures()) {
            const auto spread = spreadOf(facts, group, figure);
            if (figure.better == Figure::Better::Neither || spread.count == 0)
                continue;
            html += (isFirst ? "" : ", ") + escaped(figure.title) + " " + figureText(figure, spread.mean) +
                    " ± " + withUnit(figure, figureText(figure, spread.deviation));
            isFirst = false;
        }
        html += ".</p>\n";
    }
    return html;
}

std::string costAndSeeds(const CompareFacts& facts)
{
    const auto share = figure("Accuracy over trainable share", svgOf(shareChart(facts)),
                              "No session beats one on the dotted line with less that trains.");
    const std::string caption = "Mean of the seeds, and one sample deviation on either side.";
    std::string seeds;
    if (!facts.seedGroups.empty())
        seeds = figure("Accuracy over seeds", svgOf(seedsChart(facts, Curve::ValidationAccuracy)), caption) +
                figure("Loss over seeds", svgOf(seedsChart(facts, Curve::ValidationLoss)), caption);
    if (share.empty() && seeds.empty())
        return "";
    return std::string("<h2>What it costs") + (seeds.empty() ? "" : ", how much is chance") + "</h2>\n" +
           seedLines(facts) + share + "<div class=\"pair\">\n" + seeds + "</div>\n";
}

std::string freezeDifferenceRows(const CompareFacts& facts)
{
    std::string html;
    for (std::size_t i = 1; i < facts.sessions.size(); ++i) {
        for (const auto& group : facts.sessions[i].differenceGroups) {
            std::string layers;
            for (const auto& layer : group.layers)
                layers += (layers.empty() ? "<code>" : ", <code>") + escaped(layer) + "</code>";
            for (const auto& [path, from, to, first, second] : group.intervals)
                html += "<tr class=\"run " + runClass(i) + "\"><td>" + badge(i) + "</td><td>" + layers +
                        "</td><td class=\"number\">" + std::to_string(from) + " – " + std::to_string(to - 1) +
                        "</td><td>" + std::string(nameOf(second)) + "</td><td>" + std::string(nameOf(first)) +
                        "</td></tr>\n";
        }
    }
    return html;
}

std::string freezing(const CompareFacts& facts)
{
    Step steps = 0;
    for (const auto& session : facts.sessions) {
        if (!session.session->steps.empty())
            steps = std::max(steps, session.session->steps.back().step + 1);
    }
    std::string html =
        "<h2>What was frozen when</h2>\n<p class=\"note\">A block trains, a line is frozen, hatched is "
        "frozen with its running statistics still following. Underlined: otherwise than in session 1.</p>\n";
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        const auto strip = freezeStripSvg(facts.sessions[i], i, steps);
        if (!strip.empty())
            html += "<figure class=\"run " + runClass(i) + "\"><h3>" + badge(i) + " " +
                    escaped(facts.sessions[i].label) + "</h3>\n" + strip + "</figure>\n";
    }
    const auto rows = freezeDifferenceRows(facts);
    if (rows.empty())
        return html + "<p>Over the steps they share, nothing was frozen otherwise than in session 1.</p>\n";
    return html +
           "<div class=\"wide\"><table>\n<thead><tr><th></th><th>layers</th><th class=\"number\">steps</th>"
           "<th>in this session</th><th>in session 1</th></tr></thead>\n<tbody>\n" +
           rows + "</tbody></table></div>\n";
}

/// Lists may be broken after their commas.
std::string breakable(const std::string& value)
{
    std::string html;
    for (const char c : escaped(value))
        html += c == ',' ? std::string(",<wbr>") : std::string(1, c);
    return html;
}

std::string settings(const CompareFacts& facts)
{
    std::string html = "<h2>Settings that differ</h2>\n";
    if (facts.settings.empty())
        return html + "<p>None: the sessions differ in nothing that was set before they began.</p>\n";
    html += "<div class=\"wide\"><table>\n<thead><tr><th>setting</th>";
    for (std::size_t i = 0; i < facts.sessions.size(); ++i)
        html += "<th>" + badge(i) + "</th>";
    html += "</tr></thead>\n<tbody>\n";
    for (const auto& setting : facts.settings) {
        html += "<tr><td class=\"setting\">" + escaped(setting.key) + "</td>";
        for (const auto& value : setting.values)
            html += "<td class=\"setting\">" + (value ? breakable(*value) : "–") + "</td>";
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

std::string changes(const CompareFacts& facts)
{
    std::string rows;
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        for (const auto& [step, change, origin, at] : facts.sessions[i].session->interventions)
            rows += "<tr class=\"run " + runClass(i) + "\"><td>" + badge(i) + "</td><td class=\"number\">" +
                    std::to_string(step) + "</td><td><code>" + escaped(toText(change)) + "</code></td><td>" +
                    std::string(nameOf(origin)) + "</td></tr>\n";
    }
    if (rows.empty())
        return "";
    return "<h2>Changes while running</h2>\n<div class=\"wide\"><table>\n<thead><tr><th></th>"
           "<th class=\"number\">before step</th><th>change</th><th>by</th></tr></thead>\n<tbody>\n" +
           rows + "</tbody></table></div>\n";
}

std::string branches(const CompareFacts& facts)
{
    if (facts.tree.empty())
        return "";
    std::string html = "<h2>Branches</h2>\n<ul class=\"tree\">\n";
    for (const auto& [index, depth] : facts.tree) {
        const auto& compared = facts.sessions[index];
        html += "<li class=\"run " + runClass(index) +
                "\" style=\"padding-left:" + std::to_string(28 * depth) + "px\">" + (depth > 0 ? "└ " : "") +
                badge(index) + " " + escaped(compared.label);
        if (const auto& parent = compared.session->parent)
            html += " <span class=\"note\">left " +
                    (depth > 0 ? std::string("it") : "<code>" + escaped(parent->id) + "</code>") +
                    " before step " + std::to_string(parent->step) + "</span>";
        html += "</li>\n";
    }
    return html + "</ul>\n";
}

std::string notes(const CompareFacts& facts)
{
    std::string html;
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        const auto& text = facts.sessions[i].session->notes;
        if (!text.empty())
            html += "<p>" + badge(i) + " " + escaped(text) + "</p>\n";
    }
    return html.empty() ? "" : "<h2>Notes</h2>\n" + html;
}

} // namespace

std::string compareHtml(std::span<const Session> sessions)
{
    const auto facts = factsOf(sessions);
    if (facts.sessions.empty())
        return "";
    const auto& environment = sessions.front().environment;
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
           std::to_string(sessions.size()) + " sessions compared</title>\n<style>" + kReportStyle +
           runStyles(facts) + "</style>\n</head>\n<body>\n" + heading(facts) + figuresTable(facts) +
           curves(facts) + costAndSeeds(facts) + freezing(facts) + settings(facts) + changes(facts) +
           branches(facts) + notes(facts) + "<footer>Frostline " + escaped(environment.frostline) +
           ", LibTorch " + escaped(environment.libtorch) + ", " + escaped(environment.device) + ", " +
           escaped(environment.cpu) + ".</footer>\n</body>\n</html>\n";
}

} // namespace frostline
