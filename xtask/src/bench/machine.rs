//! The machine and the sources that a table belongs to.

use std::process::Command;

use crate::shell::{Failure, read, root};

/// Returns a line about the machine and one about the sources.
pub(super) fn describe() -> Result<String, Failure> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let name = of_file("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned());
    let memory = of_file("/proc/meminfo", "MemTotal").unwrap_or_default();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(3).collect();
    let kernel = read(Command::new("uname").arg("-sr"))?;
    let compiler = read(Command::new("rustc").arg("--version"))?;
    let today = read(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M UTC"]))?;
    let commit = read(
        Command::new("git")
            .current_dir(root())
            .args(["describe", "--always", "--dirty"]),
    );
    Ok(format!(
        "{}, {processors} x {name}, {memory}, {}, load average {}\n{}, commit {}",
        today.trim(),
        kernel.trim(),
        load.join(" "),
        compiler.trim(),
        commit.as_deref().map_or("unknown", str::trim),
    ))
}

/// Returns the value of a key in a file of `key : value` lines.
fn of_file(path: &str, key: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
