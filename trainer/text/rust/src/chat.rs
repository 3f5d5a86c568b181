//! Chat templates as Transformers renders them (transformers.utils.chat_template_utils): Jinja with trim_blocks and
//! lstrip_blocks, loop controls, Python's methods and number formats, `raise_exception`, `strftime_now`, `tojson` without
//! HTML escapes, `{% generation %}`.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use minijinja::machinery::{tokenize, Token};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Rest, Serde, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};

use crate::{bounded, clock, filters, globals, operators, python, values};

/// Instructions of one rendering; a long chat with tools takes some ten thousand. Also bounds how deeply values nest.
const FUEL: u64 = 2_000_000;
const MEMORY: usize = 160 << 20;
const TIME: Duration = Duration::from_secs(1);
/// Tokens of one tag: an expression with many operators is compiled recursively.
const TAG: usize = 4096;
const NAME: &str = "chat template";

pub struct ChatTemplate {
    environment: Arc<Environment<'static>>,
}

impl ChatTemplate {
    pub fn new(source: &str) -> Result<Self, String> {
        let source = source.to_string();
        bounded::run("the chat template", MEMORY, TIME, move || {
            let source = without_generation_tags(&python::unix_lines(&source));
            check_tags(&source)?;
            let source = python::escaped_as_python(&operators::as_calls(&source, syntax()), syntax());
            let mut environment = environment();
            environment.add_template_owned(NAME, source).map_err(|error| message_of(&error))?;
            Ok(ChatTemplate { environment: Arc::new(environment) })
        })
    }

    /// `context` is a JSON object: messages, add_generation_prompt, the special tokens by name, and `now` in seconds
    /// since 1970 for strftime_now.
    pub fn render(&self, context: &str) -> Result<String, String> {
        let values: serde_json::Value = serde_json::from_str(context).map_err(|error| error.to_string())?;
        let environment = self.environment.clone();
        bounded::run("the chat template", MEMORY, TIME, move || {
            let template = environment.get_template(NAME).map_err(|error| message_of(&error))?;
            template.render(Serde(&values)).map_err(|error| message_of(&error))
        })
    }
}

fn syntax() -> SyntaxConfig {
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default()
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_syntax(syntax());
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_unknown_method_callback(python::method);
    environment.set_fuel(Some(FUEL));
    environment.add_filter("tojson", tojson);
    environment.add_test("sequence", |value: &Value| {
        matches!(value.kind(), ValueKind::Seq | ValueKind::Map | ValueKind::String)
    });
    environment.add_function("raise_exception", |text: String| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, text))
    });
    environment.set_formatter(|output, _, value| {
        let text = value.as_str().map_or_else(|| Cow::from(values::printed(value)), Cow::from);
        output.write_str(&text).map_err(|error| Error::new(ErrorKind::WriteFailure, error.to_string()))
    });
    filters::add(&mut environment);
    globals::add(&mut environment);
    environment.add_function("strftime_now", clock::strftime_now);
    environment.add_function("stet_each", values::each);
    environment.add_function("stet_compare", |left: Value, sign: &str, right: Value| values::compare(left, sign, right));
    environment.add_filter("stet_times", |text: &str, count: &Value| values::times(text, count));
    environment.add_filter("stet_formatted", |pattern: &str, given: &Value| values::formatted(pattern, given));
    environment.add_function("stet_generation", |state: &mut State, options: Kwargs| -> Result<Value, Error> {
        let caller: Value = options.get("caller")?;
        caller.call(state, &[])
    });
    environment
}

/// The error's text and line; a template's own raise_exception is quoted as it is.
fn message_of(error: &Error) -> String {
    let said = match error.kind() {
        ErrorKind::OutOfFuel => format!("it took more than {FUEL} steps and was stopped"),
        kind => error.detail().map_or_else(|| kind.to_string(), str::to_string),
    };
    match error.line() {
        Some(line) => format!("{said} (line {line} of the chat template)"),
        None => said,
    }
}

fn check_tags(source: &str) -> Result<(), String> {
    let mut words = 0;
    for (token, place) in tokenize(source, false, syntax()).map_while(Result::ok) {
        words = if matches!(token, Token::VariableStart | Token::BlockStart) { 0 } else { words + 1 };
        if words > TAG {
            return Err(format!("a tag has more than {TAG} words (line {} of the chat template)", place.start_line));
        }
    }
    Ok(())
}

/// `{% generation %}…{% endgeneration %}` becomes a call block, as Jinja's extension makes it.
fn without_generation_tags(source: &str) -> String {
    let mut result = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find("{%") {
        let Some(length) = rest[start..].find("%}") else { break };
        let tag = &rest[start + 2..start + length];
        let word = tag.trim_matches(|c: char| c.is_whitespace() || c == '-' || c == '+');
        result.push_str(&rest[..start + 2]);
        match word {
            "generation" => result.push_str(&tag.replace(word, "call stet_generation()")),
            "endgeneration" => result.push_str(&tag.replace(word, "endcall")),
            _ => result.push_str(tag),
        }
        result.push_str("%}");
        rest = &rest[start + length + 2..];
    }
    result + rest
}

/// Python's json.dumps: `indent`, `separators`, `sort_keys`, `ensure_ascii` (off unless asked for).
fn tojson(value: &Value, positional: Rest<Value>, options: Kwargs) -> Result<String, Error> {
    let ensure_ascii = match positional.first() {
        Some(first) => first.is_true(),
        None => options.get::<Option<bool>>("ensure_ascii")?.unwrap_or(false),
    };
    let indent: Option<Value> = options.get("indent")?;
    let separators: Option<Vec<String>> = options.get("separators")?;
    let sort_keys = options.get::<Option<bool>>("sort_keys")?.unwrap_or(false);
    options.assert_all_used()?;
    let indent = match indent.filter(|given| !given.is_none()) {
        None => None,
        Some(text) if text.as_str().is_some() => text.as_str().map(str::to_string),
        Some(count) => Some(" ".repeat(usize::try_from(count)?.min(64))),
    };
    let (between, after_key) = match separators.as_deref() {
        Some([between, after_key]) => (between.clone(), after_key.clone()),
        Some(_) => return Err(Error::new(ErrorKind::InvalidOperation, "tojson: separators are two texts")),
        None => (if indent.is_some() { "," } else { ", " }.to_string(), ": ".to_string()),
    };
    let json = serde_json::to_value(value)
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, format!("tojson: {error}")))?;
    let mut writer = JsonWriter { text: String::new(), indent, between, after_key, sort_keys, ensure_ascii };
    writer.value(&json, 0);
    Ok(writer.text)
}

struct JsonWriter {
    text: String,
    indent: Option<String>,
    between: String,
    after_key: String,
    sort_keys: bool,
    ensure_ascii: bool,
}

impl JsonWriter {
    fn value(&mut self, value: &serde_json::Value, depth: usize) {
        use serde_json::Value as Json;
        match value {
            Json::Null | Json::Bool(_) => {
                let _ = write!(self.text, "{value}");
            }
            Json::Number(number) if number.is_f64() => {
                let number = number.as_f64().unwrap_or(f64::NAN);
                self.text.push_str(&values::float(number));
            }
            Json::Number(number) => {
                let _ = write!(self.text, "{number}");
            }
            Json::String(text) => self.string(text),
            Json::Array(items) => self.items('[', ']', items.len(), depth, |writer, at| writer.value(&items[at], depth + 1)),
            Json::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().collect();
                if self.sort_keys {
                    fields.sort_by(|a, b| a.0.cmp(b.0));
                }
                self.items('{', '}', fields.len(), depth, |writer, at| {
                    writer.string(fields[at].0);
                    let after_key = writer.after_key.clone();
                    writer.text.push_str(&after_key);
                    writer.value(fields[at].1, depth + 1);
                });
            }
        }
    }

    fn items(&mut self, open: char, close: char, count: usize, depth: usize, mut item: impl FnMut(&mut Self, usize)) {
        self.text.push(open);
        for at in 0..count {
            if at > 0 {
                let between = self.between.clone();
                self.text.push_str(&between);
            }
            self.line(depth + 1);
            item(self, at);
        }
        if count > 0 {
            self.line(depth);
        }
        self.text.push(close);
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = &self.indent {
            self.text.push('\n');
            self.text.push_str(&indent.repeat(depth));
        }
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            match c {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '\u{8}' => self.text.push_str("\\b"),
                '\u{c}' => self.text.push_str("\\f"),
                c if (c as u32) < 0x20 || (self.ensure_ascii && !c.is_ascii()) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(self.text, "\\u{unit:04x}");
                    }
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }
}
