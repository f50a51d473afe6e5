#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weights/pickle.h"

namespace frostline {

/// The stack machine that a pickle is a program for, with the values it makes. After the first thing that is
/// wrong nothing changes any more.
class PickleMachine {
public:
    using Index = PickleValue::Index;
    /// Values of which one is enough.
    static constexpr Index kNone = 0;
    static constexpr Index kFalse = 1;
    static constexpr Index kTrue = 2;

    PickleMachine();

    const std::string& problem() const { return m_problem; }
    bool isFine() const { return m_problem.empty(); }
    void refuse(const std::string& problem);
    Pickle take() { return std::move(m_pickle); }

    /// A new value; not on the stack yet.
    Index add(PickleValue::Kind kind);
    PickleValue& at(Index index) { return m_pickle.values[index]; }

    void push(Index index) { m_stack.push_back(index); }
    Index pop();
    Index top();
    void mark();
    std::vector<Index> popMark();
    std::vector<Index> popSeveral(std::size_t count);

    void pushTuple(std::vector<Index> items);
    void pushGlobal(std::string_view module, std::string_view name);
    void pushStackGlobal();
    void pushPersistent();
    void append(Index target, const std::vector<Index>& items);
    void setItems(Index target, const std::vector<Index>& items);
    void call(Index callable, Index arguments);
    void build();

    void remember(std::uint32_t key);
    void rememberNext() { remember(static_cast<std::uint32_t>(m_memo.size())); }
    void recall(std::uint32_t key);

private:
    void refuseDepth();
    void countCopies(std::size_t count);
    void adopt(Index parent, const std::vector<Index>& items);
    void fillDict(Index dict, Index arguments);

    Pickle m_pickle;
    std::vector<Index> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint32_t, Index> m_memo;
    std::size_t m_copies = 0;
    std::string m_problem;
};

} // namespace frostline
