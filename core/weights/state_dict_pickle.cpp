#include "weights/state_dict_pickle.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "weights/stored_tensor.h"

namespace frostline {

namespace {

constexpr const char* kOrderedDict = "ccollections\nOrderedDict\n)R";

/// Instructions of a pickle, one after another.
class PickleWriter {
public:
    void raw(std::string_view instructions) { m_bytes += instructions; }
    void text(std::string_view text)
    {
        m_bytes += 'X';
        number(static_cast<std::uint32_t>(text.size()));
        m_bytes += text;
    }
    void integer(std::int64_t value)
    {
        if (value >= 0 && value <= std::numeric_limits<std::uint8_t>::max()) {
            m_bytes += 'K';
            number(static_cast<std::uint8_t>(value));
        } else if (value >= 0 && value <= std::numeric_limits<std::int32_t>::max()) {
            m_bytes += 'J';
            number(static_cast<std::int32_t>(value));
        } else {
            m_bytes += "\x8a\x08";
            number(value);
        }
    }
    void tuple(const std::vector<std::int64_t>& values)
    {
        m_bytes += '(';
        for (const auto value : values)
            integer(value);
        m_bytes += 't';
    }
    std::string take() { return std::move(m_bytes); }

private:
    template <class Number>
    void number(Number value)
    {
        m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    std::string m_bytes;
};

std::vector<std::int64_t> contiguousStrides(const std::vector<std::int64_t>& shape)
{
    std::vector<std::int64_t> strides(shape.size(), 1);
    for (auto i = shape.size(); i-- > 1;)
        strides[i - 1] = strides[i] * std::max<std::int64_t>(1, shape[i]);
    return strides;
}

void writeTensor(PickleWriter& out, const StoredTensor& tensor, const ElementType& type, std::size_t number)
{
    out.text(tensor.name);
    out.raw("ctorch._utils\n_rebuild_tensor_v2\n((");
    out.text("storage");
    out.raw("ctorch\n" + std::string(type.storage) + "\n");
    out.text(std::to_string(number));
    out.text("cpu");
    out.integer(tensor.values());
    out.raw("tQ");
    out.integer(0);
    out.tuple(tensor.shape);
    out.tuple(contiguousStrides(tensor.shape));
    out.raw("\x89"); // requires no gradient
    out.raw(kOrderedDict);
    out.raw("tR");
}

} // namespace

std::string stateDictPickle(const std::vector<StoredTensor>& tensors)
{
    PickleWriter out;
    out.raw("\x80\x02");
    out.raw(kOrderedDict);
    out.raw("(");
    for (std::size_t i = 0; i < tensors.size(); ++i)
        writeTensor(out, tensors[i], *dtypeOf(tensors[i].dtype), i);
    out.raw("u.");
    return out.take();
}

} // namespace frostline
