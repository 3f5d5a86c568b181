//! What Python reads and does where Jinja's Rust version differs: escapes within texts in quotes, ends of lines, and methods
//! of `str`.

use minijinja::machinery::{tokenize, Token};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{from_args, Kwargs, Tuple};
use minijinja::{Error, ErrorKind, State, Value};

/// Every end of a line is a line feed, as Jinja's `newline_sequence` makes it.
pub fn unix_lines(source: &str) -> String {
    source.replace("\r\n", "\n").replace('\r', "\n")
}

/// The source with texts in quotes that mean here what they mean to Python: a backslash at the end of a line takes the line's
/// end away, and `\a`, `\v`, `\/`, `\U0001f999` are Python's.
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

/// Methods of `str` that the library lacks or does otherwise; everything else is the library's.
pub fn method(state: &mut State, value: &Value, name: &str, args: &[Value]) -> Result<Value, Error> {
    let own = match value.as_str() {
        Some(text) => of_text(text, name, args)?,
        None => None,
    };
    match own {
        Some(result) => Ok(result),
        None => minijinja_contrib::pycompat::unknown_method_callback(state, value, name, args),
    }
}

fn of_text(text: &str, name: &str, args: &[Value]) -> Result<Option<Value>, Error> {
    Ok(Some(match name {
        "find" | "rfind" | "index" | "rindex" => place(text, name, from_args::<(&str,)>(args)?.0)?,
        "partition" | "rpartition" => parts(text, from_args::<(&str,)>(args)?.0, name == "rpartition")?,
        "removeprefix" => text.strip_prefix(from_args::<(&str,)>(args)?.0).unwrap_or(text).into(),
        "removesuffix" => text.strip_suffix(from_args::<(&str,)>(args)?.0).unwrap_or(text).into(),
        "rsplit" => split_from_the_right(text, args)?,
        "title" => titled(text).into(),
        "swapcase" => text.chars().map(swapped).collect::<String>().into(),
        "zfill" => zeros(text, from_args::<(usize,)>(args)?.0)?.into(),
        "ljust" | "rjust" | "center" => padded(text, name, args)?.into(),
        _ => return Ok(None),
    }))
}

/// In characters, not in bytes.
fn place(text: &str, name: &str, what: &str) -> Result<Value, Error> {
    let at = if name.starts_with('r') { text.rfind(what) } else { text.find(what) };
    match at {
        Some(at) => Ok(text[..at].chars().count().into()),
        None if name.ends_with("index") => Err(Error::new(ErrorKind::InvalidOperation, "substring not found")),
        None => Ok((-1).into()),
    }
}

fn parts(text: &str, at: &str, from_the_right: bool) -> Result<Value, Error> {
    if at.is_empty() {
        return Err(Error::new(ErrorKind::InvalidOperation, "empty separator"));
    }
    let found = if from_the_right { text.rsplit_once(at) } else { text.split_once(at) };
    let three = match found {
        Some((before, after)) => [before, at, after],
        None if from_the_right => ["", "", text],
        None => [text, "", ""],
    };
    Ok(Value::from(Tuple::from(three.map(Value::from).to_vec())))
}

fn split_from_the_right(text: &str, args: &[Value]) -> Result<Value, Error> {
    let (at, most, options): (Option<&str>, Option<i64>, Kwargs) = from_args(args)?;
    let at = at.or(options.get("sep")?);
    let most = most.or(options.get("maxsplit")?).and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    options.assert_all_used()?;
    let mut pieces = Vec::new();
    let mut rest = Some(if at.is_none() { text.trim_end() } else { text });
    while let Some(left) = rest.take() {
        let split = if pieces.len() == most { None } else { split_once_from_the_right(left, at)? };
        match split {
            Some((before, piece)) => {
                pieces.push(Value::from(piece));
                rest = Some(before);
            }
            None if at.is_none() && left.trim().is_empty() => {}
            None if at.is_none() && pieces.len() < most => pieces.push(Value::from(left.trim_start())),
            None => pieces.push(Value::from(left)),
        }
    }
    pieces.reverse();
    Ok(pieces.into())
}

/// At `at`, or at white space, what stands before it being without white space at its end.
fn split_once_from_the_right<'a>(text: &'a str, at: Option<&str>) -> Result<Option<(&'a str, &'a str)>, Error> {
    match at {
        Some("") => Err(Error::new(ErrorKind::InvalidOperation, "empty separator")),
        Some(at) => Ok(text.rsplit_once(at)),
        None => Ok(text.rsplit_once(char::is_whitespace).map(|(before, piece)| (before.trim_end(), piece))),
    }
}

/// Every letter after something that is none is a capital one: "They'Re".
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

/// `count` characters more, as many as the bounds of memory let pass.
fn filling(with: char, count: usize) -> Result<String, Error> {
    const MOST: usize = 1 << 20;
    if count > MOST {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("a width of more than {MOST} is refused")));
    }
    Ok(std::iter::repeat(with).take(count).collect())
}

fn zeros(text: &str, width: usize) -> Result<String, Error> {
    let more = filling('0', width.saturating_sub(text.chars().count()))?;
    let sign = usize::from(text.starts_with(['+', '-']));
    Ok(format!("{}{more}{}", &text[..sign], &text[sign..]))
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
