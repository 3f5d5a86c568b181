//! Operators that Python reads differently from Jinja's Rust version, rewritten as calls: `{% for x in none %}` and
//! `none < 1` fail, "…" % values and "…" * -1 work, and so does a plus sign before a number. Of `%` and `*` only those right
//! behind a text in quotes are known to be a text's.

use minijinja::machinery::{tokenize, Token};
use minijinja::syntax::SyntaxConfig;

/// Bytes of the source and their replacement. Several at one position keep their order.
struct Edit {
    start: usize,
    end: usize,
    rank: u8,
    text: &'static str,
}

struct Word<'a> {
    token: Token<'a>,
    start: usize,
    end: usize,
}

pub fn as_calls(source: &str, syntax: SyntaxConfig) -> String {
    let mut edits = Vec::new();
    let mut tag = Vec::new();
    for (token, place) in tokenize(source, false, syntax).map_while(Result::ok) {
        let ends = matches!(token, Token::VariableEnd | Token::BlockEnd);
        if !matches!(token, Token::TemplateData(_)) {
            tag.push(Word { token, start: place.start_offset as usize, end: place.end_offset as usize });
        }
        if ends {
            Tag { words: &tag, edits: &mut edits }.read();
            tag.clear();
        }
    }
    edits.sort_by_key(|edit| (edit.start, edit.rank));
    let mut result = String::with_capacity(source.len() + 32 * edits.len());
    let mut copied = 0;
    for edit in &edits {
        result.push_str(&source[copied..edit.start]);
        result.push_str(edit.text);
        copied = edit.end;
    }
    result + &source[copied..]
}

/// The words of one `{{ … }}` or `{% … %}`.
struct Tag<'a, 'b> {
    words: &'a [Word<'b>],
    edits: &'a mut Vec<Edit>,
}

impl Tag<'_, '_> {
    fn read(&mut self) {
        for at in 1..self.words.len() {
            match &self.words[at].token {
                Token::Lt => self.comparison(at, ", '<', "),
                Token::Lte => self.comparison(at, ", '<=', "),
                Token::Gt => self.comparison(at, ", '>', "),
                Token::Gte => self.comparison(at, ", '>=', "),
                Token::Mod if self.behind_a_text(at) => self.call(at, "|stet_formatted("),
                Token::Mul if self.behind_a_text(at) => self.call(at, "|stet_times("),
                Token::Plus if !self.ends_operand(at - 1) => self.replace(at, ""),
                Token::Ident("for") if at == 1 => self.each(),
                _ => {}
            }
        }
    }

    fn replace(&mut self, at: usize, text: &'static str) {
        self.edits.push(Edit { start: self.words[at].start, end: self.words[at].end, rank: 2, text });
    }

    fn wrap(&mut self, first: usize, behind: usize, open: &'static str) {
        let (start, end) = (self.words[first].start, self.words[behind - 1].end);
        self.edits.push(Edit { start, end: start, rank: 1, text: open });
        self.edits.push(Edit { start: end, end, rank: 0, text: ")" });
    }

    /// Not for a chained comparison, in which two signs share an operand.
    fn comparison(&mut self, at: usize, sign: &'static str) {
        let limit = |index: usize| {
            self.is_limit(index) || matches!(self.words[index].token, Token::Comma | Token::Colon | Token::Assign)
        };
        let (first, behind) = (self.start_of(at, limit), self.end_of(at + 1, limit));
        let chained = is_comparison(&self.words[first - 1].token) || is_comparison(&self.words[behind].token);
        if first < at && behind > at + 1 && !chained {
            self.wrap(first, behind, "stet_compare(");
            self.replace(at, sign);
        }
    }

    /// The first word of the operand that ends before `behind`.
    fn start_of(&self, behind: usize, is_limit: impl Fn(usize) -> bool) -> usize {
        let mut depth = 0;
        for index in (1..behind).rev() {
            let change = depth_of(&self.words[index].token);
            if depth == 0 && (change > 0 || is_limit(index)) {
                return index + 1;
            }
            depth += change;
        }
        1
    }

    /// The first word behind the operand that begins with `from`.
    fn end_of(&self, from: usize, is_limit: impl Fn(usize) -> bool) -> usize {
        let mut depth = 0;
        for index in from..self.words.len() {
            let change = depth_of(&self.words[index].token);
            if depth == 0 && (change < 0 || is_limit(index)) {
                return index;
            }
            depth += change;
        }
        self.words.len() - 1
    }

    /// A word between expressions.
    fn is_limit(&self, at: usize) -> bool {
        match &self.words[at].token {
            Token::Ident(name) => is_keyword(name) && self.is_word(at),
            Token::VariableStart | Token::BlockStart | Token::VariableEnd | Token::BlockEnd => true,
            token => is_comparison(token),
        }
    }

    fn ends_operand(&self, at: usize) -> bool {
        match &self.words[at].token {
            Token::Ident(_) => !self.is_limit(at),
            Token::Str(_) | Token::String(_) | Token::Int(_) | Token::Int128(_) | Token::Float(_) => true,
            token => depth_of(token) < 0,
        }
    }

    fn behind_a_text(&self, at: usize) -> bool {
        let text = |index: usize| matches!(self.words[index].token, Token::Str(_) | Token::String(_));
        let first = (0..at).rev().find(|&index| !text(index)).unwrap_or(0);
        let factor = matches!(
            self.words[first].token,
            Token::Mul | Token::Div | Token::FloorDiv | Token::Mod | Token::Pow | Token::Minus | Token::Pipe
        );
        text(at - 1) && !factor
    }

    /// The sign and its right operand, as a filter's.
    fn call(&mut self, at: usize, open: &'static str) {
        let behind = self.factor_end(at + 1);
        if behind > at + 1 {
            let end = self.words[behind - 1].end;
            self.replace(at, open);
            self.edits.push(Edit { start: end, end, rank: 0, text: ")" });
        }
    }

    /// Behind `-x.y[0](1)|filter(2) ** 3`.
    fn factor_end(&self, from: usize) -> usize {
        let mut at = from;
        let mut operand = false; // whether one has begun
        while at < self.words.len() {
            match &self.words[at].token {
                Token::Minus | Token::Plus if !operand => at += 1,
                Token::Pow if operand => {
                    operand = false;
                    at += 1;
                }
                Token::Dot | Token::Pipe if operand => at += 2,
                token if depth_of(token) > 0 && (!operand || !matches!(token, Token::BraceOpen)) => {
                    let mut depth = 0;
                    while at < self.words.len() && (depth > 0 || depth_of(&self.words[at].token) > 0) {
                        depth += depth_of(&self.words[at].token);
                        at += 1;
                        if depth == 0 {
                            break;
                        }
                    }
                    operand = true;
                }
                _ if !operand && self.ends_operand(at) => {
                    operand = true;
                    at += 1;
                }
                _ => break,
            }
        }
        at.min(self.words.len() - 1)
    }

    /// `{% for target in HERE if … recursive %}`.
    fn each(&mut self) {
        let is_in = |index: &usize| matches!(self.words[*index].token, Token::Ident("in"));
        let Some(from) = (2..self.words.len()).find(is_in).map(|index| index + 1) else { return };
        let behind = self.end_of(from, |index| match self.words[index].token {
            Token::Ident("if" | "recursive") => self.is_word(index),
            Token::BlockEnd => true,
            _ => false,
        });
        if behind > from {
            self.wrap(from, behind, "stet_each(");
        }
    }

    /// Attributes and filters may be called like a keyword.
    fn is_word(&self, at: usize) -> bool {
        !matches!(self.words[at - 1].token, Token::Dot | Token::Pipe)
    }
}

fn is_keyword(name: &str) -> bool {
    matches!(name, "and" | "or" | "not" | "in" | "if" | "elif" | "else" | "print" | "do" | "return" | "recursive")
}

fn is_comparison(token: &Token) -> bool {
    matches!(token, Token::Eq | Token::Ne | Token::Lt | Token::Lte | Token::Gt | Token::Gte | Token::Ident("in"))
}

fn depth_of(token: &Token) -> i32 {
    match token {
        Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => 1,
        Token::ParenClose | Token::BracketClose | Token::BraceClose => -1,
        _ => 0,
    }
}
