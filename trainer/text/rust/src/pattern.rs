//! Regular expressions of configuration files, matched in linear time (the `regex` crate), so that a file can't cause
//! runaway matching. What Python's `re` has beyond them (look-around, back-references) is an error that says so.

use std::ffi::{c_char, c_int};

use regex::{Regex, RegexBuilder};

use crate::{guarded, text_of};

/// The library shows the pattern with a marker below it and says what is wrong in the last line.
fn reason(error: &regex::Error) -> String {
    let said = error.to_string();
    said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_string()
}

/// # Safety
/// `pattern` points at `size` bytes; `matcher` and `error` are writable.
#[no_mangle]
pub unsafe extern "C" fn stet_pattern_new(
    pattern: *const u8,
    size: usize,
    limit: usize,
    matcher: *mut *mut Regex,
    error: *mut *mut c_char,
) -> c_int {
    guarded(error, || {
        let compiled = RegexBuilder::new(text_of(pattern, size)?)
            .size_limit(limit)
            .dfa_size_limit(limit)
            .build()
            .map_err(|error| reason(&error))?;
        *matcher = Box::into_raw(Box::new(compiled));
        Ok(())
    })
}

/// 1 when the pattern is found in the text, else 0.
///
/// # Safety
/// `matcher` comes from stet_pattern_new; `text` points at `size` bytes.
#[no_mangle]
pub unsafe extern "C" fn stet_pattern_finds(matcher: *const Regex, text: *const u8, size: usize) -> c_int {
    text_of(text, size).map_or(0, |text| c_int::from((*matcher).is_match(text)))
}

/// # Safety
/// `matcher` comes from stet_pattern_new and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn stet_pattern_free(matcher: *mut Regex) {
    if !matcher.is_null() {
        drop(Box::from_raw(matcher));
    }
}
