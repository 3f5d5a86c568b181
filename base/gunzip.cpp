#include "base/gunzip.h"

#include "base/failure.h"

#include <zlib.h>

#include <new>
#include <utility>

namespace stet {

namespace {

// Text packs to a third or a tenth, a table of one repeated row to a hundredth; gzip's own limit is a thousandth.
constexpr std::uint64_t kMostTimes = 250;
constexpr std::uint64_t kUnasked = std::uint64_t{64} << 20;  // so much may come out of however little

class Gunzip final : public ByteSource {
public:
    Gunzip(std::unique_ptr<ByteSource> packed, std::string path) : m_packed(std::move(packed)), m_path(std::move(path))
    {
        constexpr int kGzipHeader = 16;
        if (inflateInit2(&m_stream, MAX_WBITS + kGzipHeader) != Z_OK) {
            throw std::bad_alloc();
        }
    }

    ~Gunzip() override { inflateEnd(&m_stream); }
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;
    Gunzip(Gunzip&&) = delete;
    Gunzip& operator=(Gunzip&&) = delete;

    bool read(std::string& into) override
    {
        const std::size_t had = into.size();
        into.resize(had + kPieceBytes);
        m_stream.next_out = reinterpret_cast<Bytef*>(into.data() + had);
        m_stream.avail_out = kPieceBytes;
        while (m_stream.avail_out == kPieceBytes && goOn()) {
            inflateSome();
        }
        const std::size_t came = kPieceBytes - m_stream.avail_out;
        into.resize(had + came);
        m_out += came;
        if (m_out > kUnasked && m_out / kMostTimes > m_in) {
            throw badInput(m_path + ": it unpacks to more than " + std::to_string(kMostTimes) +
                           " times its size, as no data do; unpack it and look at it: gunzip -k FILE");
        }
        return came > 0;
    }

private:
    // Are there bytes to unpack? False behind the last of the packed files.
    bool goOn()
    {
        if (m_ended) {
            return false;
        }
        if (m_stream.avail_in == 0) {
            m_input.clear();
            if (!m_packed->read(m_input)) {
                m_ended = true;
                if (!m_between) {
                    throw badInput(m_path + ": what is packed in it is cut short; is the file complete?");
                }
                return false;
            }
            m_in += m_input.size();
            m_stream.next_in = reinterpret_cast<Bytef*>(m_input.data());
            m_stream.avail_in = static_cast<uInt>(m_input.size());
        }
        if (m_between && *m_stream.next_in != 0x1F) {  // zeros of a tape, say: gzip leaves them alone as well
            m_ended = true;
            return false;
        }
        if (std::exchange(m_between, false)) {
            inflateReset(&m_stream);
        }
        return true;
    }

    void inflateSome()
    {
        const int result = inflate(&m_stream, Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            m_between = true;
        } else if (result == Z_MEM_ERROR) {
            throw std::bad_alloc();
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            throw badInput(m_path + ": what is packed in it is damaged (" +
                           (m_stream.msg == nullptr ? "gzip" : std::string(m_stream.msg)) + "); fetch the file anew");
        }
    }

    std::unique_ptr<ByteSource> m_packed;
    std::string m_path;
    std::string m_input;
    z_stream m_stream = {};
    bool m_between = false;  // two packed files, or behind the last
    bool m_ended = false;
    std::uint64_t m_in = 0;
    std::uint64_t m_out = 0;
};

}  // namespace

bool looksLikeGzip(std::string_view head)
{
    return head.starts_with("\x1F\x8B\x08");  // the one method there is
}

std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> packed, const std::string& path)
{
    return std::make_unique<Gunzip>(std::move(packed), path);
}

}  // namespace stet
