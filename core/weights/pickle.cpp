#include "weights/pickle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "weights/pickle_machine.h"

namespace frostline {

static_assert(std::endian::native == std::endian::little, "a pickle's lengths are little-endian");

namespace {

using Index = PickleValue::Index;
using Kind = PickleValue::Kind;

constexpr std::size_t kMostBytes = 32 << 20;

/// Reads the instructions; what they do is done by the machine.
class PickleReader {
public:
    PickleReader(std::string_view bytes, const std::string& where)
        : m_bytes(bytes.substr(0, kMostBytes)),
          m_isClipped(bytes.size() > kMostBytes),
          m_where(where)
    {
    }
    Result<Pickle> read();

private:
    std::string_view take(std::uint64_t count);
    template <class Number>
    Number number()
    {
        Number value{};
        const auto bytes = take(sizeof value);
        if (bytes.size() == sizeof value)
            std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    std::string_view line();
    void pushText(Kind kind, std::uint64_t length);
    void pushInteger(std::int64_t value);
    void pushLong(std::uint64_t length);
    void pushNumber();

    void step();
    bool readNumber(unsigned char opcode);
    bool readText(unsigned char opcode);
    bool readContainer(unsigned char opcode);
    bool readItems(unsigned char opcode);
    bool readObject(unsigned char opcode);
    bool readStack(unsigned char opcode);
    bool readMemo(unsigned char opcode);

    std::string_view m_bytes;
    bool m_isClipped;
    const std::string& m_where;
    PickleMachine m_machine;
    std::size_t m_place = 0;
    Index m_root = PickleMachine::kNone;
    bool m_isDone = false;
};

std::string_view PickleReader::take(std::uint64_t count)
{
    if (!m_machine.isFine())
        return {};
    if (count > m_bytes.size() - m_place) {
        m_machine.refuse(m_isClipped ? "it is longer than " + std::to_string(kMostBytes >> 20) + " MB"
                                     : std::string("it is cut short"));
        return {};
    }
    const auto bytes = m_bytes.substr(m_place, count);
    m_place += count;
    return bytes;
}

std::string_view PickleReader::line()
{
    const auto end = m_bytes.find('\n', m_place);
    const auto bytes = take(end == m_bytes.npos ? m_bytes.size() : end + 1 - m_place);
    return bytes.substr(0, bytes.empty() ? 0 : bytes.size() - 1);
}

void PickleReader::pushText(Kind kind, std::uint64_t length)
{
    const auto bytes = take(length);
    const auto index = m_machine.add(kind);
    if (m_machine.isFine())
        m_machine.at(index).text = bytes;
    m_machine.push(index);
}

void PickleReader::pushInteger(std::int64_t value)
{
    const auto index = m_machine.add(Kind::Integer);
    if (m_machine.isFine())
        m_machine.at(index).integer = value;
    m_machine.push(index);
}

/// Two's complement, little-endian.
void PickleReader::pushLong(std::uint64_t length)
{
    if (length > sizeof(std::int64_t))
        return pushText(Kind::Bytes, length);
    const auto bytes = take(length);
    const bool isNegative = !bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0x80) != 0;
    std::int64_t value = isNegative ? -1 : 0;
    std::ranges::copy(bytes, reinterpret_cast<char*>(&value));
    pushInteger(value);
}

void PickleReader::pushNumber()
{
    std::array<char, sizeof(double)> bytes{};
    std::ranges::reverse_copy(take(sizeof(double)), bytes.begin());
    const auto index = m_machine.add(Kind::Number);
    if (m_machine.isFine())
        m_machine.at(index).number = std::bit_cast<double>(bytes);
    m_machine.push(index);
}

bool PickleReader::readNumber(unsigned char opcode)
{
    switch (opcode) {
    case 'K':
        pushInteger(number<std::uint8_t>());
        return true;
    case 'M':
        pushInteger(number<std::uint16_t>());
        return true;
    case 'J':
        pushInteger(number<std::int32_t>());
        return true;
    case 0x8a: // LONG1
        pushLong(number<std::uint8_t>());
        return true;
    case 0x8b: // LONG4
        pushLong(number<std::uint32_t>());
        return true;
    case 'G':
        pushNumber();
        return true;
    case 'N':
        m_machine.push(PickleMachine::kNone);
        return true;
    case 0x88: // NEWTRUE
        m_machine.push(PickleMachine::kTrue);
        return true;
    case 0x89: // NEWFALSE
        m_machine.push(PickleMachine::kFalse);
        return true;
    default:
        return false;
    }
}

bool PickleReader::readText(unsigned char opcode)
{
    switch (opcode) {
    case 'X':
    case 'T': // BINSTRING, of Python 2
        pushText(Kind::Text, number<std::uint32_t>());
        return true;
    case 'U':  // SHORT_BINSTRING, of Python 2
    case 0x8c: // SHORT_BINUNICODE
        pushText(Kind::Text, number<std::uint8_t>());
        return true;
    case 0x8d: // BINUNICODE8
        pushText(Kind::Text, number<std::uint64_t>());
        return true;
    case 'C':
        pushText(Kind::Bytes, number<std::uint8_t>());
        return true;
    case 'B':
        pushText(Kind::Bytes, number<std::uint32_t>());
        return true;
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
        pushText(Kind::Bytes, number<std::uint64_t>());
        return true;
    default:
        return false;
    }
}

bool PickleReader::readContainer(unsigned char opcode)
{
    switch (opcode) {
    case ')':
        m_machine.pushTuple({});
        return true;
    case 't':
    case 0x91: // FROZENSET
        m_machine.pushTuple(m_machine.popMark());
        return true;
    case 0x85: // TUPLE1 to TUPLE3
    case 0x86:
    case 0x87:
        m_machine.pushTuple(m_machine.popSeveral(opcode - 0x84U));
        return true;
    case ']':
    case 0x8f: // EMPTY_SET
        m_machine.push(m_machine.add(Kind::List));
        return true;
    case '}':
        m_machine.push(m_machine.add(Kind::Dict));
        return true;
    default:
        return false;
    }
}

bool PickleReader::readItems(unsigned char opcode)
{
    switch (opcode) {
    case 'a': {
        const auto item = m_machine.pop();
        m_machine.append(m_machine.top(), {item});
        return true;
    }
    case 'e':
    case 0x90: { // ADDITEMS
        const auto items = m_machine.popMark();
        m_machine.append(m_machine.top(), items);
        return true;
    }
    case 's': {
        const auto value = m_machine.pop();
        const auto key = m_machine.pop();
        m_machine.setItems(m_machine.top(), {key, value});
        return true;
    }
    case 'u': {
        const auto items = m_machine.popMark();
        m_machine.setItems(m_machine.top(), items);
        return true;
    }
    default:
        return false;
    }
}

bool PickleReader::readObject(unsigned char opcode)
{
    switch (opcode) {
    case 'c': {
        const auto module = line();
        m_machine.pushGlobal(module, line());
        return true;
    }
    case 0x93: // STACK_GLOBAL
        m_machine.pushStackGlobal();
        return true;
    case 0x92: // NEWOBJ_EX: its arguments by name are not needed
        m_machine.pop();
        [[fallthrough]];
    case 'R':
    case 0x81: { // NEWOBJ
        const auto arguments = m_machine.pop();
        m_machine.call(m_machine.pop(), arguments);
        return true;
    }
    case 'b':
        m_machine.build();
        return true;
    case 'Q':
        m_machine.pushPersistent();
        return true;
    default:
        return false;
    }
}

bool PickleReader::readStack(unsigned char opcode)
{
    switch (opcode) {
    case '.':
        m_root = m_machine.pop();
        m_isDone = true;
        return true;
    case '(':
        m_machine.mark();
        return true;
    case '0':
        m_machine.pop();
        return true;
    case '1':
        m_machine.popMark();
        return true;
    case '2':
        m_machine.push(m_machine.top());
        return true;
    default:
        return readMemo(opcode);
    }
}

bool PickleReader::readMemo(unsigned char opcode)
{
    switch (opcode) {
    case 'q':
        m_machine.remember(number<std::uint8_t>());
        return true;
    case 'r':
        m_machine.remember(number<std::uint32_t>());
        return true;
    case 0x94: // MEMOIZE
        m_machine.rememberNext();
        return true;
    case 'h':
        m_machine.recall(number<std::uint8_t>());
        return true;
    case 'j':
        m_machine.recall(number<std::uint32_t>());
        return true;
    case 0x95: // FRAME: a hint for who reads from a stream
        take(sizeof(std::uint64_t));
        return true;
    default:
        return false;
    }
}

void PickleReader::step()
{
    const auto opcode = number<std::uint8_t>();
    if (!m_machine.isFine() || readNumber(opcode) || readText(opcode) || readContainer(opcode) ||
        readItems(opcode) || readObject(opcode) || readStack(opcode))
        return;
    m_machine.refuse("its instruction " + std::to_string(opcode) + " is not one that PyTorch writes");
}

Result<Pickle> PickleReader::read()
{
    if (number<std::uint8_t>() != 0x80 && m_machine.isFine())
        return badInput(m_where + ": not a pickle");
    if (const auto protocol = number<std::uint8_t>(); protocol < 2 || protocol > 5)
        m_machine.refuse("its protocol is " + std::to_string(protocol) + ", expected 2 to 5");
    auto begin = m_place;
    while (m_machine.isFine() && !m_isDone) {
        begin = m_place;
        step();
    }
    if (!m_machine.isFine())
        return badInput(m_where + ": " + m_machine.problem() + " (byte " + std::to_string(begin) +
                        " of the pickle)");
    auto pickle = m_machine.take();
    pickle.root = m_root;
    pickle.size = m_place;
    return pickle;
}

} // namespace

Index Pickle::member(const PickleValue& dict, std::string_view key) const
{
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
        const auto& name = values[dict.items[i]];
        if (name.kind == Kind::Text && name.text == key)
            return dict.items[i + 1];
    }
    return PickleMachine::kNone;
}

Result<Pickle> parsePickle(std::string_view bytes, const std::string& where)
{
    return PickleReader(bytes, where).read();
}

} // namespace frostline
