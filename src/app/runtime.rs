//! The threads that requests are answered on.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// After how many turns of a thread it looks at its sockets: a turn may be the whole answer to a request, and who asks
/// meanwhile has waited for as many.
const LOOK: u32 = 16;

/// How often a thread turns to what did not fit into its own queue: every other time, so that with more to do than can be
/// done nobody waits for long in one while those in the other are answered. Left to itself the scheduler takes as few as one
/// in a hundred from there.
const ELSEWHERE: u32 = 2;

/// A runtime as `builder` says, fair to those who wait.
///
/// # Errors
/// When the system gives no threads.
pub fn runtime(builder: &mut Builder) -> io::Result<Runtime> {
    builder.enable_all().global_queue_interval(ELSEWHERE).event_interval(LOOK).build()
}
