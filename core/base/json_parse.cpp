// parseJson(): nlohmann's tokens, our tree. Unlike its own parser this one refuses what a damaged or hostile
// file can do to us: nesting without end, and a key that stands twice, of which readers would see one.

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "base/file.h"
#include "base/json.h"
#include "base/number.h"

namespace frostline {

namespace {

/// Writing, copying and comparing a value go as deep as it does, on the stack.
constexpr std::size_t kDeepest = 64;
/// Objects with more members look their keys up in a set.
constexpr std::size_t kFewMembers = 16;

std::string placeText(std::string_view text, std::size_t offset)
{
    const auto before = text.substr(0, std::min(text.size(), offset));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = before.size() - (before.rfind('\n') + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Where the bracket stands that goes too deep. All before it is known to be JSON.
std::size_t tooDeepAt(std::string_view text)
{
    std::size_t depth = 0;
    bool inText = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inText && c == '\\')
            ++i;
        else if (c == '"')
            inText = !inText;
        else if (!inText && (c == '{' || c == '[') && ++depth > kDeepest)
            return i;
        else if (!inText && (c == '}' || c == ']'))
            --depth;
    }
    return text.size();
}

/// Receives nlohmann's tokens and builds the tree. A function that gives false ends the parse.
class TreeBuilder {
public:
    enum class Problem { None, Syntax, TooDeep, TwiceTheKey, HugeNumber };

    Problem problem() const { return m_problem; }
    /// Of a syntax error: how many bytes were read.
    std::size_t byte() const { return m_byte; }
    /// Of a number that is too large: its text.
    const std::string& number() const { return m_number; }
    Json takeTree() { return std::move(m_root); }
    /// JSON pointer of the value that was read last, or is being read.
    std::string pointer() const;

    bool null() { return add(Json()); }
    bool boolean(bool value) { return add(value); }
    bool number_integer(Json::number_integer_t value) { return add(value); }
    bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
    bool number_float(Json::number_float_t value, const std::string& /*text*/) { return add(value); }
    bool string(std::string& value) { return add(std::move(value)); }
    bool binary(Json::binary_t& value) { return add(std::move(value)); }
    bool start_object(std::size_t /*size*/) { return open(Json::object()); }
    bool start_array(std::size_t /*size*/) { return open(Json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& name);
    bool parse_error(std::size_t byte, const std::string& token, const nlohmann::detail::exception& error);

private:
    struct Level {
        Json* container;
        std::unordered_set<std::string> names; ///< Of a large object's members.
    };

    template <class Value>
    bool add(Value&& value);
    bool open(Json container);
    bool close();
    static bool isTaken(Level& level, const std::string& name);

    Json m_root;
    std::vector<Level> m_levels;
    Problem m_problem = Problem::None;
    std::size_t m_byte = 0;
    std::string m_number;
};

template <class Value>
bool TreeBuilder::add(Value&& value)
{
    if (m_levels.empty())
        m_root = std::forward<Value>(value);
    else if (auto& container = *m_levels.back().container; container.is_array())
        container.get_ref<Json::array_t&>().emplace_back(std::forward<Value>(value));
    else
        container.get_ref<Json::object_t&>().back().second = std::forward<Value>(value);
    return true;
}

bool TreeBuilder::open(Json container)
{
    if (m_levels.size() == kDeepest) {
        m_problem = Problem::TooDeep;
        return false;
    }
    add(std::move(container));
    if (m_levels.empty()) {
        m_levels.push_back({&m_root, {}});
        return true;
    }
    auto& parent = *m_levels.back().container;
    m_levels.push_back({parent.is_array() ? &parent.get_ref<Json::array_t&>().back()
                                          : &parent.get_ref<Json::object_t&>().back().second,
                        {}});
    return true;
}

bool TreeBuilder::close()
{
    m_levels.pop_back();
    return true;
}

bool TreeBuilder::isTaken(Level& level, const std::string& name)
{
    const auto& members = level.container->get_ref<const Json::object_t&>();
    if (members.size() < kFewMembers)
        return std::ranges::any_of(members, [&name](const auto& member) { return member.first == name; });
    if (level.names.empty()) {
        for (const auto& member : members)
            level.names.insert(member.first);
    }
    return !level.names.insert(name).second;
}

bool TreeBuilder::key(std::string& name)
{
    const bool taken = isTaken(m_levels.back(), name);
    // nlohmann's own way in would look through all members once more.
    m_levels.back().container->get_ref<Json::object_t&>().emplace_back(std::move(name), Json());
    if (taken)
        m_problem = Problem::TwiceTheKey;
    return !taken;
}

bool TreeBuilder::parse_error(std::size_t byte, const std::string& token,
                              const nlohmann::detail::exception& error)
{
    constexpr int kNumberOverflow = 406;
    m_problem = error.id == kNumberOverflow ? Problem::HugeNumber : Problem::Syntax;
    m_byte = byte;
    m_number = token;
    return false;
}

std::string TreeBuilder::pointer() const
{
    std::string text;
    for (const auto& level : m_levels) {
        // The number that is too large is not in its list yet, all else is.
        const auto size = level.container->size();
        const auto next = m_problem == Problem::HugeNumber && &level == &m_levels.back() ? size : size - 1;
        const auto isList = level.container->is_array();
        text += "/" + (isList ? std::to_string(next)
                              : shortened(level.container->get_ref<const Json::object_t&>().back().first));
    }
    return text.empty() ? "/" : text;
}

std::string problemText(const TreeBuilder& builder, std::string_view text)
{
    switch (builder.problem()) {
    case TreeBuilder::Problem::TooDeep:
        return "lists and objects are nested more than " + std::to_string(kDeepest) + " deep at " +
               placeText(text, tooDeepAt(text));
    case TreeBuilder::Problem::TwiceTheKey:
        return builder.pointer() + ": the key stands here twice";
    case TreeBuilder::Problem::HugeNumber:
        return builder.pointer() + ": the number " + shortened(builder.number()) +
               " is out of range, the largest is " + formatNumber(std::numeric_limits<double>::max());
    case TreeBuilder::Problem::Syntax:
    case TreeBuilder::Problem::None:
        break;
    }
    const auto offset = builder.byte() > 0 ? builder.byte() - 1 : 0;
    return "not valid JSON at " + placeText(text, offset);
}

} // namespace

Result<Json> parseJson(std::string_view text, const std::string& where)
{
    TreeBuilder builder;
    if (Json::sax_parse(text.begin(), text.end(), &builder))
        return builder.takeTree();
    return badInput(where + ": " + problemText(builder, text));
}

Result<Json> readJsonFile(const std::filesystem::path& file)
{
    return readFile(file).and_then([&](const std::string& text) { return parseJson(text, file.string()); });
}

} // namespace frostline
