//! `strftime_now`: datetime.now().strftime(format) as Python and glibc write it, in the C locale.

use std::iter::Peekable;
use std::str::Chars;

use chrono::{DateTime, Datelike, Local, Timelike};
use minijinja::{Error, State};

use crate::strings;

pub fn strftime_now(state: &State, format: String) -> Result<String, Error> {
    let seconds = state.lookup("now").and_then(|now| i64::try_from(now).ok());
    let now: DateTime<Local> = match seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
        Some(time) => time.with_timezone(&Local),
        None => Local::now(),
    };
    written(&now, &format)
}

/// A part after its percent sign: `_^10Ea`.
#[derive(Default)]
struct Part {
    padding: Option<char>, // '-': none
    upper: bool,
    swapped: bool,
    width: Option<usize>,
    letter: char,
    source: String,
}

fn part_of(rest: &mut Peekable<Chars>) -> Part {
    let mut part = Part { source: "%".to_string(), ..Part::default() };
    let mut next = |part: &mut Part| rest.next().inspect(|&c| part.source.push(c));
    let mut c = next(&mut part);
    while let Some(flag @ ('-' | '_' | '0' | '^' | '#')) = c {
        match flag {
            '^' => part.upper = true,
            '#' => part.swapped = true,
            _ => part.padding = Some(flag),
        }
        c = next(&mut part);
    }
    while let Some(digit) = c.and_then(|c| c.to_digit(10)) {
        part.width = Some(part.width.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize));
        c = next(&mut part);
    }
    if let Some('E' | 'O') = c {
        c = next(&mut part);
    }
    part.letter = c.unwrap_or('\0');
    part
}

fn written(now: &DateTime<Local>, format: &str) -> Result<String, Error> {
    let mut text = String::new();
    let mut rest = format.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let part = part_of(&mut rest);
        match number(now, part.letter) {
            Some((number, width, padding)) => text += &padded(&part, number.to_string(), width, padding)?,
            None => match words(now, &part)? {
                Some(words) => text += &padded(&part, cased(&part, words), 0, ' ')?,
                None => text += &part.source, // not one of them
            },
        }
    }
    Ok(text)
}

fn padded(part: &Part, text: String, width: usize, padding: char) -> Result<String, Error> {
    match part.padding {
        Some('-') => Ok(text),
        given => {
            let with = match given {
                Some('_') => ' ',
                Some(given) => given,
                None => padding,
            };
            strings::filled(&text, part.width.unwrap_or(width), with)
        }
    }
}

fn cased(part: &Part, text: String) -> String {
    match part.letter {
        _ if part.upper => text.to_uppercase(),
        'p' if part.swapped => text.to_lowercase(),
        _ if part.swapped => text.to_uppercase(),
        _ => text,
    }
}

/// The number, its width, and the fill character.
fn number(now: &DateTime<Local>, letter: char) -> Option<(i64, usize, char)> {
    let hour = now.hour12().1;
    let week = now.iso_week();
    let sunday = now.weekday().num_days_from_sunday();
    let monday = now.weekday().num_days_from_monday();
    let of_the_year = |weekday: u32| i64::from((now.ordinal0() + 7 - weekday) / 7);
    Some(match letter {
        'Y' => (now.year().into(), 1, '0'),
        'C' => ((now.year() / 100).into(), 2, '0'),
        'y' => (now.year().rem_euclid(100).into(), 2, '0'),
        'G' => (week.year().into(), 1, '0'),
        'g' => (week.year().rem_euclid(100).into(), 2, '0'),
        'm' => (now.month().into(), 2, '0'),
        'd' => (now.day().into(), 2, '0'),
        'e' => (now.day().into(), 2, ' '),
        'j' => (now.ordinal().into(), 3, '0'),
        'H' => (now.hour().into(), 2, '0'),
        'k' => (now.hour().into(), 2, ' '),
        'I' => (hour.into(), 2, '0'),
        'l' => (hour.into(), 2, ' '),
        'M' => (now.minute().into(), 2, '0'),
        'S' => (now.second().into(), 2, '0'),
        's' => (now.timestamp(), 1, '0'),
        'u' => ((monday + 1).into(), 1, '0'),
        'w' => (sunday.into(), 1, '0'),
        'U' => (of_the_year(sunday), 2, '0'),
        'W' => (of_the_year(monday), 2, '0'),
        'V' => (week.week().into(), 2, '0'),
        _ => return None,
    })
}

/// None: Python leaves it unchanged.
fn words(now: &DateTime<Local>, part: &Part) -> Result<Option<String>, Error> {
    let composed = |format: &str| written(now, format).map(Some);
    match part.letter {
        'a' | 'A' | 'b' | 'B' => Ok(Some(now.format(&format!("%{}", part.letter)).to_string())),
        'h' => composed("%b"),
        'p' => Ok(Some(if now.hour() < 12 { "AM" } else { "PM" }.to_string())),
        'P' => Ok(Some(if now.hour() < 12 { "am" } else { "pm" }.to_string())),
        'c' => composed("%a %b %e %H:%M:%S %Y"),
        'x' | 'D' => composed("%m/%d/%y"),
        'X' | 'T' => composed("%H:%M:%S"),
        'F' => composed("%Y-%m-%d"),
        'R' => composed("%H:%M"),
        'r' => composed("%I:%M:%S %p"),
        'n' => Ok(Some("\n".to_string())),
        't' => Ok(Some("\t".to_string())),
        '%' => Ok(Some("%".to_string())),
        'f' if part.source == "%f" => Ok(Some("000000".to_string())), // of a second
        'Z' | 'z' => Ok(Some(String::new())),                          // the time is one without a zone
        _ => Ok(None),
    }
}
