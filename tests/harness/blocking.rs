//! Asynchronous work for code that may or may not run inside a runtime already.
//!
//! Promises: every piece of work has a thread and a runtime of its own, and ends with the value or call that began it.

use std::future::Future;
use std::thread::JoinHandle;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// Runs a future to its end.
///
/// # Panics
/// When the future panics, or the system gives no thread.
pub fn run<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let joined = std::thread::scope(|scope| scope.spawn(|| runtime().block_on(future)).join());
    joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Work that goes on until the value is dropped.
#[derive(Debug)]
pub struct Background {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Begins the work; tasks that it spawns end with it.
    ///
    /// # Panics
    /// When the system gives no thread.
    pub fn start<F: Future<Output = ()>>(work: impl FnOnce() -> F + Send + 'static) -> Self {
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime().block_on(async {
                tokio::select! {
                    () = work() => {}
                    _ = stopped => {}
                }
            });
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Work that has ended by itself hears nothing any more, and what it panicked with was printed then.
        drop(self.stop.take());
        drop(self.thread.take().map(JoinHandle::join));
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("the system gives a small runtime")
}
