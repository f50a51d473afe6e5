#include "base/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <string_view>

namespace frostline {

struct Sha256::State {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha256::Sha256() : m_state(std::make_unique<State>())
{
    EVP_DigestInit_ex(m_state->context.get(), EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

Sha256& Sha256::add(const void* bytes, std::size_t count)
{
    EVP_DigestUpdate(m_state->context.get(), bytes, count);
    return *this;
}

Sha256& Sha256::add(const std::string& text)
{
    const auto length = static_cast<unsigned long long>(text.size());
    return add(&length, sizeof length).add(text.data(), text.size());
}

std::string Sha256::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(m_state->context.get(), digest.data(), &length);
    std::string text;
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (unsigned int i = 0; i < length; ++i)
        text += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
    return text;
}

} // namespace frostline
