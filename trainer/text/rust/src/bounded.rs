//! Runs untrusted code (a chat template, a tokenizer) within bounds of memory and time.
//!
//! It runs on a thread of its own. A thread can't be stopped from outside, but one that runs away allocates memory, uses up
//! its template fuel or searches with a regular expression: the allocator counts what the thread allocates and suspends it
//! permanently at the bound, and the expression engine has a bound of its own. What a suspended thread holds is leaked (at
//! most the bound), and the caller gets an error. Time is the thread's own on a processor, so that a busy or slow machine
//! refuses nothing that an idle one takes; a wall clock stands behind it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::any::Any;
use std::cell::Cell;
use std::ffi::{c_int, c_long, c_uint, c_ulong};
use std::os::unix::thread::{JoinHandleExt, RawPthread};
use std::panic::{catch_unwind, set_hook, take_hook, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{sync_channel, Receiver, RecvTimeoutError};
use std::sync::{Arc, Once, PoisonError, RwLock};
use std::time::{Duration, Instant};

thread_local! {
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
    static ABANDONED: Cell<*const AtomicBool> = const { Cell::new(std::ptr::null()) };
}

struct Counting;

impl Counting {
    /// Freed bytes may be spent again: this bounds what is held, not the total.
    fn spend(size: usize) {
        let left = LEFT.try_with(Cell::get).unwrap_or(usize::MAX);
        if left == usize::MAX {
            return;
        }
        let abandoned = ABANDONED.with(Cell::get);
        // The flag lives as long as the thread, which shares ownership of it.
        if size <= left && !unsafe { (*abandoned).load(Ordering::Relaxed) } {
            LEFT.with(|cell| cell.set(left - size));
            return;
        }
        unsafe { (*abandoned).store(true, Ordering::Relaxed) };
        loop {
            std::thread::sleep(Duration::from_secs(86_400));
        }
    }

    fn give_back(size: usize) {
        let _ = LEFT.try_with(|cell| {
            if cell.get() != usize::MAX {
                cell.set(cell.get().saturating_add(size).min(usize::MAX - 1));
            }
        });
    }
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::spend(layout.size());
        System.alloc(layout)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        Self::give_back(layout.size());
        System.dealloc(pointer, layout)
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::spend(size);
        let grown = System.realloc(pointer, layout, size);
        Self::give_back(layout.size());
        grown
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Thousandths of each time limit that apply; less than 1000 only in tests of what happens when time runs out.
static PATIENCE: AtomicU32 = AtomicU32::new(1000);

pub fn set_patience(thousandths: u32) {
    PATIENCE.store(thousandths, Ordering::Relaxed);
}

fn patient(time: Duration) -> Duration {
    time * PATIENCE.load(Ordering::Relaxed) / 1000
}

/// How much longer than its processor time an action may take by the clock on the wall.
const WALL_FOR_PROCESSOR: u32 = 10;

#[repr(C)]
#[derive(Default)]
struct TimeSpec {
    seconds: c_long, // time_t
    nanoseconds: c_long,
}

// POSIX, from the C library that every Rust program here is linked to.
extern "C" {
    fn pthread_getcpuclockid(thread: RawPthread, clock: *mut c_int) -> c_int;
    fn clock_gettime(clock: c_int, time: *mut TimeSpec) -> c_int;
}

/// What the thread has spent on a processor; None once it has ended.
fn processor_time(thread: &std::thread::JoinHandle<()>) -> Option<Duration> {
    let mut clock = 0;
    let mut time = TimeSpec::default();
    // The handle is not joined yet, so the thread's name is still its own.
    let read = unsafe {
        pthread_getcpuclockid(thread.as_pthread_t(), &mut clock) == 0 && clock_gettime(clock, &mut time) == 0
    };
    read.then(|| Duration::new(time.seconds as u64, time.nanoseconds as u32))
}

type Ended<T> = std::thread::Result<Result<T, String>>;

/// An action on its thread.
struct Running<T> {
    what: &'static str,
    bytes: usize,
    time: Duration,
    abandoned: Arc<AtomicBool>,
    result: Receiver<Ended<T>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl<T: Send + 'static> Running<T> {
    fn start(
        what: &'static str,
        bytes: usize,
        time: Duration,
        stack: usize,
        action: impl FnOnce() -> Result<T, String> + Send + 'static,
    ) -> Result<Self, String> {
        silence_panics();
        let abandoned = Arc::new(AtomicBool::new(false));
        let mine = abandoned.clone();
        let (sender, result) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .stack_size(stack)
            .spawn(move || {
                ABANDONED.with(|cell| cell.set(Arc::as_ptr(&mine)));
                LEFT.with(|cell| cell.set(bytes));
                let ended = catch_unwind(AssertUnwindSafe(action));
                LEFT.with(|cell| cell.set(usize::MAX));
                let _ = sender.send(ended);
                drop(mine);
            })
            .map_err(|error| format!("no thread could be started for {what}: {error}"))?;
        Ok(Running { what, bytes, time: patient(time), abandoned, result, thread: Some(thread) })
    }

    fn out_of_time(&self, started: Instant) -> bool {
        let spent = self.thread.as_ref().and_then(processor_time).unwrap_or_default();
        spent >= self.time || started.elapsed() >= self.time * WALL_FOR_PROCESSOR
    }

    /// None: it is still running and out of time.
    fn wait(&mut self) -> Option<Result<T, String>> {
        let started = Instant::now();
        loop {
            match self.result.recv_timeout(Duration::from_millis(20)) {
                Ok(ended) => {
                    let _ = self.thread.take().map(std::thread::JoinHandle::join);
                    return Some(ended.unwrap_or_else(|panic| Err(self.failed(panic.as_ref()))));
                }
                Err(RecvTimeoutError::Disconnected) => return Some(Err(format!("{} ended without a result", self.what))),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if self.abandoned.load(Ordering::Relaxed) {
                let most = self.bytes >> 20;
                return Some(Err(format!("{} asked for more than {most} MB of memory and was stopped", self.what)));
            }
            if self.out_of_time(started) {
                self.abandoned.store(true, Ordering::Relaxed);
                return None;
            }
        }
    }

    fn failed(&self, panic: &(dyn Any + Send)) -> String {
        let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        match said {
            Some(said) if said.contains("limit") => format!("{} searched without end ({said}) and was stopped", self.what),
            Some(said) => format!("{} made its library fail ({said})", self.what),
            None => format!("{} made its library fail", self.what),
        }
    }

    fn late(&self) -> String {
        format!("{} took longer than {} s and was stopped", self.what, self.time.as_secs_f32())
    }
}

/// A panic on one of our threads is reported by its message alone.
fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            if ABANDONED.try_with(|cell| cell.get().is_null()).unwrap_or(true) {
                usual(info);
            }
        }));
    });
}

/// Nested values are printed, compared and dropped recursively. Address space only: memory is committed as it is used.
const DEEP_STACK: usize = 1 << 30;
const STACK: usize = 16 << 20;

/// The result of `action`, or why there is none: `what` exceeded a bound or panicked.
pub fn run<T: Send + 'static>(
    what: &'static str,
    bytes: usize,
    time: Duration,
    action: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let mut running = Running::start(what, bytes, time, DEEP_STACK, action)?;
    running.wait().unwrap_or_else(|| Err(running.late()))
}

// Oniguruma, the expression engine of `tokenizers`. The bounds hold for the whole process and are read at each search;
// a search that breaks one is an error, which `tokenizers` panics about.
extern "C" {
    fn onig_set_retry_limit_in_match(steps: c_ulong) -> c_int;
    fn onig_set_retry_limit_in_search(steps: c_ulong) -> c_int;
    fn onig_set_match_stack_limit_size(entries: c_uint) -> c_int;
}

/// Backtracking steps of one search. A run of a million blanks takes a million.
const SEARCH_STEPS: c_ulong = 10_000_000;
/// Backtracking points, some 50 bytes each.
const SEARCH_PLACES: c_uint = 4_000_000;

/// Held for reading during a search.
static SEARCHES: RwLock<()> = RwLock::new(());

fn bound_searches(steps: c_ulong) {
    unsafe {
        onig_set_retry_limit_in_match(steps);
        onig_set_retry_limit_in_search(steps);
        onig_set_match_stack_limit_size(SEARCH_PLACES);
    }
}

/// As `run`, for an action that searches with regular expressions. When its time is over, it is ended by allowing its
/// engine no steps for the next search, while no other search runs.
pub fn run_searching<T: Send + 'static>(
    what: &'static str,
    bytes: usize,
    time: Duration,
    action: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| bound_searches(SEARCH_STEPS));
    let searching = SEARCHES.read().unwrap_or_else(PoisonError::into_inner);
    let mut running = Running::start(what, bytes, time, STACK, action)?;
    if let Some(result) = running.wait() {
        return result;
    }
    drop(searching);
    let _alone = SEARCHES.write().unwrap_or_else(PoisonError::into_inner);
    bound_searches(1);
    let _ = running.result.recv_timeout(patient(Duration::from_secs(2)));
    bound_searches(SEARCH_STEPS);
    Err(running.late())
}
