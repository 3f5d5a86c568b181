#include "base/sha256.h"

#include "base/failure.h"

#include <openssl/evp.h>

#include <fstream>
#include <memory>
#include <vector>

namespace stet {

namespace {

class Hasher {
public:
    Hasher() : m_context(EVP_MD_CTX_new(), EVP_MD_CTX_free)
    {
        if (!m_context || EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) != 1) {
            throw Failure(FailureKind::Internal, "SHA-256 is not available in this OpenSSL");
        }
    }
    void add(const void* data, std::size_t size) { EVP_DigestUpdate(m_context.get(), data, size); }
    Sha256Digest finish()
    {
        Sha256Digest digest{};
        EVP_DigestFinal_ex(m_context.get(), digest.data(), nullptr);
        return digest;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context;
};

}  // namespace

Sha256Digest sha256(std::string_view bytes)
{
    Hasher hasher;
    hasher.add(bytes.data(), bytes.size());
    return hasher.finish();
}

std::string toHex(const Sha256Digest& digest)
{
    constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(2 * digest.size());
    for (const unsigned char byte : digest) {
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 15U];
    }
    return hex;
}

std::uint64_t leadingNumber(const Sha256Digest& digest)
{
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) {
        number = number << 8U | digest[static_cast<std::size_t>(i)];
    }
    return number;
}

std::string sha256OfFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw badInput("Cannot open " + path + " to compute its hash");
    }
    Hasher hasher;
    std::vector<char> piece(std::size_t{1} << 20);
    while (file) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        hasher.add(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) {
        throw badInput("Cannot read " + path + " to compute its hash");
    }
    return toHex(hasher.finish());
}

}  // namespace stet
