//! Methods of Python's `str` that the library lacks or implements differently.

use minijinja::value::{from_args, Kwargs, Tuple};
use minijinja::{Error, ErrorKind, Value};
use regex::Regex;

pub fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

/// None: none of these methods.
pub fn method(text: &str, name: &str, args: &[Value]) -> Result<Option<Value>, Error> {
    Ok(Some(match name {
        "find" | "rfind" | "index" | "rindex" | "count" => found(text, name, args)?,
        "startswith" | "endswith" => edged(text, name, args)?.into(),
        "partition" | "rpartition" => parts(text, from_args::<(&str,)>(args)?.0, name == "rpartition")?,
        "removeprefix" => text.strip_prefix(from_args::<(&str,)>(args)?.0).unwrap_or(text).into(),
        "removesuffix" => text.strip_suffix(from_args::<(&str,)>(args)?.0).unwrap_or(text).into(),
        "strip" | "lstrip" | "rstrip" => stripped(text, name, from_args::<(Option<&str>,)>(args)?.0).into(),
        "split" => split(text, args)?,
        "rsplit" => split_from_the_right(text, args)?,
        "splitlines" => lines(text, args)?,
        "title" => titled(text).into(),
        "swapcase" => text.chars().map(swapped).collect::<String>().into(),
        "casefold" => text.chars().map(folded).collect::<String>().into(),
        "zfill" => zeros(text, from_args::<(usize,)>(args)?.0)?.into(),
        "ljust" | "rjust" | "center" => padded(text, name, args)?.into(),
        "expandtabs" => without_tabs(text, args)?.into(),
        _ => return Ok(kind_of(text, name).map(Value::from)),
    }))
}

/// What Python counts as white space; Rust leaves out the separators of files, groups, records and units.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

pub fn stripped<'a>(text: &'a str, name: &str, chars: Option<&str>) -> &'a str {
    let goes = |c: char| chars.map_or_else(|| is_space(c), |chars| chars.contains(c));
    let text = if name == "rstrip" { text } else { text.trim_start_matches(goes) };
    if name == "lstrip" { text } else { text.trim_end_matches(goes) }
}

/// The results of `isdecimal` and similar methods.
fn kind_of(text: &str, name: &str) -> Option<bool> {
    // Numerals with a value of a digit, and others that are numbers, by Unicode's Numeric_Type.
    const DIGITS: &str = "²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒";
    const NUMERALS: &str = "零〇一二三四五六七八九十百千万亿億兆";
    let pattern = match name {
        "isdecimal" => r"^\p{Nd}+$".to_string(),
        "isdigit" => format!(r"^[\p{{Nd}}{DIGITS}]+$"),
        "isnumeric" => format!(r"^[\p{{N}}{NUMERALS}]+$"),
        "isidentifier" => r"^[\p{XID_Start}_]\p{XID_Continue}*$".to_string(),
        "isprintable" => r"^[^\p{C}\p{Z}]*$".to_string(),
        "isspace" => return Some(!text.is_empty() && text.chars().all(is_space)),
        "istitle" => return Some(is_title(text)),
        _ => return None,
    };
    let text = if name == "isprintable" { text.replace(' ', "") } else { text.to_string() };
    Regex::new(&pattern).ok().map(|pattern| pattern.is_match(&text) && !(text.ends_with('\n')))
}

fn is_title(text: &str) -> bool {
    let (mut within, mut any) = (false, false);
    for c in text.chars() {
        if (c.is_uppercase() && within) || (c.is_lowercase() && !within) {
            return false;
        }
        within = c.is_uppercase() || c.is_lowercase();
        any |= within;
    }
    any
}

/// The stretch from the `start`th to the `end`th character and its first byte; None: there is no such place.
fn stretch(text: &str, start: Option<i64>, end: Option<i64>) -> Option<(usize, &str)> {
    let count = text.chars().count() as i64;
    let place = |at: i64| if at < 0 { (at + count).max(0) } else { at };
    let (start, end) = (place(start.unwrap_or(0)), place(end.unwrap_or(count)).min(count));
    let byte = |at: i64| text.char_indices().nth(at as usize).map_or(text.len(), |(byte, _)| byte);
    (start <= end).then(|| (byte(start), &text[byte(start)..byte(end)]))
}

/// Positions count characters.
fn found(text: &str, name: &str, args: &[Value]) -> Result<Value, Error> {
    let (what, start, end): (&str, Option<i64>, Option<i64>) = from_args(args)?;
    let within = stretch(text, start, end);
    if name == "count" {
        return Ok(within.map_or(0, |(_, within)| within.matches(what).count()).into());
    }
    let at = within.and_then(|(first, within)| {
        let at = if name.starts_with('r') { within.rfind(what) } else { within.find(what) };
        at.map(|at| first + at)
    });
    match at {
        Some(at) => Ok(text[..at].chars().count().into()),
        None if name.ends_with("index") => Err(wrong("substring not found")),
        None => Ok((-1).into()),
    }
}

/// `startswith` and `endswith` take a text or a tuple of them.
fn edged(text: &str, name: &str, args: &[Value]) -> Result<bool, Error> {
    let (edges, start, end): (&Value, Option<i64>, Option<i64>) = from_args(args)?;
    let edges = if edges.is_tuple() { edges.try_iter()?.collect() } else { vec![edges.clone()] };
    for edge in &edges {
        let edge = edge.as_str().ok_or_else(|| wrong(format!("{name} takes a text or a tuple of texts")))?;
        let is_edge = |within: &str| if name == "startswith" { within.starts_with(edge) } else { within.ends_with(edge) };
        if stretch(text, start, end).is_some_and(|(_, within)| is_edge(within)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn parts(text: &str, at: &str, from_the_right: bool) -> Result<Value, Error> {
    if at.is_empty() {
        return Err(wrong("empty separator"));
    }
    let found = if from_the_right { text.rsplit_once(at) } else { text.split_once(at) };
    let three = match found {
        Some((before, after)) => [before, at, after],
        None if from_the_right => ["", "", text],
        None => [text, "", ""],
    };
    Ok(Value::from(Tuple::from(three.map(Value::from).to_vec())))
}

/// Separator and number of splits, by position or by name.
fn split_options(args: &[Value]) -> Result<(Option<String>, usize), Error> {
    let (at, most, options): (Option<&str>, Option<i64>, Kwargs) = from_args(args)?;
    let at = at.or(options.get("sep")?).map(str::to_string);
    let most = most.or(options.get("maxsplit")?).and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    options.assert_all_used()?;
    match at.as_deref() {
        Some("") => Err(wrong("empty separator")),
        _ => Ok((at, most)),
    }
}

fn split(text: &str, args: &[Value]) -> Result<Value, Error> {
    let (at, most) = split_options(args)?;
    if let Some(at) = at {
        return Ok(text.splitn(most.saturating_add(1), at.as_str()).map(Value::from).collect());
    }
    let mut pieces = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let end = if pieces.len() == most { None } else { rest.find(is_space) };
        pieces.push(Value::from(&rest[..end.unwrap_or(rest.len())]));
        rest = end.map_or("", |end| rest[end..].trim_start_matches(is_space));
    }
    Ok(pieces.into())
}

fn split_from_the_right(text: &str, args: &[Value]) -> Result<Value, Error> {
    let (at, most) = split_options(args)?;
    let mut pieces = Vec::new();
    if let Some(at) = at {
        pieces.extend(text.rsplitn(most.saturating_add(1), at.as_str()).map(Value::from));
    } else {
        let mut rest = text.trim_end_matches(is_space);
        while !rest.is_empty() {
            let cut = if pieces.len() == most { None } else { rest.char_indices().rfind(|&(_, c)| is_space(c)) };
            pieces.push(Value::from(&rest[cut.map_or(0, |(at, c)| at + c.len_utf8())..]));
            rest = cut.map_or("", |(at, _)| rest[..at].trim_end_matches(is_space));
        }
    }
    pieces.reverse();
    Ok(pieces.into())
}

/// Without their ends, or with them.
pub fn line_pieces(text: &str, with_ends: bool) -> Vec<&str> {
    const ENDS: [char; 10] =
        ['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(ENDS) {
        let end = if rest[at..].starts_with("\r\n") { 2 } else { rest[at..].chars().next().map_or(1, char::len_utf8) };
        pieces.push(&rest[..if with_ends { at + end } else { at }]);
        rest = &rest[at + end..];
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

fn lines(text: &str, args: &[Value]) -> Result<Value, Error> {
    let (with_ends, options): (Option<Value>, Kwargs) = from_args(args)?;
    let with_ends = with_ends.or(options.get("keepends")?).is_some_and(|value| value.is_true());
    options.assert_all_used()?;
    Ok(line_pieces(text, with_ends).into_iter().map(Value::from).collect())
}

/// Upper case for every letter that follows a non-letter: "They'Re".
fn titled(text: &str) -> String {
    let mut within = false;
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        if within {
            result.extend(c.to_lowercase());
        } else {
            result.extend(c.to_uppercase());
        }
        within = c.is_alphabetic();
    }
    result
}

fn swapped(c: char) -> char {
    let turned = if c.is_uppercase() { c.to_lowercase().next() } else { c.to_uppercase().next() };
    turned.unwrap_or(c)
}

/// Case folding: "ß" → "ss", "ς" → "σ". Only the Turkish "ı" stays.
fn folded(c: char) -> String {
    if c == 'ı' { c.to_string() } else { c.to_uppercase().flat_map(char::to_lowercase).collect() }
}

/// `count` characters more, as many as the bounds of memory let pass.
fn filling(with: char, count: usize) -> Result<String, Error> {
    const MOST: usize = 1 << 20;
    if count > MOST {
        return Err(wrong(format!("a width of more than {MOST} is refused")));
    }
    Ok(std::iter::repeat(with).take(count).collect())
}

fn zeros(text: &str, width: usize) -> Result<String, Error> {
    let sign = usize::from(text.starts_with(['+', '-']));
    Ok(format!("{}{}", &text[..sign], filled(&text[sign..], width.saturating_sub(sign), '0')?))
}

/// `with` before the text, up to `width` characters.
pub fn filled(text: &str, width: usize, with: char) -> Result<String, Error> {
    Ok(filling(with, width.saturating_sub(text.chars().count()))? + text)
}

fn padded(text: &str, name: &str, args: &[Value]) -> Result<String, Error> {
    let (width, with): (usize, Option<char>) = from_args(args)?;
    let more = width.saturating_sub(text.chars().count());
    let left = match name {
        "ljust" => 0,
        "rjust" => more,
        _ => more / 2 + (more & width & 1), // the odd one stands where Python puts it
    };
    let with = with.unwrap_or(' ');
    Ok(format!("{}{text}{}", filling(with, left)?, filling(with, more - left)?))
}

pub fn centred(text: &str, width: usize) -> Result<String, Error> {
    padded(text, "center", &[Value::from(width)])
}

fn without_tabs(text: &str, args: &[Value]) -> Result<String, Error> {
    let (width, options): (Option<i64>, Kwargs) = from_args(args)?;
    let width = usize::try_from(width.or(options.get("tabsize")?).unwrap_or(8)).unwrap_or(0);
    options.assert_all_used()?;
    let mut result = String::new();
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' if width == 0 => {}
            '\t' => {
                let more = width - column % width;
                result += &filling(' ', more)?;
                column += more;
            }
            c => {
                result.push(c);
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
            }
        }
    }
    Ok(result)
}
