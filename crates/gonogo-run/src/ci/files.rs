//! The files of a CI, and the values that later steps read.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use gonogo_model::Code;
use gonogo_model::codes::output::{INCOMPLETE, UNWRITABLE};
use gonogo_report::View;
use gonogo_report::formats::markdown;

use super::{Ci, Provider, unguessable};
use crate::output::{OutputSpec, Unwritten, open_stream, write_private};

/// What later steps are told of a run.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The exit code that the run comes to.
    pub exit_code: u8,
    /// The outputs that were asked for.
    pub outputs: &'a [OutputSpec],
}

impl Ci {
    /// Writes the summary for people; returns what the log gets for it, and what could not be written.
    #[must_use]
    pub fn summary(&self, view: &View<'_>) -> (String, Option<Unwritten>) {
        if let Some(path) = &self.summary {
            let before = std::fs::metadata(path).map_or(0, |known| known.len());
            let room = MOST_SUMMARY.saturating_sub(usize::try_from(before).unwrap_or(usize::MAX));
            // Of a summary that is too long GitHub shows nothing, not even what the step wrote before.
            let text = markdown(view, room);
            return (String::new(), append(path, text.as_bytes()).err());
        }
        if let Some(folder) = &self.temporary {
            let path = folder.join(format!("gonogo-{}.md", view.report.record.header.run_id));
            let text = markdown(view, MOST_SUMMARY);
            return match write_private(&path, text.as_bytes()) {
                Ok(()) => (
                    format!("##vso[task.uploadsummary]{}\n", path.display()),
                    None,
                ),
                Err(lost) => (String::new(), Some(lost)),
            };
        }
        (String::new(), None)
    }

    /// Tells later steps what the run came to; returns what the log gets for it, and what could not be written.
    #[must_use]
    pub fn values(&self, view: &View<'_>, told: &Told<'_>) -> (String, Option<Unwritten>) {
        let record = &view.report.record;
        let report = self.report(told.outputs);
        let mut values = vec![
            ("verdict", view.report.judgement.verdict.as_str().to_owned()),
            ("exit_code", told.exit_code.to_string()),
            ("run_id", record.header.run_id.clone()),
        ];
        values.extend(report.clone().map(|path| ("report", path)));
        match self.provider {
            Provider::GitHub => {
                let Some(path) = &self.outputs else {
                    return (String::new(), None);
                };
                let lost = append(path, heredocs(&values).as_bytes()).err();
                (String::new(), lost)
            }
            Provider::Azure => {
                let orders = values.iter().map(|(name, value)| {
                    let value = value.replace('%', "%AZP25").replace(['\r', '\n'], " ");
                    format!("##vso[task.setvariable variable={name};isOutput=true]{value}\n")
                });
                (orders.collect(), None)
            }
            Provider::GitLab => (report.as_deref().map(artifact).unwrap_or_default(), None),
            Provider::Buildkite | Provider::TeamCity | Provider::CircleCi | Provider::Jenkins => {
                (String::new(), None)
            }
        }
    }

    /// Returns the path of the JSON report, if one goes to a file.
    fn report(&self, outputs: &[OutputSpec]) -> Option<String> {
        let json = outputs.iter().filter(|output| output.format.name == "json");
        let path = json.filter_map(OutputSpec::file).next()?;
        Some(self.folder.join(path).to_string_lossy().into_owned())
    }
}

/// Returns values as the output file of a step takes them: no text of a value can end it.
fn heredocs(values: &[(&str, String)]) -> String {
    let end = format!("gonogo_{}", unguessable());
    values
        .iter()
        .map(|(name, value)| format!("{name}<<{end}\n{value}\n{end}\n"))
        .collect()
}

fn artifact(report: &str) -> String {
    let report = gonogo_report::escape(report);
    format!(
        "report    {report}; GitLab keeps it if the job says `artifacts: {{ when: always, paths: [...] }}`\n"
    )
}

/// Appends to a file that the CI has made; one that is not there is made.
fn append(path: &Path, bytes: &[u8]) -> Result<(), Unwritten> {
    let failed = |code: Code, error: io::Error| Unwritten {
        path: path.to_owned(),
        code,
        error,
    };
    let opened = match std::fs::metadata(path) {
        Ok(known) if known.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => open_stream(path),
        Err(_) => OpenOptions::new().append(true).create(true).open(path),
    };
    let mut file = opened.map_err(|error| failed(UNWRITABLE.into(), error))?;
    file.write_all(bytes)
        .and_then(|()| file.flush())
        .map_err(|error| failed(INCOMPLETE.into(), error))
}

/// GitHub shows nothing of the summary of a step that is longer; Azure is told as much.
const MOST_SUMMARY: usize = 1024 * 1024;
