//! `zorgkaart import contacts --partial` of large files with one bad row in a hundred, on `SQLite`: the time that the program takes
//! and the most memory that it held. `cargo bench --bench import` prints the rows of the table in `README.md`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot set up should stop; its output is the table"
)]

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const SIZES: [u32; 2] = [100_000, 1_000_000];

fn main() {
    // Without this `cargo test --benches` would measure too.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("| rows | what | s | rows a second | most memory, MB |");
    for rows in SIZES {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("contacts.csv");
        write(&file, rows);
        run(directory.path(), &["migrate"]);
        for what in ["first", "again"] {
            let arguments = ["import", "contacts", file.to_str().unwrap(), "--partial"];
            let (took, kilobytes, said) = run(directory.path(), &arguments);
            let good = rows - rows / 100;
            let expected = match what {
                "first" => format!("{rows} rows: {good} new, 0 changed, 0 unchanged, {} bad", rows / 100),
                _ => format!("{rows} rows: 0 new, 0 changed, {good} unchanged, {} bad", rows / 100),
            };
            assert_eq!(said.lines().last(), Some(expected.as_str()));
            assert_eq!(said.lines().count(), usize::try_from(rows / 100 + 1).unwrap());
            let seconds = took.as_secs_f64();
            println!("| {rows} | {what} | {seconds:.1} | {:.0} | {} |", f64::from(rows) / seconds, kilobytes / 1_000);
        }
    }
}

/// Plainly fictional people, of whom each hundredth has no mail address where one should be.
fn write(path: &Path, rows: u32) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    writeln!(file, "external_id,name,function,organisation,organisation_kind,email,work_postcode,expertise").unwrap();
    for n in 0..rows {
        let email = if n % 100 == 99 { "geen".to_owned() } else { format!("p{n}@demo.example") };
        let organisation = n % 500;
        writeln!(
            file,
            "B-{n},Demo Persoon {n},arts,Demo Organisatie {organisation},OVERIG,{email},3511,tillen;epilepsie"
        )
        .unwrap();
    }
    file.flush().unwrap();
}

/// Runs the program: how long it takes, how many kilobytes of memory it held at most, and what it says.
fn run(directory: &Path, arguments: &[&str]) -> (Duration, u64, String) {
    let output = directory.join("said");
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_zorgkaart"))
        .args(arguments)
        .env("ZORGKAART_DATA_DIR", directory)
        .env("RUST_LOG", "off")
        .env_remove("DATABASE_URL")
        .stdout(Stdio::from(File::create(&output).unwrap()))
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut kilobytes = 0;
    let status = loop {
        kilobytes = most_memory(&child).unwrap_or(kilobytes);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "{arguments:?}");
    (began.elapsed(), kilobytes, fs::read_to_string(output).unwrap())
}

/// The high-water mark of the memory of a process, where the system tells it (Linux).
fn most_memory(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
