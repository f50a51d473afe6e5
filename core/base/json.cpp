#include "base/json.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/number.h"

namespace frostline {

namespace {

std::string found(const Json& value)
{
    return ", found " + shortened(jsonText(value));
}

std::string rangeText(double low, double high)
{
    return formatNumber(low) + " to " + formatNumber(high);
}

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
        }
    }
    return row.back();
}

} // namespace

std::string shortened(std::string_view text)
{
    constexpr std::size_t kLongest = 60;
    if (text.size() <= kLongest)
        return std::string(text);
    const auto isInsideCharacter = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    auto end = kLongest;
    while (isInsideCharacter(text[end]))
        --end;
    return std::string(text.substr(0, end)) + "...";
}

std::string nearestName(std::string_view name, const std::vector<std::string>& names)
{
    std::string nearest;
    std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const auto& candidate : names) {
        const auto [shorter, longer] = std::minmax({name.size(), candidate.size()});
        if (longer - shorter >= best)
            continue;
        const auto distance = editDistance(name, candidate);
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string jsonText(const Json& json, int indent)
{
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

JsonReader::JsonReader(const Json& object, std::string where, std::optional<Error>& error)
    : JsonReader(object, std::move(where), "", error)
{
}

JsonReader::JsonReader(const Json& object, std::string where, std::string pointer,
                       std::optional<Error>& error)
    : m_object(&object),
      m_where(std::move(where)),
      m_pointer(std::move(pointer)),
      m_error(&error)
{
    static const Json empty = Json::object();
    if (object.is_object())
        return;
    m_object = &empty;
    if (!*m_error)
        *m_error = Error{ErrorCode::BadInput, m_where + ": " + (m_pointer.empty() ? "/" : m_pointer) +
                                                  ": expected an object" + found(object)};
}

bool JsonReader::has(std::string_view key) const
{
    const auto member = m_object->find(key);
    return member != m_object->end() && !member->is_null();
}

const Json* JsonReader::find(std::string_view key)
{
    m_known.emplace_back(key);
    const auto member = m_object->find(key);
    return member == m_object->end() || member->is_null() ? nullptr : &*member;
}

const Json* JsonReader::list(std::string_view key)
{
    const auto* value = find(key);
    if (value && !value->is_array()) {
        refuse(key, "expected a list" + found(*value));
        return nullptr;
    }
    return value;
}

void JsonReader::refuse(std::string_view key, const std::string& problem)
{
    if (!*m_error)
        *m_error =
            Error{ErrorCode::BadInput, m_where + ": " + m_pointer + "/" + shortened(key) + ": " + problem};
}

std::string JsonReader::text(std::string_view key, std::string fallback)
{
    const auto* value = find(key);
    if (!value)
        return fallback;
    if (value->is_string())
        return value->get<std::string>();
    refuse(key, "expected a text" + found(*value));
    return fallback;
}

std::string JsonReader::requiredText(std::string_view key)
{
    auto value = text(key, "");
    if (value.empty())
        refuse(key, "a text is needed here");
    return value;
}

double JsonReader::number(std::string_view key, double fallback, double low, double high)
{
    const auto* value = find(key);
    if (!value)
        return fallback;
    if (value->is_number()) {
        const auto number = value->get<double>();
        if (number >= low && number <= high)
            return number;
    }
    refuse(key, "expected a number from " + rangeText(low, high) + found(*value));
    return fallback;
}

std::int64_t JsonReader::integer(std::string_view key, std::int64_t fallback, std::int64_t low,
                                 std::int64_t high)
{
    const auto* value = find(key);
    if (!value)
        return fallback;
    if (value->is_number_integer() &&
        !(value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX)) {
        const auto number = value->get<std::int64_t>();
        if (number >= low && number <= high)
            return number;
    }
    refuse(key, "expected a whole number from " + std::to_string(low) + " to " + std::to_string(high) +
                    found(*value));
    return fallback;
}

bool JsonReader::boolean(std::string_view key, bool fallback)
{
    const auto* value = find(key);
    if (!value)
        return fallback;
    if (value->is_boolean())
        return value->get<bool>();
    refuse(key, "expected true or false" + found(*value));
    return fallback;
}

std::string JsonReader::choice(std::string_view key, std::initializer_list<std::string_view> choices,
                               std::string fallback)
{
    auto value = text(key, std::move(fallback));
    if (value.empty() || std::ranges::find(choices, value) != choices.end())
        return value;
    std::vector<std::string> names(choices.begin(), choices.end());
    std::string all;
    for (const auto& name : names)
        all += (all.empty() ? "" : ", ") + name;
    const auto nearest = nearestName(value, names);
    refuse(key, "unknown " + std::string(key) + " \"" + value + "\"; there are " + all +
                    (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
    return names.front();
}

std::vector<std::string> JsonReader::texts(std::string_view key)
{
    std::vector<std::string> values;
    if (const auto* items = list(key)) {
        for (const auto& item : *items) {
            if (item.is_string())
                values.push_back(item.get<std::string>());
            else
                refuse(key, "expected a list of texts" + found(item));
        }
    }
    return values;
}

std::vector<double> JsonReader::numbers(std::string_view key, double low, double high)
{
    std::vector<double> values;
    if (const auto* items = list(key)) {
        for (const auto& item : *items) {
            if (item.is_number() && item.get<double>() >= low && item.get<double>() <= high)
                values.push_back(item.get<double>());
            else
                refuse(key, "expected numbers from " + rangeText(low, high) + found(item));
        }
    }
    return values;
}

std::vector<std::int64_t> JsonReader::integers(std::string_view key, std::int64_t low, std::int64_t high)
{
    std::vector<std::int64_t> values;
    const double past = std::ldexp(1.0, 63); // The first number that is too large to be converted.
    for (const auto number : numbers(key, static_cast<double>(low), static_cast<double>(high))) {
        if (number != std::floor(number) || number >= past)
            refuse(key, "expected whole numbers");
        else
            values.push_back(static_cast<std::int64_t>(number));
    }
    return values;
}

std::optional<JsonReader> JsonReader::object(std::string_view key)
{
    const auto* value = find(key);
    if (!value)
        return std::nullopt;
    return JsonReader(*value, m_where, m_pointer + "/" + std::string(key), *m_error);
}

std::vector<JsonReader> JsonReader::objects(std::string_view key)
{
    std::vector<JsonReader> readers;
    if (const auto* items = list(key)) {
        for (std::size_t i = 0; i < items->size(); ++i)
            readers.push_back(JsonReader((*items)[i], m_where,
                                         m_pointer + "/" + std::string(key) + "/" + std::to_string(i),
                                         *m_error));
    }
    return readers;
}

const Json& JsonReader::any(std::string_view key)
{
    static const Json null;
    const auto* value = find(key);
    return value ? *value : null;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members()
{
    std::vector<std::pair<std::string, JsonReader>> readers;
    for (const auto& [key, value] : m_object->items())
        readers.emplace_back(key, JsonReader(value, m_where, m_pointer + "/" + shortened(key), *m_error));
    return readers;
}

std::map<std::string, std::string> JsonReader::allTexts()
{
    std::map<std::string, std::string> texts;
    for (const auto& [key, value] : m_object->items()) {
        if (value.is_string())
            texts[key] = value.get<std::string>();
        else
            refuse(key, "expected a text" + found(value));
    }
    return texts;
}

void JsonReader::finish()
{
    for (const auto& [key, value] : m_object->items()) {
        if (*m_error)
            return;
        if (std::ranges::find(m_known, key) != m_known.end())
            continue;
        const auto nearest = nearestName(key, m_known);
        refuse(key, "unknown key" + (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
    }
}

Json JsonReader::remaining() const
{
    Json rest = Json::object();
    for (const auto& [key, value] : m_object->items()) {
        if (std::ranges::find(m_known, key) == m_known.end())
            rest.get_ref<Json::object_t&>().emplace_back(key, value);
    }
    return rest;
}

} // namespace frostline
