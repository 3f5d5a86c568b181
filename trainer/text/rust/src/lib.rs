//! Hugging Face's `tokenizers` and chat templates behind the C ABI declared in `stet_text.h`. No function lets a panic out.

mod bounded;
mod chat;
mod clock;
mod filters;
mod globals;
mod operators;
mod pattern;
mod python;
mod strings;
mod tokenizer;
mod values;

use std::ffi::{c_char, c_int, CString};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::slice;

use tokenizer::{Add, Recognise, StetTokenizer};

#[repr(C)]
pub struct StetEncoding {
    ids: *mut u32,
    begins: *mut u32,
    ends: *mut u32,
    length: usize,
}

fn to_c(text: &str) -> *mut c_char {
    let without_nul: String = text.chars().filter(|c| *c != '\0').collect();
    CString::new(without_nul).unwrap_or_default().into_raw()
}

/// Runs `action`; a failure or a panic becomes status 1 and a text in `error`.
fn guarded(error: *mut *mut c_char, action: impl FnOnce() -> Result<(), String>) -> c_int {
    let message = match catch_unwind(AssertUnwindSafe(action)) {
        Ok(Ok(())) => return 0,
        Ok(Err(message)) => message,
        Err(panic) => panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()))
            .unwrap_or_else(|| "the tokenizer library failed".to_string()),
    };
    if !error.is_null() {
        unsafe { *error = to_c(&message) };
    }
    1
}

unsafe fn text_of<'a>(text: *const u8, size: usize) -> Result<&'a str, String> {
    let bytes = if size == 0 { &[] } else { slice::from_raw_parts(text, size) };
    std::str::from_utf8(bytes).map_err(|_| "the text is not valid UTF-8".to_string())
}

/// A list that the caller owns until it is passed to `stet_encoding_free` with its length.
fn leak(values: Vec<u32>) -> *mut u32 {
    Box::leak(values.into_boxed_slice()).as_mut_ptr()
}

/// # Safety
/// Pointers must be valid for the sizes given; see stet_text.h.
#[no_mangle]
pub unsafe extern "C" fn stet_tokenizer_load(
    json: *const u8,
    size: usize,
    added: *const u8,
    added_size: usize,
    tokenizer: *mut *mut StetTokenizer,
    error: *mut *mut c_char,
) -> c_int {
    guarded(error, || {
        let (json, added) = (slice::from_raw_parts(json, size), slice::from_raw_parts(added, added_size));
        let built = StetTokenizer::load(json, added)?;
        *tokenizer = Box::into_raw(Box::new(built));
        Ok(())
    })
}

/// # Safety
/// `tokenizer` comes from stet_tokenizer_load and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn stet_tokenizer_free(tokenizer: *mut StetTokenizer) {
    if !tokenizer.is_null() {
        drop(Box::from_raw(tokenizer));
    }
}

/// # Safety
/// See stet_text.h.
#[no_mangle]
pub unsafe extern "C" fn stet_tokenizer_encode(
    tokenizer: *const StetTokenizer,
    text: *const u8,
    size: usize,
    recognise: c_int,
    add: c_int,
    encoding: *mut StetEncoding,
    error: *mut *mut c_char,
) -> c_int {
    guarded(error, || {
        let text = text_of(text, size)?;
        let recognise = match recognise {
            0 => Recognise::None,
            1 => Recognise::All,
            _ => Recognise::Unmarked,
        };
        let add = match add {
            0 => Add::None,
            1 => Add::All,
            _ => Add::Before,
        };
        let encoded = (*tokenizer).encode(text, recognise, add)?;
        let length = encoded.ids.len();
        *encoding = StetEncoding {
            ids: leak(encoded.ids),
            begins: leak(encoded.begins),
            ends: leak(encoded.ends),
            length,
        };
        Ok(())
    })
}

/// # Safety
/// `encoding` was filled by stet_tokenizer_encode and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn stet_encoding_free(encoding: *mut StetEncoding) {
    let parts = &*encoding;
    for pointer in [parts.ids, parts.begins, parts.ends] {
        drop(Vec::from_raw_parts(pointer, parts.length, parts.length));
    }
}

/// # Safety
/// See stet_text.h.
#[no_mangle]
pub unsafe extern "C" fn stet_tokenizer_decode(
    tokenizer: *const StetTokenizer,
    ids: *const u32,
    count: usize,
    skip_special: c_int,
    text: *mut *mut c_char,
    error: *mut *mut c_char,
) -> c_int {
    guarded(error, || {
        let ids = if count == 0 { &[] } else { slice::from_raw_parts(ids, count) };
        *text = to_c(&(*tokenizer).decode(ids, skip_special != 0)?);
        Ok(())
    })
}

/// # Safety
/// See stet_text.h.
#[no_mangle]
pub unsafe extern "C" fn stet_tokenizer_token_text(
    tokenizer: *const StetTokenizer,
    id: u32,
    text: *mut *mut c_char,
    error: *mut *mut c_char,
) -> c_int {
    guarded(error, || {
        *text = to_c(&(*tokenizer).token_text(id)?);
        Ok(())
    })
}

/// # Safety
/// See stet_text.h.
#[no_mangle]
pub unsafe extern "C" fn stet_tokenizer_id_of(tokenizer: *const StetTokenizer, token: *const u8, size: usize) -> i64 {
    let find = || text_of(token, size).ok().and_then(|text| (*tokenizer).id_of(text));
    catch_unwind(AssertUnwindSafe(find)).ok().flatten().map_or(-1, i64::from)
}

/// # Safety
/// `tokenizer` comes from stet_tokenizer_load.
#[no_mangle]
pub unsafe extern "C" fn stet_tokenizer_vocab_size(tokenizer: *const StetTokenizer, added: c_int) -> i64 {
    (*tokenizer).vocab_size(added != 0)
}

/// Thousandths of the times allowed; see stet_text.h.
#[no_mangle]
pub extern "C" fn stet_text_set_patience(thousandths: u32) {
    bounded::set_patience(thousandths);
}

/// # Safety
/// `text` comes from a function of this library and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn stet_text_free(text: *mut c_char) {
    if !text.is_null() {
        drop(CString::from_raw(text));
    }
}

/// # Safety
/// See stet_text.h.
#[no_mangle]
pub unsafe extern "C" fn stet_chat_load(
    source: *const u8,
    size: usize,
    chat: *mut *mut chat::ChatTemplate,
    error: *mut *mut c_char,
) -> c_int {
    guarded(error, || {
        let built = chat::ChatTemplate::new(text_of(source, size)?)?;
        *chat = Box::into_raw(Box::new(built));
        Ok(())
    })
}

/// # Safety
/// `chat` comes from stet_chat_load and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn stet_chat_free(chat: *mut chat::ChatTemplate) {
    if !chat.is_null() {
        drop(Box::from_raw(chat));
    }
}

/// # Safety
/// See stet_text.h.
#[no_mangle]
pub unsafe extern "C" fn stet_tokenizer_special_texts(
    tokenizer: *const StetTokenizer,
    json: *mut *mut c_char,
    error: *mut *mut c_char,
) -> c_int {
    guarded(error, || {
        let texts = (*tokenizer).special_texts();
        *json = to_c(&serde_json::to_string(&texts).map_err(|error| error.to_string())?);
        Ok(())
    })
}

/// # Safety
/// See stet_text.h.
#[no_mangle]
pub unsafe extern "C" fn stet_chat_render(
    chat: *const chat::ChatTemplate,
    context: *const u8,
    size: usize,
    text: *mut *mut c_char,
    error: *mut *mut c_char,
) -> c_int {
    guarded(error, || {
        *text = to_c(&(*chat).render(text_of(context, size)?)?);
        Ok(())
    })
}
