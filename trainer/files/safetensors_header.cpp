#include "trainer/files/safetensors_header.h"

#include "base/json.h"

#include <algorithm>

namespace stet::files {

namespace {

constexpr std::size_t kMaxSizes = 8;          // dimensions of a tensor
constexpr std::size_t kMaxFields = 16;        // the format has three
constexpr std::size_t kMaxMetadata = 10'000;  // texts
constexpr std::size_t kMaxTensors = 50'000;   // a file's; the largest known checkpoints have some thousands
constexpr std::size_t kMaxDepth = 4;

// One tensor's entry while it is read. What is absent is told from what is wrong.
struct RawEntry {
    std::vector<std::string> fields;
    bool hasType = false;
    std::optional<TensorType> type;
    std::string typeName;
    bool hasShape = false;
    bool shapeIsList = false;
    std::vector<std::uint64_t> shape;
    bool hasOffsets = false;
    bool offsetsAreList = false;
    std::vector<std::uint64_t> offsets;
};

// The events of nlohmann's parser (its names).
class HeaderReader {
public:
    explicit HeaderReader(const std::string& path) : m_path(path) { }

    bool null() { return other("null"); }
    bool boolean(bool) { return other("true or false"); }
    bool number_integer(std::int64_t value) { return other(std::to_string(value)); }
    bool number_float(double, const std::string& text) { return other(text); }
    bool binary(nlohmann::json::binary_t&) { return false; }  // never in text

    bool number_unsigned(std::uint64_t value)
    {
        if (m_place != Place::Shape && m_place != Place::Offsets) {
            return other(std::to_string(value));
        }
        listed().push_back(value);
        if (listed().size() > kMaxSizes) {
            throw malformed();
        }
        return true;
    }

    bool string(std::string& value)
    {
        if (m_place == Place::Metadata) {
            addMetadata(std::move(value));
        } else if (m_place == Place::Tensor && m_field == "dtype") {
            m_entry.type = tensorTypeFromName(value);
            m_entry.typeName = toLine(value);
        } else {
            return other("a text");
        }
        return true;
    }

    bool key(std::string& name)
    {
        if (m_place == Place::Top) {
            if (name == "__metadata__" ? m_hasMetadata : m_header.tensors.contains(name)) {
                throw standsTwice(name);
            }
            m_tensor = std::move(name);
        } else if (m_place == Place::Metadata) {
            m_field = std::move(name);
        } else if (m_place == Place::Tensor) {
            if (std::find(m_entry.fields.begin(), m_entry.fields.end(), name) != m_entry.fields.end()) {
                throw standsTwice(name);
            }
            m_entry.fields.push_back(name);
            if (m_entry.fields.size() > kMaxFields) {
                throw malformed();
            }
            m_field = std::move(name);
            m_entry.hasType = m_entry.hasType || m_field == "dtype";
            m_entry.hasShape = m_entry.hasShape || m_field == "shape";
            m_entry.hasOffsets = m_entry.hasOffsets || m_field == "data_offsets";
        }
        return true;
    }

    bool start_object(std::size_t)
    {
        const bool metadata = m_tensor == "__metadata__";
        if (m_depth == 1) {
            m_hasMetadata = m_hasMetadata || metadata;
            m_entry = {};
            return enter(metadata ? Place::Metadata : Place::Tensor);
        }
        return enter(m_depth == 0 ? Place::Top : nestedPlace());
    }

    bool end_object()
    {
        if (m_place == Place::Tensor) {
            addTensor();
        }
        return leave();
    }

    bool start_array(std::size_t)
    {
        if (m_place == Place::Tensor && m_field == "shape") {
            m_entry.shapeIsList = true;
            return enter(Place::Shape);
        }
        if (m_place == Place::Tensor && m_field == "data_offsets") {
            m_entry.offsetsAreList = true;
            return enter(Place::Offsets);
        }
        return enter(m_depth == 0 ? Place::Top : nestedPlace());
    }

    bool end_array() { return leave(); }

    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&)
    {
        throw refusedSafetensors(m_path, "its header is not valid JSON");
    }

    SafetensorsHeader take() { return std::move(m_header); }

private:
    enum class Place { Top, Tensor, Metadata, Shape, Offsets, Ignored };

    // Where a list or object begins that is neither a tensor's entry nor one of its lists.
    Place nestedPlace()
    {
        other("a list or an object");
        if (++m_nested > kMaxFields) {
            throw malformed();
        }
        return Place::Ignored;
    }

    bool enter(Place place)
    {
        if (++m_depth > kMaxDepth) {
            throw refusedSafetensors(m_path, "its header is nested too deeply");
        }
        m_places[m_depth - 1] = m_place;
        m_place = place;
        return true;
    }

    bool leave()
    {
        m_place = m_places[--m_depth];
        return true;
    }

    std::vector<std::uint64_t>& listed() { return m_place == Place::Shape ? m_entry.shape : m_entry.offsets; }

    // A value where another kind is wanted, or one of a field that the format doesn't have.
    bool other(const std::string& found)
    {
        switch (m_place) {
        case Place::Metadata:
            throw refusedSafetensors(m_path, "its metadata '" + m_field + "' is not a text");
        case Place::Top:
            throw m_tensor == "__metadata__" ? refusedSafetensors(m_path, "its metadata is not an object of texts")
                                             : lacking();
        case Place::Shape:
            throw refusedSafetensors(m_path, "a size of '" + m_tensor + "' is not a whole number ≥ 0");
        case Place::Offsets:
            throw refusedSafetensors(m_path, "an offset of '" + m_tensor + "' is not a whole number ≥ 0");
        case Place::Tensor:
            if (m_field == "dtype") {
                m_entry.typeName = found;
            }
            return true;
        default:
            return true;
        }
    }

    void addMetadata(std::string value)
    {
        if (m_header.metadata.size() >= kMaxMetadata) {
            throw refusedSafetensors(m_path, "its metadata has more than " + std::to_string(kMaxMetadata) + " texts");
        }
        if (!m_header.metadata.emplace(m_field, std::move(value)).second) {
            throw standsTwice(m_field);
        }
    }

    void addTensor()
    {
        if (m_header.tensors.size() >= kMaxTensors) {
            throw refusedSafetensors(m_path, "it has more than " + std::to_string(kMaxTensors) + " tensors");
        }
        m_header.tensors.emplace(m_tensor, checkedEntry());
    }

    TensorEntry checkedEntry() const
    {
        if (!m_entry.hasType || !m_entry.hasShape || !m_entry.hasOffsets) {
            throw lacking();
        }
        if (!m_entry.type) {
            throw refusedSafetensors(m_path, "tensor '" + m_tensor + "' has the unknown dtype " + m_entry.typeName);
        }
        if (!m_entry.shapeIsList || !m_entry.offsetsAreList || m_entry.offsets.size() != 2) {
            throw malformed();
        }
        TensorEntry entry;
        entry.type = *m_entry.type;
        for (const std::uint64_t size : m_entry.shape) {
            if (size > std::uint64_t(INT64_MAX)) {
                throw refusedSafetensors(m_path, "the shape of '" + m_tensor + "' overflows");
            }
            entry.shape.push_back(static_cast<std::int64_t>(size));
        }
        const std::uint64_t begin = m_entry.offsets[0];
        const std::uint64_t end = m_entry.offsets[1];
        const std::uint64_t count = elementCount(entry.shape, m_path, m_tensor);
        if (end < begin || __builtin_mul_overflow(count, bytesPerElement(entry.type), &entry.bytes) ||
            entry.bytes != end - begin) {
            throw refusedSafetensors(m_path, "the offsets of '" + m_tensor + "' do not fit its shape and dtype");
        }
        entry.begin = begin;
        return entry;
    }

    Failure lacking() const
    {
        return refusedSafetensors(m_path, "tensor '" + m_tensor + "' lacks dtype, shape or data_offsets");
    }

    Failure malformed() const
    {
        return refusedSafetensors(m_path, "tensor '" + m_tensor + "' has a malformed shape or data_offsets");
    }

    Failure standsTwice(const std::string& name) const
    {
        return refusedSafetensors(m_path, "the name '" + name + "' stands twice in its header");
    }

    const std::string& m_path;
    SafetensorsHeader m_header;
    bool m_hasMetadata = false;
    std::string m_tensor;  // the name at the top that is being read
    std::string m_field;   // the name inside of it
    RawEntry m_entry;
    Place m_place = Place::Top;
    Place m_places[kMaxDepth] = {};  // around the one that is being read
    std::size_t m_depth = 0;
    std::size_t m_nested = 0;
};

}  // namespace

Failure refusedSafetensors(const std::string& path, const std::string& reason)
{
    return badInput(path + " is not a usable safetensors file: " + reason);
}

std::uint64_t elementCount(const std::vector<std::int64_t>& shape, const std::string& path, const std::string& name)
{
    std::uint64_t count = 1;
    for (const auto size : shape) {
        if (__builtin_mul_overflow(count, static_cast<std::uint64_t>(size), &count)) {
            throw refusedSafetensors(path, "the shape of '" + name + "' overflows");
        }
    }
    return count;
}

SafetensorsHeader parseSafetensorsHeader(std::string_view text, const std::string& path)
{
    // The library takes a NUL for the end of the text.
    if (text.find('\0') != std::string_view::npos) {
        throw refusedSafetensors(path, "its header is not valid JSON");
    }
    HeaderReader reader(path);
    nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
    return reader.take();
}

}  // namespace stet::files
