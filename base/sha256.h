// SHA-256 through OpenSSL's EVP. Used for data hashes, and as the counter-based source of order and dropout. Any
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace stet {

using Sha256Digest = std::array<unsigned char, 32>;

Sha256Digest sha256(std::string_view bytes);
std::string toHex(const Sha256Digest& digest);

// First eight bytes, big-endian: a 64-bit number for seeds and ordering.
std::uint64_t leadingNumber(const Sha256Digest& digest);

// Hex digest of a file's content, read in pieces. Failure(BadInput) names the file.
std::string sha256OfFile(const std::string& path);

}  // namespace stet
