// Bytes as gzip packs them.
#pragma once

#include <QByteArray>

#include <zlib.h>

#include <stdexcept>

namespace stet::test {

inline QByteArray gzipped(const QByteArray& bytes)
{
    z_stream stream = {};
    constexpr int kGzipHeader = 16;
    constexpr int kMemoryLevel = 8;
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipHeader, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("zlib could not begin");
    }
    QByteArray packed(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int result = deflate(&stream, Z_FINISH);
    packed.resize(packed.size() - static_cast<qsizetype>(stream.avail_out));
    deflateEnd(&stream);
    if (result != Z_STREAM_END) {
        throw std::runtime_error("zlib did not finish");
    }
    return packed;
}

}  // namespace stet::test
