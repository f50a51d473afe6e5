// Settings and figures of sessions side by side.

#include "session/comparison.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"

namespace frostline {

namespace {

using Setting = std::pair<std::string, std::string>;

/// Objects become dotted keys; lists stay one value.
void flatten(const Json& json, const std::string& prefix, std::vector<Setting>& settings)
{
    for (const auto& [key, value] : json.items()) {
        if (value.is_object() && !value.empty())
            flatten(value, prefix + key + ".", settings);
        else
            settings.emplace_back(prefix + key,
                                  value.is_string() ? value.get<std::string>() : jsonText(value));
    }
}

std::vector<Setting> settingsOf(const SessionHead& session)
{
    auto recipe = toJson(session.recipe);
    for (const auto* key : {"frostline", "$schema", "name", "title", "notes"})
        recipe.erase(key);
    std::vector<Setting> settings;
    flatten(recipe, "", settings);
    const auto& environment = session.environment;
    settings.emplace_back("environment.threads", std::to_string(environment.threads));
    settings.emplace_back("environment.memory_format", environment.memoryFormat);
    settings.emplace_back("environment.device", environment.device);
    settings.emplace_back("environment.libtorch", environment.libtorch);
    settings.emplace_back("environment.cpu", environment.cpu);
    settings.emplace_back("environment.frostline", environment.frostline);
    return settings;
}

bool differ(const SettingRow& row)
{
    return std::ranges::any_of(row.values, [&row](const auto& value) { return value != row.values.front(); });
}

} // namespace

std::vector<SettingRow> settingsOf(std::span<const SessionHead* const> sessions)
{
    std::vector<SettingRow> rows;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        // What only this session has goes where it stands in its own recipe.
        std::size_t next = 0;
        for (auto& [key, value] : settingsOf(*sessions[i])) {
            auto row = std::ranges::find(rows, key, &SettingRow::key);
            if (row == rows.end())
                row = rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(next),
                                  {key, std::vector<std::optional<std::string>>(sessions.size()), false});
            row->values[i] = std::move(value);
            next = static_cast<std::size_t>(row - rows.begin()) + 1;
        }
    }
    for (auto& row : rows)
        row.differs = differ(row);
    return rows;
}

std::optional<double> SessionFigures::lastAccuracy() const
{
    return last && std::isfinite(last->accuracy) ? std::optional(last->accuracy) : std::nullopt;
}

SessionFigures figuresOf(const SessionHead& session)
{
    const auto& summary = session.summary;
    SessionFigures figures;
    figures.last = summary.lastValidation;
    figures.bestEpoch = summary.bestEpoch;
    figures.bestAccuracy = summary.bestAccuracy();
    if (summary.bestEpoch > 0 && std::isfinite(summary.bestValidationLoss))
        figures.bestLoss = summary.bestValidationLoss;
    figures.steps = summary.steps;
    figures.seconds = summary.seconds;
    return figures;
}

} // namespace frostline
