// tokenizer.json of five pieces, and what an attacker may make of it.
#pragma once

#include "base/files.h"
#include "base/json.h"
#include "trainer/text/tokenizer.h"

#include <QTemporaryDir>

#include <memory>
#include <string>

namespace stet::test {

inline Json good()
{
    return {{"version", "1.0"},
            {"truncation", nullptr},
            {"padding", nullptr},
            {"added_tokens",
             {{{"id", 4},
               {"content", "<s>"},
               {"single_word", false},
               {"lstrip", false},
               {"rstrip", false},
               {"normalized", false},
               {"special", true}}}},
            {"normalizer", nullptr},
            {"pre_tokenizer", nullptr},
            {"post_processor", nullptr},
            {"decoder", nullptr},
            {"model",
             {{"type", "BPE"},
              {"dropout", nullptr},
              {"unk_token", nullptr},
              {"continuing_subword_prefix", nullptr},
              {"end_of_word_suffix", nullptr},
              {"fuse_unk", false},
              {"byte_fallback", false},
              {"ignore_merges", false},
              {"vocab", {{"a", 0}, {"b", 1}, {"ab", 2}, {"aa", 3}, {"<s>", 4}}},
              {"merges", Json::parse(R"([["a","b"],["a","a"]])")}}}};
}

inline Json with(const char* field, Json value)
{
    Json json = good();
    json[field] = std::move(value);
    return json;
}

inline Json withModel(const Json& changes)
{
    Json json = good();
    json["model"].update(changes);
    return json;
}

inline Json withAdded(const Json& changes)
{
    Json json = good();
    json["added_tokens"][0].update(changes);
    return json;
}

inline Json parsed(const char* text)
{
    return Json::parse(text);
}

inline Json split(const std::string& pattern)
{
    return {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}};
}

inline Json replace(const Json& pattern, const std::string& content)
{
    return {{"type", "Replace"}, {"pattern", pattern}, {"content", content}};
}

inline Json sequence(const char* list, const Json& one, int times)
{
    Json items = Json::array();
    for (int i = 0; i < times; ++i) {
        items.push_back(one);
    }
    return {{"type", "Sequence"}, {list, items}};
}

// A folder with one tokenizer.json, that is written anew each time.
class TokenizerFile {
public:
    std::string folder() const { return m_dir.path().toStdString(); }
    std::string path() const { return folder() + "/tokenizer.json"; }
    void write(const std::string& content) const { publishFile(path(), content); }
    std::shared_ptr<const text::Tokenizer> load() const { return text::Tokenizer::load(folder()); }

private:
    QTemporaryDir m_dir;
};

}  // namespace stet::test
