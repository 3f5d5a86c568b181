//! Jinja's filters that the library lacks or implements differently.

use minijinja::value::{Kwargs, Rest, ValueKind};
use minijinja::{Environment, Error, State, Value};

use crate::strings::{self, line_pieces, wrong};
use crate::values;

pub fn add(environment: &mut Environment) {
    environment.add_filter("int", int);
    environment.add_filter("float", float);
    environment.add_filter("replace", replace);
    environment.add_filter("string", |value: &Value| values::printed(value));
    environment.add_filter("trim", |value: &Value, chars: Option<String>| {
        strings::stripped(&values::printed(value), "strip", chars.as_deref()).to_string()
    });
    environment.add_filter("join", join);
    environment.add_filter("urlencode", urlencode);
    environment.add_filter("truncate", truncate);
    environment.add_filter("wordcount", wordcount);
    environment.add_filter("center", |text: String, width: Option<usize>| strings::centred(&text, width.unwrap_or(80)));
    environment.add_filter("wordwrap", wordwrap);
    environment.add_filter("striptags", striptags);
}

/// The argument by position or by name.
fn given(place: Option<Value>, named: &Kwargs, name: &str) -> Result<Option<Value>, Error> {
    Ok(place.or(named.get::<Option<Value>>(name)?))
}

fn int(value: &Value, default: Option<Value>, base: Option<Value>, named: Kwargs) -> Result<Value, Error> {
    let default = given(default, &named, "default")?.unwrap_or_else(|| 0.into());
    let base = given(base, &named, "base")?.map_or(Ok(10), u32::try_from)?;
    named.assert_all_used()?;
    let whole = |number: f64| if number.is_finite() { Value::from(number as i128) } else { default.clone() };
    Ok(match value.kind() {
        ValueKind::Undefined => return Err(wrong("an undefined value is no number")),
        ValueKind::Bool => i32::from(value.is_true()).into(),
        ValueKind::Number if value.is_integer() => value.clone(),
        ValueKind::Number => whole(f64::try_from(value.clone())?),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            let number = whole_number(text, base).map(Value::from);
            number.or_else(|| decimal_number(text).map(whole)).unwrap_or(default)
        }
        _ => default,
    })
}

fn float(value: &Value, default: Option<Value>, named: Kwargs) -> Result<Value, Error> {
    let default = given(default, &named, "default")?.unwrap_or_else(|| 0.0.into());
    named.assert_all_used()?;
    Ok(match value.kind() {
        ValueKind::Undefined => return Err(wrong("an undefined value is no number")),
        ValueKind::Bool => f64::from(i32::from(value.is_true())).into(),
        ValueKind::Number => f64::try_from(value.clone())?.into(),
        ValueKind::String => decimal_number(value.as_str().unwrap_or_default()).map_or(default, Value::from),
        _ => default,
    })
}

/// Python allows underscores between two digits only.
fn without_underscores(text: &str) -> Option<String> {
    let text = strings::stripped(text, "strip", None);
    let wrong = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (!wrong).then(|| text.replace('_', ""))
}

/// int(text, base).
fn whole_number(text: &str, base: u32) -> Option<i128> {
    let text = without_underscores(text)?;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let small = digits.to_ascii_lowercase();
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find(|&(prefix, of)| {
        small.starts_with(prefix) && (base == of || base == 0)
    });
    let (digits, base) = match prefixed {
        Some((_, of)) => (&digits[2..], of),
        None => (digits, if base == 0 { 10 } else { base }),
    };
    let starts = digits.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    (starts && (2..=36).contains(&base)).then(|| i128::from_str_radix(digits, base).ok())?.map(|number| sign * number)
}

/// float(text).
fn decimal_number(text: &str) -> Option<f64> {
    without_underscores(text)?.parse().ok()
}

fn replace(value: &Value, old: String, new: String, count: Option<Value>, named: Kwargs) -> Result<String, Error> {
    let count = given(count, &named, "count")?.filter(|count| !count.is_none()).map(i64::try_from).transpose()?;
    named.assert_all_used()?;
    let text = values::printed(value);
    Ok(match count.and_then(|count| usize::try_from(count).ok()) {
        Some(count) => text.replacen(&old, &new, count),
        None => text.replace(&old, &new),
    })
}

fn join(state: &mut State, value: &Value, between: Option<Value>, named: Kwargs) -> Result<String, Error> {
    let between = given(between, &named, "d")?.map_or_else(String::new, |between| values::printed(&between));
    let attribute = named.get::<Option<Value>>("attribute")?;
    named.assert_all_used()?;
    let items = match attribute {
        Some(attribute) => {
            let named = Kwargs::from_iter([("attribute", attribute)]);
            state.apply_filter("map", &[value.clone(), named.into()])?
        }
        None => value.clone(),
    };
    let texts: Result<Vec<String>, Error> =
        items.try_iter()?.checked().map(|item| item.map(|item| values::printed(&item))).collect();
    Ok(texts?.join(&between))
}

/// Bytes in `safe` are left unquoted.
fn quoted(text: &str, safe: &[u8]) -> String {
    let mut result = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte) || safe.contains(&byte) {
            result.push(char::from(byte));
        } else {
            result.push_str(&format!("%{byte:02X}"));
        }
    }
    result
}

/// A text as part of a path; a dictionary or pairs as a query string.
fn urlencode(value: &Value) -> Result<String, Error> {
    if !matches!(value.kind(), ValueKind::Map | ValueKind::Seq | ValueKind::Iterable) {
        return Ok(quoted(&values::printed(value), b"/"));
    }
    let query = |value: &Value| quoted(&values::printed(value), b"").replace("%20", "+");
    let mut pairs = Vec::new();
    for item in value.try_iter()? {
        let (key, what) = match value.kind() {
            ValueKind::Map => (item.clone(), value.get_item(&item)?),
            _ => (item.get_item_by_index(0)?, item.get_item_by_index(1)?),
        };
        pairs.push(format!("{}={}", query(&key), query(&what)));
    }
    Ok(pairs.join("&"))
}

fn truncate(text: String, places: Rest<Value>, named: Kwargs) -> Result<String, Error> {
    let [length, killwords, end, leeway] = [0, 1, 2, 3].map(|at| places.get(at).cloned());
    let length = given(length, &named, "length")?.map_or(Ok(255), usize::try_from)?;
    let killwords = given(killwords, &named, "killwords")?.is_some_and(|value| value.is_true());
    let end = given(end, &named, "end")?.map_or_else(|| "...".to_string(), |end| end.to_string());
    let leeway = given(leeway, &named, "leeway")?.filter(|given| !given.is_none()).map_or(Ok(5), usize::try_from)?;
    named.assert_all_used()?;
    let rest = length.checked_sub(end.chars().count());
    let rest = rest.ok_or_else(|| wrong(format!("truncate: a length of {length} is less than that of its end")))?;
    if text.chars().count() <= length.saturating_add(leeway) {
        return Ok(text);
    }
    let kept: String = text.chars().take(rest).collect();
    let words = if killwords { kept.as_str() } else { kept.rsplit_once(' ').map_or(kept.as_str(), |(words, _)| words) };
    Ok(format!("{words}{end}"))
}

fn wordcount(text: String) -> usize {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).count()
}

fn striptags(text: String) -> String {
    let plain = minijinja_contrib::filters::striptags(text);
    plain.split(strings::is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn wordwrap(
    text: String,
    width: Option<Value>,
    break_long_words: Option<Value>,
    wrapstring: Option<Value>,
    named: Kwargs,
) -> Result<String, Error> {
    let width = given(width, &named, "width")?.map_or(Ok(79), usize::try_from)?;
    let long_words = given(break_long_words, &named, "break_long_words")?.map_or(true, |value| value.is_true());
    let between = given(wrapstring, &named, "wrapstring")?.map_or_else(|| "\n".to_string(), |text| text.to_string());
    let hyphens = named.get::<Option<bool>>("break_on_hyphens")?.unwrap_or(true);
    named.assert_all_used()?;
    if width == 0 {
        return Err(wrong("wordwrap: a width of 0 is refused"));
    }
    let mut lines: Vec<String> = Vec::new();
    for line in line_pieces(&text, false) {
        lines.push(wrapped(line, width, long_words, hyphens).join(&between));
    }
    Ok(lines.join(&between))
}

/// As Python's textwrap: words and the white space between them fill a line; white space at its ends is dropped, that before
/// the first word of all excepted.
fn wrapped(line: &str, width: usize, long_words: bool, hyphens: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut length = 0;
    for chunk in chunks(line, hyphens) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let space = rest.starts_with(strings::is_space);
            let count = rest.chars().count();
            if space && length == 0 && !lines.is_empty() {
                break;
            }
            if length + count <= width {
                current.push_str(rest);
                length += count;
                break;
            }
            if count > width && (long_words || length == 0) {
                // A word longer than a line fills what is left of this one, or gets a line of its own.
                let taken = if long_words { (width - length).max(usize::from(length == 0)) } else { count };
                let cut = rest.char_indices().nth(taken).map_or(rest.len(), |(at, _)| at);
                current.push_str(&rest[..cut]);
                rest = &rest[cut..];
            } else if space {
                rest = "";
            }
            lines.push(std::mem::take(&mut current).trim_end_matches(strings::is_space).to_string());
            length = 0;
        }
    }
    let last = current.trim_end_matches(strings::is_space);
    if !last.is_empty() {
        lines.push(last.to_string());
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Words, white space, and the parts of words with hyphens between letters.
fn chunks(line: &str, hyphens: bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let letters: Vec<(usize, char)> = line.char_indices().collect();
    for at in 1..letters.len() {
        let (place, c) = letters[at];
        let before = letters[at - 1].1;
        let hyphen = hyphens && before == '-' && at > 1 && letters[at - 2].1.is_alphabetic() && c.is_alphabetic();
        if strings::is_space(c) != strings::is_space(before) || hyphen {
            pieces.push(&line[start..place]);
            start = place;
        }
    }
    pieces.push(&line[start..]);
    pieces
}
