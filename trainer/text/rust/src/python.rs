//! Python's syntax and behaviour where Jinja's Rust version differs: escapes in string literals, line ends, and methods of
//! values.

use minijinja::machinery::{tokenize, Token};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{from_args, ValueKind};
use minijinja::{Error, State, Value};

use crate::strings;

/// Every line end becomes a line feed, as by Jinja's `newline_sequence`.
pub fn unix_lines(source: &str) -> String {
    source.replace("\r\n", "\n").replace('\r', "\n")
}

/// The source with string literals that mean the same as in Python: a backslash at the end of a line removes the line
/// end, and `\a`, `\v`, `\/`, `\U0001f999` are read as Python reads them.
pub fn escaped_as_python(source: &str, syntax: SyntaxConfig) -> String {
    let mut result = String::with_capacity(source.len());
    let mut copied = 0;
    for (token, place) in tokenize(source, false, syntax).map_while(Result::ok) {
        let (start, end) = (place.start_offset as usize, place.end_offset as usize);
        if matches!(token, Token::String(_) | Token::Str(_)) && source[start..end].contains('\\') {
            result.push_str(&source[copied..start]);
            push_literal(&mut result, &source[start..end]);
            copied = end;
        }
    }
    result + &source[copied..]
}

fn push_literal(result: &mut String, literal: &str) {
    let mut rest = literal;
    while let Some(at) = rest.find('\\') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else { break };
        rest = &rest[c.len_utf8()..];
        match c {
            '\n' => {}
            'a' => result.push_str("\\x07"),
            'v' => result.push_str("\\x0b"),
            '/' => result.push_str("\\\\/"),
            'U' => match rest.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32) {
                Some(named) => {
                    named.encode_utf16(&mut [0; 2]).iter().for_each(|unit| result.push_str(&format!("\\u{unit:04x}")));
                    rest = &rest[8..];
                }
                None => result.push_str("\\U"),
            },
            c => result.extend(['\\', c]),
        }
    }
    result.push_str(rest);
}

/// Methods that the library lacks or implements differently; all others are the library's.
pub fn method(state: &mut State, value: &Value, name: &str, args: &[Value]) -> Result<Value, Error> {
    let own = match value.kind() {
        ValueKind::String => strings::method(value.as_str().unwrap_or_default(), name, args)?,
        ValueKind::Seq | ValueKind::Map if name == "copy" => {
            from_args::<()>(args)?;
            Some(value.clone()) // values don't change
        }
        ValueKind::Seq if name == "index" => Some(place(value, args)?),
        _ => None,
    };
    match own {
        Some(result) => Ok(result),
        None => minijinja_contrib::pycompat::unknown_method_callback(state, value, name, args),
    }
}

fn place(list: &Value, args: &[Value]) -> Result<Value, Error> {
    let (what, start, end): (&Value, Option<i64>, Option<i64>) = from_args(args)?;
    let count = list.len().unwrap_or(0) as i64;
    let place = |at: i64| if at < 0 { (at + count).max(0) } else { at } as usize;
    let (start, end) = (place(start.unwrap_or(0)), place(end.unwrap_or(count)));
    let found = list.try_iter()?.take(end).skip(start).position(|item| item == *what);
    found.map(|at| (start + at).into()).ok_or_else(|| strings::wrong(format!("{what:?} is not in the list")))
}
