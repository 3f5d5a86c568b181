//! Jinja's functions that the library lacks or implements differently.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use minijinja::value::{from_args, Enumerator, Kwargs, Object, ObjectRepr, Rest, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};

use crate::strings::wrong;

pub fn add(environment: &mut Environment) {
    environment.add_function("range", range);
    environment.add_function("namespace", namespace);
    environment.add_function("cycler", cycler);
    environment.add_function("joiner", minijinja_contrib::globals::joiner);
    environment.add_test("callable", is_callable);
}

/// range(start, stop, step), which prints as itself, not as its items.
#[derive(Debug)]
pub struct Range {
    start: i64,
    stop: i64,
    step: i64,
    count: usize,
}

impl Object for Range {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let at = key.as_usize().filter(|&at| at < self.count)?;
        Some((self.start + self.step * at as i64).into())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.count)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            1 => write!(f, "range({}, {})", self.start, self.stop),
            step => write!(f, "range({}, {}, {step})", self.start, self.stop),
        }
    }
}

fn range(first: i64, second: Option<i64>, step: Option<i64>) -> Result<Value, Error> {
    const MOST: i128 = 100_000;
    let (start, stop) = second.map_or((0, first), |second| (first, second));
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(wrong("range() takes no step of 0"));
    }
    let (span, step_size) = (i128::from(stop) - i128::from(start), i128::from(step));
    let count = (span / step_size + i128::from(span % step_size != 0)).max(0);
    let count = if (span > 0) == (step > 0) { count } else { 0 };
    if count > MOST {
        return Err(wrong(format!("a range of more than {MOST} numbers is refused")));
    }
    Ok(Value::from_object(Range { start, stop, step, count: count as usize }))
}

/// namespace(pairs, name=value…).
fn namespace(state: &mut State, pairs: Option<Value>, named: Kwargs) -> Result<Value, Error> {
    let mut fields: Vec<(Value, Value)> = Vec::new();
    if let Some(pairs) = pairs {
        for item in pairs.try_iter()? {
            fields.push(if pairs.kind() == ValueKind::Map {
                let value = pairs.get_item(&item)?;
                (item, value)
            } else {
                (item.get_item_by_index(0)?, item.get_item_by_index(1)?)
            });
        }
    }
    for name in named.args() {
        fields.push((name.into(), named.get(name)?));
    }
    Value::from_function(minijinja::functions::namespace).call(state, &[Value::from_pairs(fields)])
}

/// One value after another, starting over at the end.
#[derive(Debug)]
struct Cycler {
    items: Vec<Value>,
    at: AtomicUsize,
}

impl Object for Cycler {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str() == Some("current")).then(|| self.items[self.at.load(Ordering::Relaxed)].clone())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, name: &str, args: &[Value]) -> Result<Value, Error> {
        from_args::<()>(args)?;
        let at = self.at.load(Ordering::Relaxed);
        match name {
            "next" => {
                self.at.store((at + 1) % self.items.len(), Ordering::Relaxed);
                Ok(self.items[at].clone())
            }
            "reset" => {
                self.at.store(0, Ordering::Relaxed);
                Ok(().into())
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

fn cycler(items: Rest<Value>) -> Result<Value, Error> {
    if items.is_empty() {
        return Err(wrong("cycler() takes one value at least"));
    }
    Ok(Value::from_object(Cycler { items: items.0, at: AtomicUsize::new(0) }))
}

/// A function or a macro.
fn is_callable(value: &Value) -> bool {
    let function = value.kind() == ValueKind::Plain && value.downcast_object_ref::<Cycler>().is_none();
    let has = |name| value.get_attr(name).is_ok_and(|found| !found.is_undefined());
    function || (value.kind() == ValueKind::Map && has("arguments") && has("caller"))
}
