//! Runs code of unknown manners (a chat template) within a bound of memory and of time.
//!
//! It runs on a thread of its own. A thread can't be stopped from outside, but one that runs away asks for memory or
//! burns its template fuel: the allocator counts what the thread asks for and puts it to sleep for good at the bound.
//! What it held is lost (at most the bound), and the caller goes on with a message.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{sync_channel, RecvTimeoutError};
use std::sync::Arc;
use std::time::{Duration, Instant};

thread_local! {
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
    static ABANDONED: Cell<*const AtomicBool> = const { Cell::new(std::ptr::null()) };
}

struct Counting;

impl Counting {
    /// Bytes given back are counted again: a bound, not an account.
    fn spend(size: usize) {
        let left = LEFT.try_with(Cell::get).unwrap_or(usize::MAX);
        if left == usize::MAX {
            return;
        }
        let abandoned = ABANDONED.with(Cell::get);
        // The flag lives as long as the thread, which holds a share of it.
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

/// The result of `action`, or why there is none: `what` ran away, or panicked.
pub fn run<T: Send + 'static>(
    what: &str,
    bytes: usize,
    time: Duration,
    action: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let abandoned = Arc::new(AtomicBool::new(false));
    let mine = abandoned.clone();
    let (sender, receiver) = sync_channel(1);
    let thread = std::thread::Builder::new()
        .stack_size(8 << 20)
        .spawn(move || {
            ABANDONED.with(|cell| cell.set(Arc::as_ptr(&mine)));
            LEFT.with(|cell| cell.set(bytes));
            let result = catch_unwind(AssertUnwindSafe(action));
            LEFT.with(|cell| cell.set(usize::MAX));
            let _ = sender.send(result);
            drop(mine);
        })
        .map_err(|error| format!("no thread could be started for {what}: {error}"))?;
    let deadline = Instant::now() + time;
    loop {
        match receiver.recv_timeout(Duration::from_millis(20)) {
            Ok(Ok(result)) => {
                let _ = thread.join();
                return result;
            }
            Ok(Err(_)) => return Err(format!("{what} made its library fail")),
            Err(RecvTimeoutError::Disconnected) => return Err(format!("{what} ended without a result")),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if abandoned.load(Ordering::Relaxed) {
            return Err(format!("{what} asked for more than {} MB of memory and was stopped", bytes >> 20));
        }
        if Instant::now() >= deadline {
            abandoned.store(true, Ordering::Relaxed);
            return Err(format!("{what} took longer than {} s and was stopped", time.as_secs()));
        }
    }
}
