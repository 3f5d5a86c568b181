/* The C ABI of the Rust library stet_text: Hugging Face's `tokenizers` crate and chat templates on `minijinja`. Used by
 * trainer/text/{tokenizer,chat_template,adapter_targets}.cpp alone.
 * Every function that can fail catches panics; a non-zero return means failure, and *error is then a text owned by the
 * caller, freed with stet_text_free. Handles may be used by any thread, and by several at once. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct StetTokenizer StetTokenizer;
typedef struct StetChatTemplate StetChatTemplate;
typedef struct StetPattern StetPattern;

typedef struct StetEncoding {
    uint32_t* ids;
    uint32_t* begins; /* code points of the text */
    uint32_t* ends;
    size_t length;
} StetEncoding;

/* json: a tokenizer.json. added: a JSON array of tokens that are added to its own, each with content, id (or null),
 * as_in_tokenizer (its flags hold where it has the token), lstrip, rstrip, single_word, normalized, special. */
int stet_tokenizer_load(const uint8_t* json, size_t size, const uint8_t* added, size_t added_size,
                        StetTokenizer** tokenizer, char** error);
void stet_tokenizer_free(StetTokenizer* tokenizer);

/* recognise: texts of special tokens inside `text` become those tokens: 0 none, 1 all, 2 those without a U+FDD0 in
 * them; at a U+FDD1 a piece ends, and neither is encoded or counted. add: the post-processor's tokens (BOS …): 0 none,
 * 1 all, 2 those before the text. */
int stet_tokenizer_encode(const StetTokenizer* tokenizer, const uint8_t* text, size_t size, int recognise, int add,
                          StetEncoding* encoding, char** error);
void stet_encoding_free(StetEncoding* encoding);

int stet_tokenizer_decode(const StetTokenizer* tokenizer, const uint32_t* ids, size_t count, int skip_special,
                          char** text, char** error);
/* What the token adds to a text that stands before it. */
int stet_tokenizer_token_text(const StetTokenizer* tokenizer, uint32_t id, char** text, char** error);
/* -1: no such token. */
int64_t stet_tokenizer_id_of(const StetTokenizer* tokenizer, const uint8_t* token, size_t size);
/* Largest id + 1; added: of added tokens as well. */
int64_t stet_tokenizer_vocab_size(const StetTokenizer* tokenizer, int added);

/* A JSON array: the texts of the special tokens. */
int stet_tokenizer_special_texts(const StetTokenizer* tokenizer, char** json, char** error);

int stet_chat_load(const uint8_t* source, size_t size, StetChatTemplate** chat, char** error);
void stet_chat_free(StetChatTemplate* chat);
/* context: a JSON object with what the template may use, and `now` (seconds since 1970). Within bounds of steps, memory
 * and time; past them it is a failure like others. */
int stet_chat_render(const StetChatTemplate* chat, const uint8_t* context, size_t size, char** text, char** error);

/* limit: bytes of the compiled pattern; a MiB takes some milliseconds. */
int stet_pattern_new(const uint8_t* pattern, size_t size, size_t limit, StetPattern** matcher, char** error);
/* 1: the pattern is found in the text. Linear in its length. */
int stet_pattern_finds(const StetPattern* matcher, const uint8_t* text, size_t size);
void stet_pattern_free(StetPattern* matcher);

void stet_text_free(char* text);

/* How many thousandths of the times allowed may be taken from now on, by the whole process; 1000 at first. For tests of
 * what happens when a time is over. */
void stet_text_set_patience(uint32_t thousandths);

#ifdef __cplusplus
}
#endif
