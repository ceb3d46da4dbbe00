//! Logs to standard error, without secrets.

use std::io::{self, Write as _};
use std::sync::{Arc, PoisonError, RwLock};

use gonogo_model::Redactor;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::args::LogLevel;

/// The log, which learns the secrets of a gate once they are known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Logs {
    redactor: Arc<RwLock<Redactor>>,
}

impl Logs {
    /// Keeps the secrets of a gate out of everything that is logged from now on.
    pub(crate) fn hide(&self, redactor: &Redactor) {
        *self
            .redactor
            .write()
            .unwrap_or_else(PoisonError::into_inner) = redactor.clone();
    }

    fn clean(&self, text: &str) -> String {
        self.redactor
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .redact(text)
            .into_owned()
    }
}

/// Starts logging, and makes panics say their word through the log's redactor.
pub(crate) fn start(level: LogLevel) -> Logs {
    let logs = Logs::default();
    let directives = match level {
        LogLevel::Off => "off".to_owned(),
        // The libraries below are heard only at the highest level.
        LogLevel::Trace => "trace".to_owned(),
        LogLevel::Error | LogLevel::Warn | LogLevel::Info | LogLevel::Debug => {
            let word = format!("{level:?}").to_lowercase();
            format!(
                "error,{}",
                OWN.map(|target| format!("{target}={word}")).join(",")
            )
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(directives))
        .with_writer(logs.clone())
        .with_ansi(false)
        .init();
    let hidden = logs.clone();
    std::panic::set_hook(Box::new(move |panic| {
        let text = hidden.clean(&format!("gonogo: internal error: {panic}\n"));
        // If nobody hears it, nobody is told.
        let _unheard = io::stderr().write_all(gonogo_report::inert(&text).as_bytes());
    }));
    logs
}

/// One line of the log on its way out.
pub(crate) struct Line {
    logs: Logs,
    text: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line {
            logs: self.clone(),
            text: Vec::new(),
        }
    }
}

impl io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    /// A line is redacted whole: a secret that came in two pieces is found too.
    fn drop(&mut self) {
        let text = self.logs.clean(&String::from_utf8_lossy(&self.text));
        let escaped: String = text
            .trim_end_matches('\n')
            .chars()
            .map(|c| {
                if c.is_control() {
                    c.escape_unicode().to_string()
                } else {
                    c.to_string()
                }
            })
            .collect();
        let escaped = gonogo_report::inert(&escaped);
        // If nobody hears it, nobody is told.
        let _unheard = io::stderr().write_all(format!("{escaped}\n").as_bytes());
    }
}

/// The crates whose logs are ours.
const OWN: [&str; 5] = [
    "gonogo",
    "gonogo_probes",
    "gonogo_engine",
    "gonogo_run",
    "gonogo_config",
];
