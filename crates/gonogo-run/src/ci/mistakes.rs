//! A gate that could not start, told to the CI at the lines of its files.

use gonogo_config::Loaded;
use gonogo_kind::{Diagnostic, Level, Span};
use gonogo_report::Mistake;
use gonogo_report::formats::{azure_mistakes, github_mistakes, teamcity_mistakes};

use super::{Ci, Provider};
use crate::refusal::Refusal;

impl Ci {
    /// Returns what goes into the log for a gate that could not start.
    #[must_use]
    pub fn refused(&self, mistakes: &[Mistake]) -> String {
        match self.provider {
            Provider::GitHub => github_mistakes(mistakes, self.place()),
            Provider::Azure => azure_mistakes(mistakes, self.place()),
            Provider::TeamCity => teamcity_mistakes(mistakes),
            Provider::GitLab | Provider::Buildkite | Provider::CircleCi | Provider::Jenkins => {
                String::new()
            }
        }
    }
}

/// Returns the mistakes of a gate, the gate file being `file`.
#[must_use]
pub fn mistakes(file: &str, loaded: &Loaded) -> Vec<Mistake> {
    let diagnostics = loaded.diagnostics.iter();
    let told = diagnostics.map(|diagnostic| Mistake {
        is_error: diagnostic.level == Level::Error,
        code: diagnostic.code.to_owned(),
        place: place(file, diagnostic, loaded),
        text: text(diagnostic, loaded),
    });
    told.collect()
}

impl From<&Refusal> for Mistake {
    fn from(refusal: &Refusal) -> Self {
        let (code, text) = match refusal {
            Refusal::Mistakes(text) => {
                let lines = text.lines().map(str::to_owned).collect();
                ("config".to_owned(), lines)
            }
            Refusal::Request {
                code,
                message,
                hint,
            } => {
                let lines = std::iter::once(message).chain(hint).cloned();
                (code.clone(), lines.collect())
            }
        };
        Self {
            is_error: true,
            code,
            place: None,
            text,
        }
    }
}

/// Returns the file and the line; what is about the whole file stands at its first line, what is about the command line
/// nowhere.
fn place(gate: &str, diagnostic: &Diagnostic, loaded: &Loaded) -> Option<(String, u32)> {
    let Some(span) = diagnostic.span else {
        return Some((gate.to_owned(), 1));
    };
    if span == Span::NOWHERE {
        return None;
    }
    let name = loaded.sources.name(span.file)?;
    Some((name.to_owned(), span.line))
}

fn text(diagnostic: &Diagnostic, loaded: &Loaded) -> Vec<String> {
    let clean = |text: &String| loaded.redactor.redact(text).into_owned();
    let said = [
        Some(&diagnostic.message),
        diagnostic.label.as_ref(),
        diagnostic.hint.as_ref(),
    ];
    said.into_iter().flatten().map(clean).collect()
}
