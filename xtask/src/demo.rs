//! `cargo xtask demo`: a sample stack, a GO, one thing broken, a NO-GO that explains itself.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::folder::Folder;
use crate::packages;
use crate::shell::{Failure, build, root};

/// What the demo was asked for.
struct Request<'a> {
    real: bool,
    broken: &'a str,
}

/// Runs the demo: succeeds when GO and then NO-GO came.
pub(crate) fn run(arguments: &[&str]) -> Result<(), Failure> {
    let request = read(arguments)?;
    if request.real {
        packages::install(packages::ALL)?;
    }
    println!("building gonogo and the sample stack ...");
    let programs = build(&["gonogo", "sample-stack"], false)?;
    let folder = Folder::new("demo")?;
    let mut stack = Stack::start(&programs, folder.path(), request.real)?;

    let gate = if request.real {
        "probes.yaml"
    } else {
        "examples/demo/probes.yaml"
    };
    heading(&format!("gonogo check {gate}    (everything is up)"));
    judge(&programs, gate, folder.path(), 0, "GO")?;

    let what = stack.tell(&format!("break {}", request.broken))?;
    heading(&format!("gonogo check {gate}    (broken: {what})"));
    judge(&programs, gate, folder.path(), 1, "NO-GO")?;

    stack.stop()?;
    println!("\nThe demo came to GO, and to NO-GO once something was broken: as it should.");
    println!("Look at {gate}; then write your own: gonogo explain shows what can be checked.");
    Ok(())
}

fn read<'a>(arguments: &[&'a str]) -> Result<Request<'a>, Failure> {
    let mut request = Request {
        real: false,
        broken: "migration",
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match *word {
            "--real" => request.real = true,
            "--break" => {
                request.broken = words
                    .next()
                    .ok_or_else(|| Failure::new("--break wants a name").hint(BREAKS))?;
            }
            other => return Err(Failure::new(format!("demo does not know `{other}`")).hint(BREAKS)),
        }
    }
    Ok(request)
}

fn heading(text: &str) {
    println!("\n$ {text}\n");
}

/// Runs the gate and holds its exit code against what must come.
fn judge(
    programs: &Path,
    gate: &str,
    folder: &Path,
    wanted: i32,
    verdict: &str,
) -> Result<(), Failure> {
    let status = Command::new(programs.join("gonogo"))
        .current_dir(root())
        .args(["check", gate, "--var-file"])
        .arg(folder.join("vars.yaml"))
        .envs(secrets(folder)?)
        .status()?;
    if status.code() == Some(wanted) {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "the demo wants {verdict} (exit {wanted}) here, and gonogo ended with {status}"
        )))
    }
}

/// Reads the secrets that the stack made up, one NAME=VALUE a line.
fn secrets(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let text = std::fs::read_to_string(folder.join("secrets.env"))?;
    Ok(text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect())
}

/// A running sample stack; ends with us.
struct Stack {
    child: Child,
    input: ChildStdin,
    output: BufReader<std::process::ChildStdout>,
}

impl Stack {
    fn start(programs: &Path, folder: &Path, real: bool) -> Result<Self, Failure> {
        let mut command = Command::new(programs.join("sample-stack"));
        command
            .arg("--dir")
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if real {
            command.arg("--real");
        }
        let mut child = command.spawn()?;
        let input = child
            .stdin
            .take()
            .ok_or_else(|| Failure::new("the sample stack has no input"))?;
        let output = child
            .stdout
            .take()
            .ok_or_else(|| Failure::new("the sample stack has no output"))?;
        let mut stack = Self {
            child,
            input,
            output: BufReader::new(output),
        };
        println!("{}", stack.answer()?);
        Ok(stack)
    }

    /// Gives the stack a command and returns its answer.
    fn tell(&mut self, command: &str) -> Result<String, Failure> {
        writeln!(self.input, "{command}")?;
        self.answer()
    }

    /// Reads one answer: `ok TEXT` or `error TEXT`.
    fn answer(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        match line.trim_end().split_once(' ') {
            Some(("ok", text)) => Ok(text.to_owned()),
            Some(("error", text)) => Err(Failure::new(text.replace("\\n", "\n"))),
            _ => Err(Failure::new("the sample stack ended without a word")),
        }
    }

    fn stop(mut self) -> Result<(), Failure> {
        self.tell("stop")?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // Its input closes with us too; waiting makes sure that nothing is left running.
        let _asked = writeln!(self.input, "stop");
        let _status = self.child.wait();
    }
}

const BREAKS: &str = "cargo xtask demo [--real] [--break NAME], where NAME is one of
  migration       a migration is on disk that the database does not have (the default)
  edited          an applied migration is edited
  certificate     the certificate of the edge has expired
  dns             a DNS record is gone
  service         a service answers 503
  hang            a service accepts and never answers
  redis           Redis is stopped (--real only)";
