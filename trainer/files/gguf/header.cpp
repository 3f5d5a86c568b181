#include "trainer/files/gguf/header.h"

#include "base/json.h"
#include "base/utf8.h"
#include "trainer/files/gguf/header_cursor.h"

#include <algorithm>
#include <bit>
#include <optional>

namespace stet::files::gguf {

namespace {

constexpr std::uint64_t kMaxKeyBytes = 65535;
constexpr std::uint64_t kMaxTextBytes = std::uint64_t{16} << 20U;
constexpr std::uint64_t kMaxTexts = std::uint64_t{4} << 20U;  // in all lists of a header
constexpr std::uint64_t kMaxNameBytes = 512;
constexpr std::uint32_t kMaxDimensions = 4;
constexpr std::uint32_t kDefaultAlignment = 32;
constexpr const char* kAlignment = "general.alignment";

class HeaderReader {
public:
    explicit HeaderReader(const OpenFile& file) : m_file(file), m_cursor(file), m_header{Metadata(file.path()), {}} { }

    Header read()
    {
        readMagic();
        const std::uint64_t tensors = m_cursor.count(33, "its tensors");  // the shortest line: a name of one letter
        const std::uint64_t pairs = m_cursor.count(14, "its metadata");   // a key of one letter and a flag
        for (std::uint64_t i = 0; i < pairs; ++i) {
            readPair();
        }
        for (std::uint64_t i = 0; i < tensors; ++i) {
            readTensor();
        }
        placeTensors();
        return std::move(m_header);
    }

private:
    Failure refused(const std::string& reason) const { return refusedGguf(m_file.path(), reason); }

    void readMagic()
    {
        if (isLfsPointer(m_file)) {
            throw badInput(m_file.path() + " is a Git-LFS pointer, not the model: run `git lfs pull` in its folder");
        }
        if (m_cursor.bytes(4, "its first word") != "GGUF") {
            throw refused("it does not begin with \"GGUF\"");
        }
        const std::uint32_t version = m_cursor.number32("its version");
        if (version == 2 || version == 3) {
            return;
        }
        const bool swapped = version != 0 && (version & 0xFFFFU) == 0;
        throw Failure(FailureKind::ModelRefused,
                      m_file.path() + " is a GGUF file " +
                          (swapped ? "for big-endian computers" : "of version " + std::to_string(version)) +
                          ", which is not read; read are versions 2 and 3, little-endian: convert the model again");
    }

    ValueType readType(const std::string& key)
    {
        const std::uint32_t type = m_cursor.number32("the type of a value");
        if (type > static_cast<std::uint32_t>(ValueType::F64)) {
            throw refused("the value of " + toLine(key) + " is of the unknown type " + std::to_string(type));
        }
        return static_cast<ValueType>(type);
    }

    void readPair()
    {
        const std::string key = m_cursor.text(kMaxKeyBytes, "a key of its metadata");
        if (key.empty() || !isValidUtf8(key)) {
            throw refused("a key of its metadata " + std::string(key.empty() ? "is empty" : "is not valid UTF-8"));
        }
        const ValueType type = readType(key);
        if (!m_header.metadata.add(key, readValue(key, type))) {
            throw refused("the key " + toLine(key) + " stands twice");
        }
    }

    Value readValue(const std::string& key, ValueType type)
    {
        if (type == ValueType::Text) {
            return readText();
        }
        if (type == ValueType::Array) {
            return readArray(key);
        }
        const std::string bytes = m_cursor.bytes(bytesOf(type), "a value of its metadata");
        return numberValue(type, reinterpret_cast<const std::uint8_t*>(bytes.data()), m_file.path() + ": " + key);
    }

    std::string readText()
    {
        std::string text = m_cursor.text(kMaxTextBytes, "a text of its metadata");
        return isValidUtf8(text) ? text : toValidUtf8(text);
    }

    ArrayValue readArray(const std::string& key)
    {
        ArrayValue array;
        array.type = readType(key);
        if (array.type == ValueType::Array) {
            throw refused("the list " + toLine(key) + " holds lists, which no model needs");
        }
        if (array.type != ValueType::Text) {
            const std::uint64_t size = bytesOf(array.type);
            array.bytes =
                m_cursor.bytes(m_cursor.count(size, "a list of its metadata") * size, "a list of its metadata");
            return array;
        }
        const std::uint64_t count = m_cursor.count(8, "a list of its metadata");
        m_texts += count;
        if (m_texts > kMaxTexts) {
            throw refused("its lists hold more than " + std::to_string(kMaxTexts) + " texts, at " + toLine(key));
        }
        for (std::uint64_t i = 0; i < count; ++i) {
            array.texts.push_back(readText());
        }
        return array;
    }

    void readTensor()
    {
        const std::string name = m_cursor.text(kMaxNameBytes, "a tensor's name");
        if (name.empty() || !isValidUtf8(name)) {
            throw refused(std::string("a tensor's name ") + (name.empty() ? "is empty" : "is not valid UTF-8"));
        }
        const std::uint32_t dimensions = m_cursor.number32("a tensor's dimensions");
        if (dimensions < 1 || dimensions > kMaxDimensions) {
            throw refused("tensor " + toLine(name) + " has " + std::to_string(dimensions) + " dimensions");
        }
        TensorPlace tensor;
        for (std::uint32_t i = 0; i < dimensions; ++i) {
            const std::uint64_t size = m_cursor.number64("a tensor's dimensions");
            if (size < 1 || size > std::uint64_t{1} << 40U) {
                throw refused("tensor " + toLine(name) + " has a dimension of " + std::to_string(size));
            }
            tensor.shape.insert(tensor.shape.begin(), static_cast<std::int64_t>(size));
        }
        const std::uint32_t type = m_cursor.number32("a tensor's type");
        tensor.begin = m_cursor.number64("a tensor's offset");  // from the start of the data, until placeTensors
        if (!isRead(type)) {
            throw Failure(FailureKind::ModelRefused,
                          m_file.path() + ": tensor " + toLine(name) + " is of type " + numberTypeName(type) +
                              ", which is not read; read are " + readNumberTypes() +
                              ": choose another quantisation of the model");
        }
        tensor.type = static_cast<NumberType>(type);
        tensor.bytes = bytesOfTensor(name, tensor);
        if (!m_header.tensors.emplace(name, tensor).second) {
            throw refused("tensor " + toLine(name) + " stands twice");
        }
    }

    std::uint64_t bytesOfTensor(const std::string& name, const TensorPlace& tensor) const
    {
        const BlockLayout layout = blockLayout(tensor.type);
        const auto row = static_cast<std::uint64_t>(tensor.shape.back());
        if (row % layout.numbers != 0) {
            throw refused("tensor " + toLine(name) + " has rows of " + std::to_string(row) + " numbers, " +
                          numberTypeName(static_cast<std::uint32_t>(tensor.type)) + " needs whole blocks of " +
                          std::to_string(layout.numbers));
        }
        std::uint64_t bytes = row / layout.numbers * layout.bytes;
        for (std::size_t i = 0; i + 1 < tensor.shape.size(); ++i) {
            if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(tensor.shape[i]), &bytes)) {
                throw refused("the size of tensor " + toLine(name) + " overflows");
            }
        }
        return bytes;
    }

    std::uint64_t alignment() const
    {
        const auto given = m_header.metadata.integer(kAlignment).value_or(kDefaultAlignment);
        if (given < 1 || given > std::int64_t{1} << 30U || !std::has_single_bit(static_cast<std::uint64_t>(given))) {
            throw refused(std::string(kAlignment) + " is " + std::to_string(given) + ", no power of two");
        }
        return static_cast<std::uint64_t>(given);
    }

    // Each tensor lies within the file, aligned, and shares no byte with another.
    void placeTensors()
    {
        const std::uint64_t align = alignment();
        const std::uint64_t begin = (m_cursor.position() + align - 1) / align * align;
        const std::uint64_t room = m_file.size() > begin ? m_file.size() - begin : 0;
        std::vector<std::pair<std::uint64_t, const std::string*>> order;
        for (auto& [name, tensor] : m_header.tensors) {
            if (tensor.begin % align != 0) {
                throw refused("tensor " + toLine(name) + " begins at " + std::to_string(tensor.begin) +
                              ", which is not aligned to " + std::to_string(align));
            }
            if (tensor.begin > room || tensor.bytes > room - tensor.begin) {
                throw refused("tensor " + toLine(name) +
                              " lies beyond the end of the file (truncated? download it "
                              "again)");
            }
            tensor.begin += begin;
            order.emplace_back(tensor.begin, &name);
        }
        std::sort(order.begin(), order.end());
        for (std::size_t i = 1; i < order.size(); ++i) {
            const TensorPlace& before = m_header.tensors.at(*order[i - 1].second);
            if (before.begin + before.bytes > order[i].first) {
                throw refused("tensors " + toLine(*order[i - 1].second) + " and " + toLine(*order[i].second) +
                              " overlap");
            }
        }
    }

    const OpenFile& m_file;
    HeaderCursor m_cursor;
    Header m_header;
    std::uint64_t m_texts = 0;
};

}  // namespace

Failure refusedGguf(const std::string& path, const std::string& reason)
{
    return badInput(path + " is not a usable GGUF file: " + reason);
}

Header readHeader(const std::string& path)
{
    const OpenFile file(path);
    return HeaderReader(file).read();
}

}  // namespace stet::files::gguf
