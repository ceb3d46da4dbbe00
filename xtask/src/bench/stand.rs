//! The stand: the built programs, a folder, and one measured run at a time.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::farm::Farm;
use super::figures::Figure;
use crate::folder::Folder;
use crate::shell::{Failure, build, read};

/// What everything is measured with.
pub(super) struct Stand {
    pub(super) programs: PathBuf,
    folder: Folder,
}

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// Seconds on the clock.
    pub(super) wall: f64,
    /// Seconds of processor time, of user and system together.
    pub(super) processor: f64,
    /// The peak of resident memory, in MiB.
    pub(super) peak: f64,
}

/// What a run of `gonogo check` must come to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    /// All of so many checks pass, and it is GO.
    Passed(usize),
    /// All of so many checks time out, and it is NO-GO.
    TimedOut(usize),
}

/// How a program is started.
#[derive(Debug, Clone, Copy)]
pub(super) enum Descriptors {
    /// With the limit of this session.
    Usual,
    /// With this soft and hard limit.
    AtMost(u32),
}

impl Stand {
    /// Builds the programs.
    pub(super) fn build() -> Result<Self, Failure> {
        eprintln!("building gonogo, targets and floor in release (minutes, the first time) ...");
        Ok(Self {
            programs: build(&["gonogo", "gonogo-bench"], true)?,
            folder: Folder::new("bench")?,
        })
    }

    /// Starts targets.
    pub(super) fn farm(&self, kinds: &[&str]) -> Result<Farm, Failure> {
        Farm::start(&self.programs, self.folder.path(), kinds)
    }

    /// Writes a file and returns where.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<PathBuf, Failure> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// Returns where a file of the stand is.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Measures `gonogo check`, with its report in JSON and its view for people, and holds its exit code
    /// and its report against what must come.
    pub(super) fn check(
        &self,
        gate: &Path,
        wanted: Wanted,
        descriptors: Descriptors,
    ) -> Result<Cost, Failure> {
        let words = [
            OsStr::new("check"),
            gate.as_os_str(),
            OsStr::new("-o"),
            OsStr::new("json"),
        ];
        let (code, cost) = self.measure("gonogo", &words, descriptors)?;
        self.verify(code, wanted)?;
        Ok(cost)
    }

    /// Measures another use of gonogo, which must end with this exit code.
    pub(super) fn gonogo(&self, words: &[&OsStr], wanted: i32) -> Result<Cost, Failure> {
        let (code, cost) = self.measure("gonogo", words, Descriptors::Usual)?;
        if code == wanted {
            return Ok(cost);
        }
        Err(self.odd(&format!(
            "gonogo ended with exit code {code} instead of {wanted}"
        )))
    }

    /// Measures the floor on a list of targets, all of which must be well.
    pub(super) fn floor(&self, farm: &Farm, list: &Path) -> Result<Cost, Failure> {
        let roots = farm.roots();
        let words = [OsStr::new("--roots"), roots.as_os_str(), list.as_os_str()];
        // Roots are loaded only where somebody needs them.
        let words = if is_secure(list)? {
            &words[..]
        } else {
            &words[2..]
        };
        let (code, cost) = self.measure("bench-floor", words, Descriptors::Usual)?;
        if code == 0 {
            return Ok(cost);
        }
        Err(self.odd("the floor found targets that are not well"))
    }

    /// Runs one program under the stopwatch.
    fn measure(
        &self,
        program: &str,
        words: &[&OsStr],
        descriptors: Descriptors,
    ) -> Result<(i32, Cost), Failure> {
        let mut stopwatch = Command::new(self.programs.join("bench-stopwatch"));
        if let Descriptors::AtMost(most) = descriptors {
            stopwatch.args(["--descriptors", &most.to_string()]);
        }
        let figures = read(
            stopwatch
                .arg(self.folder.path())
                .arg(self.programs.join(program))
                .args(words),
        )?;
        let mut figures = figures.split_whitespace().map(str::parse::<u32>);
        let mut next = || match figures.next() {
            Some(Ok(figure)) => Ok(f64::from(figure)),
            _ => Err(Failure::new("the stopwatch does not say four figures")),
        };
        let code = next()? as i32;
        let cost = Cost {
            wall: next()? / 1e6,
            processor: next()? / 1e6,
            peak: next()? / 1024.0,
        };
        Ok((code, cost))
    }

    /// Holds exit code and report of the latest run against what must come.
    pub(super) fn verify(&self, code: i32, wanted: Wanted) -> Result<(), Failure> {
        let text = std::fs::read(self.file("stdout"))?;
        let report: Value = serde_json::from_slice(&text)
            .map_err(|error| self.odd(&format!("the report is not JSON: {error}")))?;
        let counts = |name: &str| report["counts"][name].as_u64().unwrap_or_default();
        let (exit, outcome, count, fault) = match wanted {
            Wanted::Passed(count) => (0, "passed", count, None),
            Wanted::TimedOut(count) => (1, "failed", count, Some("net/timeout")),
        };
        let count = count as u64;
        let checks = report["checks"].as_array().map_or(&[][..], Vec::as_slice);
        let same = checks
            .iter()
            .filter(|check| check["outcome"] == outcome && check["code"].as_str() == fault);
        let good = code == exit
            && counts("planned") == count
            && counts(outcome) == count
            && same.count() as u64 == count;
        if good {
            return Ok(());
        }
        Err(self.odd(&format!(
            "wanted exit code {exit} with {count} {outcome}, and got {code} with {}",
            report["counts"]
        )))
    }

    /// Returns what is wrong with a run, and the first lines that it wrote.
    fn odd(&self, message: &str) -> Failure {
        let said = std::fs::read_to_string(self.file("stderr")).unwrap_or_default();
        let said: Vec<&str> = said.lines().take(20).collect();
        Failure::new(message).hint(said.join("\n"))
    }
}

fn is_secure(list: &Path) -> Result<bool, Failure> {
    Ok(std::fs::read_to_string(list)?.starts_with("https"))
}

/// Makes so many runs.
pub(super) fn runs(
    count: usize,
    mut run: impl FnMut() -> Result<Cost, Failure>,
) -> Result<Vec<Cost>, Failure> {
    (0..count).map(|_| run()).collect()
}

/// Makes so many pairs of runs, A B A B, so that whatever else the machine does meets both alike.
pub(super) fn pairs(
    count: usize,
    mut a: impl FnMut() -> Result<Cost, Failure>,
    mut b: impl FnMut() -> Result<Cost, Failure>,
) -> Result<Vec<(Cost, Cost)>, Failure> {
    (0..count).map(|_| Ok((a()?, b()?))).collect()
}

/// Sums up one figure of several runs.
pub(super) fn figure<'c>(
    costs: impl IntoIterator<Item = &'c Cost>,
    of: impl Fn(&Cost) -> f64,
) -> Figure {
    Figure::of(costs.into_iter().map(of))
}

/// Sums up how a figure of A stands to that of B, pair by pair.
pub(super) fn ratio(pairs: &[(Cost, Cost)], of: impl Fn(&Cost) -> f64) -> Figure {
    Figure::of(pairs.iter().map(|(a, b)| of(a) / of(b)))
}
