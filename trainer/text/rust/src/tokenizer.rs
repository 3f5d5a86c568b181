//! tokenizer.json, read and used within bounds: its expressions, normalisers and vocabulary are untrusted.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokenizers::normalizer::SplitDelimiterBehavior::Removed;
use tokenizers::{AddedToken, Encoding, Model, OffsetType, PreTokenizer, Token, Tokenizer};

use crate::bounded;

const WHAT: &str = "the tokenizer";

/// What n bytes of a file or text may use: fixed amounts of memory and time, and more in proportion to n.
struct Allowance {
    memory: usize,
    memory_per_byte: usize,
    seconds: u64,
    bytes_per_second: usize,
}

const LOAD: Allowance = Allowance { memory: 128 << 20, memory_per_byte: 48, seconds: 8, bytes_per_second: 1_000_000 };
const ENCODE: Allowance = Allowance { memory: 256 << 20, memory_per_byte: 1024, seconds: 10, bytes_per_second: 200_000 };

impl Allowance {
    fn spend<T: Send + 'static>(
        &self,
        bytes: usize,
        action: impl FnOnce() -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        let memory = self.memory + bytes.saturating_mul(self.memory_per_byte);
        let seconds = self.seconds + (bytes / self.bytes_per_second) as u64;
        bounded::run_searching(WHAT, memory, Duration::from_secs(seconds), action)
    }
}

/// How many times longer than its tokens a decoded text may be.
const MOST_GROWTH: f64 = 64.0;

/// Two views of one tokenizer.json: `plain` keeps special-token texts as text, `special` recognises them.
struct Views {
    plain: Tokenizer,
    special: Tokenizer,
    /// How many tokens the post-processor puts after a text.
    behind: usize,
}

pub struct StetTokenizer {
    views: Arc<Views>,
    /// An ordinary token; decoding it together with another shows what the other adds to a text.
    anchor: Option<u32>,
    vocab_size: i64,
    base_vocab_size: i64,
}

/// Which texts of special tokens become those tokens.
#[derive(Clone, Copy, PartialEq)]
pub enum Recognise {
    None,
    All,
    /// Those without a mark in them.
    Unmarked,
}

/// Which of the post-processor's tokens are added.
#[derive(Clone, Copy, PartialEq)]
pub enum Add {
    None,
    All,
    /// Those before the text: a prompt that will be continued must not have ended.
    Before,
}

/// Unicode noncharacters that control `Recognise::Unmarked`: a special token's text with the first inside is plain text; at
/// the second the text is split. Neither is encoded or counted.
const MARK: char = '\u{fdd0}';
const CUT: char = '\u{fdd1}';

pub struct Encoded {
    pub ids: Vec<u32>,
    pub begins: Vec<u32>,
    pub ends: Vec<u32>,
}

impl StetTokenizer {
    /// added: JSON, see `add_tokens`.
    pub fn load(json: &[u8], added: &[u8]) -> Result<Self, String> {
        tokenizers::utils::parallelism::set_parallelism(false);
        let (json, added) = (json.to_vec(), added.to_vec());
        let views = Arc::new(LOAD.spend(json.len() + added.len(), move || read(&json, &added))?);
        let mut tokenizer = StetTokenizer { views, anchor: None, vocab_size: 0, base_vocab_size: 0 };
        // A tokenizer that can't encode a letter can still be used on ids.
        tokenizer.anchor = match tokenizer.encode("a", Recognise::None, Add::None) {
            Ok(encoded) => encoded.ids.last().copied(),
            Err(message) if message.ends_with("was stopped") => return Err(message),
            Err(_) => None,
        };
        let size = |added| tokenizer.views.plain.get_vocab(added).values().max().map_or(0, |&id| i64::from(id) + 1);
        (tokenizer.vocab_size, tokenizer.base_vocab_size) = (size(true), size(false));
        Ok(tokenizer)
    }

    pub fn encode(&self, text: &str, recognise: Recognise, add: Add) -> Result<Encoded, String> {
        let views = self.views.clone();
        let text = text.to_string();
        ENCODE.spend(text.len(), move || {
            let added = add != Add::None;
            let encoded = match recognise {
                Recognise::None => views.plain.encode_char_offsets(text.as_str(), added),
                Recognise::All => views.special.encode_char_offsets(text.as_str(), added),
                Recognise::Unmarked => encode_marked(&views.special, &text, added),
            };
            let encoded = encoded.map_err(|error| error.to_string())?;
            let length = encoded.len().saturating_sub(if add == Add::Before { views.behind } else { 0 });
            let marks = if recognise == Recognise::Unmarked { marks_of(&text) } else { Vec::new() };
            let place = |at: usize| (at - marks.partition_point(|&mark| mark < at)) as u32;
            Ok(Encoded {
                ids: encoded.get_ids()[..length].to_vec(),
                begins: encoded.get_offsets()[..length].iter().map(|range| place(range.0)).collect(),
                ends: encoded.get_offsets()[..length].iter().map(|range| place(range.1)).collect(),
            })
        })
    }

    pub fn decode(&self, ids: &[u32], skip_special: bool) -> Result<String, String> {
        self.views.special.decode(ids, skip_special).map_err(|error| error.to_string())
    }

    pub fn token_text(&self, id: u32) -> Result<String, String> {
        let Some(anchor) = self.anchor else { return self.decode(&[id], false) };
        let before = self.decode(&[anchor], false)?;
        let both = self.decode(&[anchor, id], false)?;
        Ok(both.strip_prefix(before.as_str()).map_or_else(|| both.clone(), str::to_string))
    }

    pub fn id_of(&self, token: &str) -> Option<u32> {
        self.views.special.token_to_id(token)
    }

    pub fn vocab_size(&self, added: bool) -> i64 {
        if added { self.vocab_size } else { self.base_vocab_size }
    }

    pub fn special_texts(&self) -> Vec<String> {
        let added = self.views.special.get_added_tokens_decoder();
        added.values().filter(|token| token.special).map(|token| token.content.clone()).collect()
    }
}

/// The tokenizer's own steps, one by one: special tokens are found while the marks are there, and later steps see the text
/// without them.
fn encode_marked(view: &Tokenizer, text: &str, add: bool) -> tokenizers::Result<Encoding> {
    let mut pieces = view.get_added_vocabulary().extract_and_normalize(view.get_normalizer(), text);
    pieces.normalize(|piece| {
        piece.filter(|c| c != MARK);
        Ok(())
    })?;
    pieces.split(|_, piece| piece.split(CUT, Removed))?;
    if let Some(splitter) = view.get_pre_tokenizer() {
        splitter.pre_tokenize(&mut pieces)?;
    }
    pieces.tokenize(|piece| view.get_model().tokenize(piece.get()))?;
    view.post_process(pieces.into_encoding(None, 0, OffsetType::Char)?, None, add)
}

/// Their positions, in characters.
fn marks_of(text: &str) -> Vec<usize> {
    text.chars().enumerate().filter(|(_, c)| [MARK, CUT].contains(c)).map(|(at, _)| at).collect()
}

fn read(json: &[u8], added: &[u8]) -> Result<Views, String> {
    let mut special = Tokenizer::from_bytes(json).map_err(|error| error.to_string())?;
    add_tokens(&mut special, added)?;
    special.with_padding(None);
    special.with_truncation(None).map_err(|error| error.to_string())?;
    check_decoder(&special)?;
    let mut plain = special.clone();
    plain.set_encode_special_tokens(true);
    let behind = tokens_behind(&special)?;
    Ok(Views { plain, special, behind })
}

/// Of a text of one token: what a post-processor adds doesn't depend on the text.
fn tokens_behind(tokenizer: &Tokenizer) -> Result<usize, String> {
    let one = Encoding::from_tokens(vec![Token::new(0, "a".to_string(), (0, 1))], 0);
    let all = tokenizer.post_process(one, None, true).map_err(|error| error.to_string())?;
    Ok(all.get_special_tokens_mask().iter().rev().take_while(|&&mask| mask == 1).count())
}

/// `added`: a JSON array of {"content", "id", "as_in_tokenizer", "lstrip", "rstrip", "single_word", "normalized",
/// "special"}, see trainer/files/tokenizer_config.h.
fn add_tokens(tokenizer: &mut Tokenizer, added: &[u8]) -> Result<(), String> {
    let values: Vec<Value> = serde_json::from_slice(added).map_err(|error| error.to_string())?;
    let mut tokens = Vec::with_capacity(values.len());
    let mut expected = Vec::new();
    for value in values {
        let id = value.get("id").and_then(Value::as_u64);
        let as_it_is = value.get("as_in_tokenizer") == Some(&Value::Bool(true));
        let mut token: AddedToken = serde_json::from_value(value).map_err(|error| error.to_string())?;
        let known = tokenizer.token_to_id(&token.content);
        let flags = known.and_then(|id| tokenizer.get_added_vocabulary().get_added_tokens_decoder().get(&id));
        if let (true, Some(own)) = (as_it_is, flags) {
            token = AddedToken { special: own.special || token.special, ..own.clone() };
        }
        if let (None, Some(id)) = (known, id) {
            expected.push((token.content.clone(), id));
        }
        tokens.push(token);
    }
    tokenizer.add_tokens(&tokens);
    for (content, id) in expected {
        match tokenizer.token_to_id(&content) {
            Some(given) if u64::from(given) != id => {
                return Err(format!(
                    "the added token '{content}' has the id {id} in the files beside it, and {given} is the one that \
                     follows its own tokens; they belong to different tokenizers, download the folder again"
                ))
            }
            _ => {}
        }
    }
    Ok(())
}

/// Every token that is shown is decoded, on the caller's thread; so decoding is bounded once, by its settings.
fn check_decoder(tokenizer: &Tokenizer) -> Result<(), String> {
    let settings = serde_json::to_value(tokenizer.get_decoder()).map_err(|error| error.to_string())?;
    if growth(&settings)? > MOST_GROWTH {
        return Err(format!("its decoder makes texts more than {MOST_GROWTH} times as long"));
    }
    Ok(())
}

fn growth(decoder: &Value) -> Result<f64, String> {
    if let Some(decoders) = decoder.get("decoders").and_then(Value::as_array) {
        return decoders.iter().try_fold(1.0, |product, one| Ok(product * growth(one)?));
    }
    if decoder.get("type").and_then(Value::as_str) != Some("Replace") {
        return Ok(1.0);
    }
    let content = decoder.get("content").and_then(Value::as_str).unwrap_or_default();
    match decoder.pointer("/pattern/String").and_then(Value::as_str) {
        Some("") => Ok(1.0 + content.len() as f64),
        Some(replaced) => Ok((content.len() as f64 / replaced.len() as f64).max(1.0)),
        None => Err("its decoder searches with a regular expression, which is not supported".to_string()),
    }
}
