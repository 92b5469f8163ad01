//! The program `zorgkaart`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    zorgkaart::cli::run().await
}
