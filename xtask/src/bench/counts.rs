//! What can be counted instead of timed: instructions in user space, and system calls.
//!
//! A check's share is the slope between 200 and 100 checks; what the program needs to start falls out.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::farm::Farm;
use super::figures::Figure;
use super::gates;
use super::stand::{Stand, Wanted};
use super::table::{Goal, Table};
use crate::shell::Failure;

/// A program that counts.
#[derive(Debug, Clone, Copy)]
enum Counter {
    Instructions,
    SystemCalls,
}

/// What is counted of one kind of target, and what it should come to.
struct Subject<'f> {
    farm: &'f Farm,
    kind: &'static str,
    top: String,
    /// The most instructions of a check, given those of the floor.
    instructions: fn(f64) -> f64,
    /// The most instructions from start to verdict.
    alone: f64,
    /// The most system calls of a check.
    calls: f64,
}

/// Instructions and system calls of an HTTP and an HTTPS check, next to the floor.
pub(super) fn counts(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    let farm = stand.farm(&["http:200", "https:200"])?;
    let http = Subject {
        farm: &farm,
        kind: "http",
        top: SLOW_IS_FINE.to_owned(),
        instructions: |_| 45_000.0,
        alone: 6e6,
        calls: 12.0,
    };
    let https = Subject {
        farm: &farm,
        kind: "https",
        top: format!("{SLOW_IS_FINE}\n{}", gates::roots(&farm.roots(), false)),
        // The handshake is nearly all of it: the floor is the measure.
        instructions: |floor| floor * 1.05,
        alone: 10e6,
        calls: 18.0,
    };
    for subject in [http, https] {
        instructions(stand, &subject, table)?;
        system_calls(stand, &subject, table)?;
    }
    Ok(())
}

fn instructions(stand: &Stand, subject: &Subject<'_>, table: &mut Table) -> Result<(), Failure> {
    let counter = Counter::Instructions;
    let what = format!("{} check: instructions", subject.kind);
    if !counter.is_here() {
        table.say(what, "not measured: valgrind is not installed");
        return Ok(());
    }
    let floor = slope(|count| subject.floor(stand, counter, count))?;
    let gonogo = slope(|count| subject.gonogo(stand, counter, count))?;
    let most = (subject.instructions)(floor);
    one(table, &what, gonogo, Goal::AtMost(most));
    one(table, &format!("{what} of the floor"), floor, Goal::None);
    let alone = subject.gonogo(stand, counter, 1)?;
    let what = format!(
        "one {} check, from start to verdict: instructions",
        subject.kind
    );
    one(table, &what, alone, Goal::AtMost(subject.alone));
    Ok(())
}

fn system_calls(stand: &Stand, subject: &Subject<'_>, table: &mut Table) -> Result<(), Failure> {
    let counter = Counter::SystemCalls;
    let what = format!("{} check: system calls", subject.kind);
    if !counter.is_here() {
        table.say(what, "not measured: strace is not installed");
        return Ok(());
    }
    let floor = slope(|count| subject.floor(stand, counter, count))?;
    let gonogo = slope(|count| subject.gonogo(stand, counter, count))?;
    one(table, &what, gonogo, Goal::AtMost(subject.calls));
    one(table, &format!("{what} of the floor"), floor, Goal::None);
    Ok(())
}

/// Returns what one more check adds.
fn slope(count: impl Fn(usize) -> Result<f64, Failure>) -> Result<f64, Failure> {
    Ok((count(200)? - count(100)?) / 100.0)
}

fn one(table: &mut Table, what: &str, value: f64, goal: Goal) {
    table.add(what, Figure::of([value]), "", goal);
}

impl Subject<'_> {
    fn gonogo(&self, stand: &Stand, counter: Counter, count: usize) -> Result<f64, Failure> {
        let urls = self.urls(count)?;
        let gate = stand.write("counted.yaml", &gates::plain(&urls, &self.top))?;
        let words = [
            OsStr::new("check"),
            gate.as_os_str(),
            OsStr::new("-o"),
            OsStr::new("json"),
        ];
        let (code, counted) = counter.count(stand, &stand.programs.join("gonogo"), &words)?;
        stand.verify(code, Wanted::Passed(count))?;
        Ok(counted)
    }

    fn floor(&self, stand: &Stand, counter: Counter, count: usize) -> Result<f64, Failure> {
        let list = stand.write("counted.txt", &self.urls(count)?.join("\n"))?;
        let roots = self.farm.roots();
        let words = [
            OsStr::new("--timeout"),
            OsStr::new("60000"),
            OsStr::new("--roots"),
            roots.as_os_str(),
            list.as_os_str(),
        ];
        let (code, counted) = counter.count(stand, &stand.programs.join("bench-floor"), &words)?;
        if code == 0 {
            return Ok(counted);
        }
        Err(Failure::new("the floor found targets that are not well"))
    }

    fn urls(&self, count: usize) -> Result<Vec<String>, Failure> {
        let mut urls = self.farm.urls(self.kind)?;
        urls.truncate(count);
        Ok(urls)
    }
}

impl Counter {
    fn is_here(self) -> bool {
        let program = match self {
            Self::Instructions => "valgrind",
            Self::SystemCalls => "strace",
        };
        let quiet =
            |stream: &mut Command| stream.stdout(Stdio::null()).stderr(Stdio::null()).status();
        quiet(Command::new(program).arg("--version")).is_ok_and(|status| status.success())
    }

    /// Runs a program and returns its exit code and what was counted.
    fn count(self, stand: &Stand, program: &Path, words: &[&OsStr]) -> Result<(i32, f64), Failure> {
        let log = stand.file("counted.log");
        let status = self
            .command(&log)
            .arg(program)
            .args(words)
            .stdin(Stdio::null())
            .stdout(std::fs::File::create(stand.file("stdout"))?)
            .stderr(std::fs::File::create(stand.file("stderr"))?)
            .status()?;
        let code = status
            .code()
            .ok_or_else(|| Failure::new(format!("{}: {status}", program.display())))?;
        let text = std::fs::read_to_string(log)?;
        let counted = text.lines().rev().find_map(|line| self.read(line));
        let counted = counted.ok_or_else(|| Failure::new("the counter said no number"))?;
        Ok((code, counted))
    }

    fn command(self, log: &PathBuf) -> Command {
        match self {
            Self::Instructions => {
                let mut valgrind = Command::new("valgrind");
                valgrind.args([
                    "--tool=cachegrind",
                    "--cache-sim=no",
                    "--cachegrind-out-file=/dev/null",
                ]);
                valgrind.arg(format!("--log-file={}", log.display()));
                valgrind
            }
            Self::SystemCalls => {
                let mut strace = Command::new("strace");
                strace.args(["-f", "-c", "-U", "calls,name", "-o"]).arg(log);
                strace
            }
        }
    }

    /// Reads `I refs: 3,914,322` or `29 total`.
    fn read(self, line: &str) -> Option<f64> {
        match self {
            Self::Instructions => {
                let (head, number) = line.rsplit_once(':')?;
                head.ends_with("refs")
                    .then(|| number.replace(',', "").trim().parse().ok())?
            }
            Self::SystemCalls => line.trim().strip_suffix("total")?.trim().parse().ok(),
        }
    }
}

/// Valgrind makes a program fifty times slower.
const SLOW_IS_FINE: &str = "defaults: { timeout: 60s }";

#[cfg(test)]
mod tests {
    use super::Counter;

    #[test]
    fn the_numbers_are_read() {
        let line = "==970== I   refs:      1,127,769";
        assert_eq!(Counter::Instructions.read(line), Some(1_127_769.0));
        assert_eq!(Counter::SystemCalls.read("       29 total"), Some(29.0));
        assert_eq!(Counter::SystemCalls.read("       1 read"), None);
    }
}
