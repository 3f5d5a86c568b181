//! Values as Python prints, compares and iterates over them.

use minijinja::formatting::{format, FormatStyle};
use minijinja::value::{ObjectRepr, ValueKind};
use minijinja::{Error, Value};

use crate::globals::Range;
use crate::strings::wrong;

/// repr(float): the shortest digits, an exponent outside of 1e-4 … 1e16.
pub fn float(number: f64) -> String {
    let shortest = format!("{number:?}");
    match shortest.split_once('e') {
        Some((digits, exponent)) => format!("{digits}e{:+03}", exponent.parse::<i32>().unwrap_or(0)),
        None => shortest.to_lowercase(),
    }
}

/// str(value).
pub fn printed(value: &Value) -> String {
    match value.kind() {
        ValueKind::Number if !value.is_integer() => f64::try_from(value.clone()).map_or_else(|_| value.to_string(), float),
        ValueKind::Seq | ValueKind::Map => represented(value),
        _ => value.to_string(),
    }
}

/// repr(value).
fn represented(value: &Value) -> String {
    let mut text = String::new();
    represent(&mut text, value);
    text
}

fn represent(text: &mut String, value: &Value) {
    match value.kind() {
        ValueKind::Seq if value.downcast_object_ref::<Range>().is_none() => {
            let (open, close) = if value.is_tuple() { ('(', ')') } else { ('[', ']') };
            text.push(open);
            let mut count = 0;
            for item in value.try_iter().into_iter().flatten() {
                text.push_str(if count > 0 { ", " } else { "" });
                represent(text, &item);
                count += 1;
            }
            text.push_str(if value.is_tuple() && count == 1 { "," } else { "" });
            text.push(close);
        }
        ValueKind::Map if value.as_object().is_some_and(|map| map.repr() == ObjectRepr::Map) => {
            text.push('{');
            for (at, key) in value.try_iter().into_iter().flatten().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                represent(text, &key);
                text.push_str(": ");
                represent(text, &value.get_item(&key).unwrap_or_default());
            }
            text.push('}');
        }
        ValueKind::String => quote(text, value.as_str().unwrap_or_default()),
        ValueKind::Number => text.push_str(&printed(value)),
        ValueKind::Seq | ValueKind::Bool | ValueKind::None => text.push_str(&value.to_string()),
        _ => text.push_str(&format!("{value:?}")),
    }
}

/// In the quotes that it has not within, and with escapes for what can't be seen.
fn quote(text: &mut String, content: &str) {
    let mark = if content.contains('\'') && !content.contains('"') { '"' } else { '\'' };
    text.push(mark);
    for c in content.chars() {
        match c {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c == mark || c == '\\' => text.extend(['\\', c]),
            c if !is_seen(c) => text.push_str(&match u32::from(c) {
                code @ 0..=0xff => format!("\\x{code:02x}"),
                code @ 0x100..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
            c => text.push(c),
        }
    }
    text.push(mark);
}

/// Separators and characters of format, of private use and of none aren't.
fn is_seen(c: char) -> bool {
    let hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{10ffff}');
    c == ' ' || !(c.is_control() || c.is_whitespace() || hidden)
}

fn type_name(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::None => "NoneType",
        ValueKind::Bool => "bool",
        ValueKind::Number if value.is_integer() => "int",
        ValueKind::Number => "float",
        ValueKind::String => "str",
        ValueKind::Seq if value.is_tuple() => "tuple",
        ValueKind::Seq => "list",
        ValueKind::Map => "dict",
        ValueKind::Undefined => "undefined",
        _ => "object",
    }
}

/// `left < right` and its like, for what Python puts in order.
pub fn compare(left: Value, sign: &str, right: Value) -> Result<bool, Error> {
    let as_number = |value: Value| match value.kind() {
        ValueKind::Bool => Value::from(i32::from(value.is_true())),
        _ => value,
    };
    let (left, right) = (as_number(left), as_number(right));
    let ordered = matches!(left.kind(), ValueKind::Number | ValueKind::String | ValueKind::Seq | ValueKind::Iterable);
    if !ordered || left.kind() != right.kind() || left.is_tuple() != right.is_tuple() {
        let (left, right) = (type_name(&left), type_name(&right));
        return Err(wrong(format!("'{sign}' not supported between instances of '{left}' and '{right}'")));
    }
    Ok(match sign {
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        _ => left >= right,
    })
}

/// What a loop walks through.
pub fn each(value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::None => Err(wrong("'NoneType' object is not iterable")),
        _ => Ok(value),
    }
}

/// text * count.
pub fn times(text: &str, count: &Value) -> Result<String, Error> {
    const MOST: usize = 100_000_000;
    let whole = count.is_integer() || count.kind() == ValueKind::Bool;
    let count = i128::try_from(count.clone()).ok().filter(|_| whole);
    let count = count.ok_or_else(|| wrong("a text can be multiplied with a whole number alone"))?;
    let count = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
    match text.len().checked_mul(count) {
        Some(length) if length <= MOST => Ok(text.repeat(count)),
        _ => Err(wrong("repeated string is too large")),
    }
}

/// pattern % values, each printed as Python does it.
pub fn formatted(pattern: &str, given: &Value) -> Result<String, Error> {
    let mut values: Vec<Value> = if given.is_tuple() { given.try_iter()?.collect() } else { vec![given.clone()] };
    let mut result = String::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut at = 0;
    while let Some(start) = rest.find('%') {
        let length = rest[start + 1..].find(|c: char| c.is_alphabetic() || matches!(c, '%' | '(')).map(|end| start + 1 + end);
        let Some(length) = length else { break };
        result.push_str(&rest[..length]);
        let letter = &rest[length..length + rest[length..].chars().next().map_or(1, char::len_utf8)];
        rest = &rest[length + letter.len()..];
        if let ("s" | "r", Some(value)) = (letter, values.get_mut(at)) {
            *value = Value::from(if letter == "s" { printed(value) } else { represented(value) });
        }
        result.push_str(match letter {
            "r" => "s",
            "i" | "u" => "d",
            letter => letter,
        });
        at += usize::from(letter != "%");
    }
    result.push_str(rest);
    format(FormatStyle::Printf, &result, &values)
}
