//! Records of a file, one at a time, each with the line on which it begins. However the file goes wrong, no more is held than
//! one record of bounded size, and the next record is found.

use std::io::{self, BufRead, BufReader, Read};

use csv_core::ReadRecordResult;

use super::Flaw;

/// The longest cell, in characters.
pub(super) const LONGEST_CELL: usize = 10_000;
/// The largest row, in bytes: every column as long as it may be, of the longest characters.
pub(super) const LARGEST: usize = 1024 * 1024;
/// How many cells of a row are kept: more than there are columns.
const MOST_CELLS: usize = 64;
/// How much is read at once.
const BUFFER: usize = 64 * 1024;

/// Reads records.
pub(super) struct Records<R> {
    input: BufReader<R>,
    core: csv_core::Reader,
    cells: Vec<u8>,
    ends: [usize; MOST_CELLS],
    /// The line that comes next.
    line: u32,
    after_return: bool,
    /// How many bytes were read.
    pub(super) bytes: u64,
}

/// A record.
pub(super) struct Record<'a> {
    /// The line on which it begins.
    pub(super) line: u32,
    cells: &'a [u8],
    ends: &'a [usize],
    fault: Option<Flaw>,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER, input),
            core: csv_core::Reader::new(),
            cells: vec![0; BUFFER],
            ends: [0; MOST_CELLS],
            line: 1,
            after_return: false,
            bytes: 0,
        }
    }

    /// The next record; none: there are no more. Empty lines are none.
    pub(super) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        self.skip_empty_lines()?;
        let line = self.line;
        let (mut filled, mut ended, mut fault) = (0, 0, None);
        loop {
            let buffer = self.input.fill_buf()?;
            let (result, taken, written, cells) =
                self.core.read_record(buffer, &mut self.cells[filled..], &mut self.ends[ended..]);
            (self.line, self.after_return) = lines(self.line, self.after_return, &buffer[..taken]);
            self.input.consume(taken);
            self.bytes += taken as u64;
            filled += written;
            ended += cells;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.cells.len() < LARGEST => {
                    self.cells.resize((2 * self.cells.len()).min(LARGEST), 0);
                }
                // The rest is read to its end, and not kept.
                ReadRecordResult::OutputFull => {
                    fault = Some(Flaw::LongRow);
                    filled = 0;
                }
                ReadRecordResult::OutputEndsFull => {
                    fault.get_or_insert(Flaw::Ragged);
                    ended = 0;
                }
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        Ok(Some(Record { line, cells: &self.cells, ends: &self.ends[..ended], fault }))
    }

    fn skip_empty_lines(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            let empty = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            if empty == 0 {
                return Ok(());
            }
            (self.line, self.after_return) = lines(self.line, self.after_return, &buffer[..empty]);
            self.input.consume(empty);
            self.bytes += empty as u64;
        }
    }
}

/// The line after some bytes: it ends with LF, CR, or both as one.
fn lines(mut line: u32, mut after_return: bool, bytes: &[u8]) -> (u32, bool) {
    for byte in bytes {
        if *byte == b'\r' || *byte == b'\n' && !after_return {
            line = line.saturating_add(1);
        }
        after_return = *byte == b'\r';
    }
    (line, after_return)
}

impl Record<'_> {
    /// How many cells it has; none, and why: they cannot be told.
    pub(super) fn len(&self) -> Result<usize, Flaw> {
        self.fault.map_or(Ok(self.ends.len()), Err)
    }

    /// A cell.
    pub(super) fn cell(&self, at: usize) -> Result<&str, Flaw> {
        let from = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = from.zip(self.ends.get(at).copied()).ok_or(Flaw::Ragged)?;
        let bytes = self.cells.get(range.0..range.1).ok_or(Flaw::Ragged)?;
        let text = std::str::from_utf8(bytes).map_err(|_| Flaw::NotUtf8)?;
        if text.chars().count() > LONGEST_CELL {
            Err(Flaw::LongCell)
        } else if text.contains(['\n', '\r']) {
            Err(Flaw::LineBreak)
        } else {
            Ok(text)
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<(u32, Result<Vec<String>, Flaw>)> {
        let mut records = Records::new(text);
        let mut found = Vec::new();
        while let Some(record) = records.next().unwrap() {
            let cells = record.len().and_then(|len| (0..len).map(|at| record.cell(at).map(str::to_owned)).collect());
            found.push((record.line, cells));
        }
        assert_eq!(records.bytes, text.len() as u64);
        found
    }

    fn good(line: u32, cells: &[&str]) -> (u32, Result<Vec<String>, Flaw>) {
        (line, Ok(cells.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    #[test]
    fn each_record_has_the_line_on_which_it_begins() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "\u{feff}a,b||1,\"x\"\"y, z\"|||2,|3".replace('|', end);
            let expected = [good(1, &["a", "b"]), good(3, &["1", "x\"y, z"]), good(6, &["2", ""]), good(7, &["3"])];
            assert_eq!(read(text.as_bytes()), expected, "{end:?}");
        }
        assert_eq!(read(b"\n\na\n\"x\ny\",1\nb"), [good(3, &["a"]), (4, Err(Flaw::LineBreak)), good(6, &["b"])]);
        assert_eq!(read(b""), []);
        assert_eq!(read(b"\r\n\n"), []);
    }

    #[test]
    fn what_is_too_large_is_passed_by() {
        let huge = "x".repeat(3 * LARGEST);
        let text = format!("a\n{huge}\nb\n{}\nc\n{},d\n", ",".repeat(200), "é".repeat(LONGEST_CELL + 1));
        let expected = [
            good(1, &["a"]),
            (2, Err(Flaw::LongRow)),
            good(3, &["b"]),
            (4, Err(Flaw::Ragged)),
            good(5, &["c"]),
            (6, Err(Flaw::LongCell)),
        ];
        assert_eq!(read(text.as_bytes()), expected);
        assert_eq!(read(format!("a\n\"{huge}\nb\n").as_bytes()), [good(1, &["a"]), (2, Err(Flaw::LongRow))]);
        assert_eq!(read(b"a\n\"b\n"), [good(1, &["a"]), (2, Err(Flaw::LineBreak))]);
        assert_eq!(read(b"a\n\xff"), [good(1, &["a"]), (2, Err(Flaw::NotUtf8))]);
    }
}
