//! The program `zorgkaart`.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use tokio::runtime::Builder;
use zorgkaart::{app::runtime, cli};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match runtime(&mut Builder::new_multi_thread()) {
        Ok(runtime) => runtime.block_on(cli::run()),
        Err(error) => {
            eprintln!("zorgkaart: cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}
