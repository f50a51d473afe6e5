#include "weights/pickle_machine.h"

#include <algorithm>
#include <array>

#include "base/json.h"

namespace frostline {

using Index = PickleValue::Index;
using Kind = PickleValue::Kind;

namespace {

constexpr std::size_t kMostValues = 2'000'000;
constexpr std::uint32_t kMostDepth = 500;
constexpr std::size_t kLongestGlobal = 500;

/// Modules that run programs, open files or load code: a file that asks for them is not about weights,
/// whatever else it holds.
constexpr std::array<std::string_view, 12> kForbiddenModules{"os",        "posix", "nt",     "subprocess",
                                                             "sys",       "pty",   "shutil", "socket",
                                                             "importlib", "runpy", "ctypes", "webbrowser"};
constexpr std::array<std::string_view, 8> kForbiddenFunctions{"eval", "exec",       "execfile",   "compile",
                                                              "open", "__import__", "breakpoint", "input"};
constexpr std::array<std::string_view, 5> kDictTypes{"collections.OrderedDict", "collections.defaultdict",
                                                     "collections.Counter", "builtins.dict",
                                                     "__builtin__.dict"};

bool isForbidden(std::string_view name)
{
    const auto module = name.substr(0, name.find('.'));
    if (module == "builtins" || module == "__builtin__")
        return std::ranges::count(kForbiddenFunctions,
                                  name.substr(std::min(name.size(), module.size() + 1))) > 0;
    return std::ranges::count(kForbiddenModules, module) > 0;
}

} // namespace

PickleMachine::PickleMachine()
{
    m_pickle.values.resize(3);
    m_pickle.values[kFalse].kind = m_pickle.values[kTrue].kind = Kind::Bool;
    m_pickle.values[kTrue].integer = 1;
}

void PickleMachine::refuse(const std::string& problem)
{
    if (isFine())
        m_problem = problem;
}

void PickleMachine::refuseDepth()
{
    refuse("it nests more than " + std::to_string(kMostDepth) + " values in each other");
}

Index PickleMachine::add(Kind kind)
{
    if (m_pickle.values.size() >= kMostValues) {
        refuse("it holds more than " + std::to_string(kMostValues) + " values");
        return kNone;
    }
    m_pickle.values.emplace_back().kind = kind;
    return static_cast<Index>(m_pickle.values.size() - 1);
}

void PickleMachine::pushTuple(std::vector<Index> items)
{
    const auto index = add(Kind::Tuple);
    if (!isFine())
        return;
    adopt(index, items);
    at(index).items = std::move(items);
    push(index);
}

Index PickleMachine::pop()
{
    const auto index = top();
    if (isFine())
        m_stack.pop_back();
    return index;
}

Index PickleMachine::top()
{
    if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back())) {
        refuse("it uses a value that is not there");
        return kNone;
    }
    return m_stack.back();
}

void PickleMachine::mark()
{
    if (m_marks.size() > kMostDepth)
        return refuseDepth();
    m_marks.push_back(m_stack.size());
}

std::vector<Index> PickleMachine::popMark()
{
    if (m_marks.empty()) {
        refuse("it ends a list that never began");
        return {};
    }
    const auto begin = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
    std::vector<Index> items(begin, m_stack.end());
    m_stack.erase(begin, m_stack.end());
    m_marks.pop_back();
    return items;
}

std::vector<Index> PickleMachine::popSeveral(std::size_t count)
{
    std::vector<Index> items(count);
    for (auto i = count; i-- > 0;)
        items[i] = pop();
    return items;
}

/// What stands in the file once can be copied by a few bytes, any number of times.
void PickleMachine::countCopies(std::size_t count)
{
    m_copies += count;
    if (m_copies > kMostValues)
        refuse("it copies more than " + std::to_string(kMostValues) + " of its values and letters");
}

/// Counts levels, so that who walks the values knows how deep it can get. A container may take up itself or
/// one that holds it: that is not counted, so who walks has to remember where it was.
void PickleMachine::adopt(Index parent, const std::vector<Index>& items)
{
    auto depth = at(parent).depth;
    for (const auto item : items)
        depth = std::max(depth, at(item).depth + 1);
    if (depth > kMostDepth)
        return refuseDepth();
    at(parent).depth = depth;
}

void PickleMachine::append(Index target, const std::vector<Index>& items)
{
    if (!isFine() || at(target).kind == Kind::Call)
        return; // Of a class that we do not make.
    if (at(target).kind != Kind::List)
        return refuse("it appends to what is not a list");
    adopt(target, items);
    at(target).items.insert(at(target).items.end(), items.begin(), items.end());
}

void PickleMachine::setItems(Index target, const std::vector<Index>& items)
{
    if (!isFine() || at(target).kind == Kind::Call)
        return;
    if (at(target).kind != Kind::Dict || items.size() % 2 != 0)
        return refuse("it sets items of what is not a dictionary");
    adopt(target, items);
    at(target).items.insert(at(target).items.end(), items.begin(), items.end());
}

void PickleMachine::pushGlobal(std::string_view module, std::string_view name)
{
    if (module.size() + name.size() > kLongestGlobal)
        return refuse("the name of a class has more than " + std::to_string(kLongestGlobal) + " letters");
    // Before a new value moves those that the name may be of.
    auto text = std::string(module).append(".").append(name);
    const auto index = add(Kind::Global);
    if (isFine())
        at(index).text = std::move(text);
    push(index);
}

void PickleMachine::pushStackGlobal()
{
    const auto name = pop();
    const auto module = pop();
    if (!isFine())
        return;
    if (at(name).kind != Kind::Text || at(module).kind != Kind::Text)
        return refuse("the name of a class is not a text");
    countCopies(at(module).text.size() + at(name).text.size());
    pushGlobal(at(module).text, at(name).text);
}

void PickleMachine::pushPersistent()
{
    const auto id = pop();
    const auto index = add(Kind::Persistent);
    if (!isFine())
        return;
    adopt(index, {id});
    at(index).items = {id};
    push(index);
}

void PickleMachine::call(Index callable, Index arguments)
{
    if (!isFine())
        return;
    if (at(arguments).kind != Kind::Tuple)
        return refuse("it calls something with what are not arguments");
    const bool isNamed = at(callable).kind == Kind::Global;
    const std::string_view name = isNamed ? std::string_view(at(callable).text) : std::string_view();
    if (isForbidden(name))
        return refuse(refusedCall(name));
    const auto& given = at(arguments).items;
    if (name == "torch.Size" && given.size() == 1)
        return push(given[0]);
    const bool isDict = std::ranges::count(kDictTypes, name) > 0;
    const auto index = add(isDict ? Kind::Dict : Kind::Call);
    if (!isFine())
        return;
    if (isDict) {
        fillDict(index, arguments);
    } else {
        adopt(index, {callable, arguments});
        at(index).items = {callable, arguments};
    }
    push(index);
}

/// Python 2 gives an OrderedDict its items as a list of pairs.
void PickleMachine::fillDict(Index dict, Index arguments)
{
    const auto isSequence = [this](Index index) {
        return at(index).kind == Kind::List || at(index).kind == Kind::Tuple;
    };
    const auto& given = at(arguments).items;
    if (given.empty() || !isSequence(given[0]))
        return;
    const auto& pairs = at(given[0]).items;
    countCopies(2 * pairs.size());
    if (!isFine())
        return;
    std::vector<Index> items;
    for (const auto pair : pairs) {
        if (!isSequence(pair) || at(pair).items.size() != 2)
            return refuse("a dictionary's items are not pairs");
        items.insert(items.end(), at(pair).items.begin(), at(pair).items.end());
    }
    setItems(dict, items);
}

/// A state that Python would give to an object: kept for those that are not made, needless for the others.
void PickleMachine::build()
{
    const auto state = pop();
    const auto target = top();
    if (!isFine() || at(target).kind != Kind::Call || at(target).items.size() != 2)
        return;
    adopt(target, {state});
    at(target).items.push_back(state);
}

void PickleMachine::remember(std::uint32_t key)
{
    if (m_memo.size() >= kMostValues)
        return refuse("it keeps more than " + std::to_string(kMostValues) + " values");
    m_memo[key] = top();
}

void PickleMachine::recall(std::uint32_t key)
{
    const auto found = m_memo.find(key);
    if (found == m_memo.end())
        return refuse("it refers to a value that it never kept");
    push(found->second);
}

std::string printable(std::string_view text)
{
    auto shown = shortened(text);
    std::ranges::replace_if(
        shown, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    return shown;
}

std::string refusedCall(std::string_view name)
{
    return "it asks to call " + printable(name) + ", which is not part of a weights file; nothing was run";
}

} // namespace frostline
