#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace frostline {

using Json = nlohmann::ordered_json;

/// Parses text; an error names the source and the place in it. Nesting deeper than 64 and keys that stand
/// twice in one object are refused.
Result<Json> parseJson(std::string_view text, const std::string& where);
/// Text of a value. Bytes that are not UTF-8 become replacement characters: writing never fails over a name.
std::string jsonText(const Json& json, int indent = -1);
Result<Json> readJsonFile(const std::filesystem::path& file);

/// Reads the members of one JSON object. The first thing that is wrong is kept, with the file and the JSON
/// pointer of the place, in an error that all readers of one document share; what is read after it is a
/// default. Members that nobody asked for are refused by finish(), with the nearest known name.
class JsonReader {
public:
    JsonReader(const Json& object, std::string where, std::optional<Error>& error);

    bool has(std::string_view key) const;
    std::string text(std::string_view key, std::string fallback);
    std::string requiredText(std::string_view key);
    double number(std::string_view key, double fallback, double low, double high);
    std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t low, std::int64_t high);
    bool boolean(std::string_view key, bool fallback);
    std::string choice(std::string_view key, std::initializer_list<std::string_view> choices,
                       std::string fallback);
    std::vector<std::string> texts(std::string_view key);
    std::vector<double> numbers(std::string_view key, double low, double high);
    std::vector<std::int64_t> integers(std::string_view key, std::int64_t low, std::int64_t high);
    /// A member that is an object; nothing where it is absent or null.
    std::optional<JsonReader> object(std::string_view key);
    /// The members of a list of objects.
    std::vector<JsonReader> objects(std::string_view key);
    /// All members, which must be objects, with their keys.
    std::vector<std::pair<std::string, JsonReader>> members();
    /// All members, which must be texts, by their keys.
    std::map<std::string, std::string> allTexts();
    /// Any value; null where it is absent.
    const Json& any(std::string_view key);

    /// Says that the value of `key` is wrong.
    void refuse(std::string_view key, const std::string& problem);
    /// Refuses members that nobody asked for.
    void finish();
    /// Members that nobody asked for, for formats that keep them.
    Json remaining() const;

private:
    JsonReader(const Json& object, std::string where, std::string pointer, std::optional<Error>& error);
    const Json* find(std::string_view key);
    const Json* list(std::string_view key);

    const Json* m_object;
    std::string m_where;
    std::string m_pointer;
    std::optional<Error>* m_error;
    std::vector<std::string> m_known;
};

/// Text cut to what a message can hold, never inside a character.
std::string shortened(std::string_view text);

/// The name nearest to `name` if it is near enough to be a misspelling; empty otherwise.
std::string nearestName(std::string_view name, const std::vector<std::string>& names);

} // namespace frostline
