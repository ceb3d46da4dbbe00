//! What every notice says, in words; each service puts it into a form of its own.

use gonogo_model::{Id, Reason, Report, Verdict};

use super::news::News;
use crate::human::{counts, names, subject_of_the_run};
use crate::style::Style;
use crate::text;

/// What a notice says. Every text is one line that holds nothing invisible, and is still to be escaped
/// as the service has it.
#[derive(Debug)]
pub(super) struct Letter<'r> {
    pub(super) verdict: Verdict,
    /// What the run is about: `beluga 1.4.2 (production)`.
    pub(super) subject: String,
    /// How many checks came to what, and what else there is to say of the run as a whole.
    pub(super) told: String,
    /// What is new, as words of ours and the ids or the verdict that they are about.
    pub(super) news: Vec<(&'static str, String)>,
    /// Why it is not GO, root causes first.
    pub(super) reasons: Vec<Line>,
    /// The pages of people where the run was made, if it has one.
    pub(super) job: Option<Job>,
    /// The run's own id.
    pub(super) run_id: String,
    /// The program and its version.
    pub(super) tool: String,
    pub(super) report: &'r Report,
}

/// One reason.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) verdict: Verdict,
    /// The check or group; none when it is about the whole run.
    pub(super) id: Option<String>,
    /// The code and the message.
    pub(super) why: String,
    /// How many checks are skipped because of it.
    pub(super) skipped: Option<String>,
}

/// Where the run was made.
#[derive(Debug)]
pub(super) enum Job {
    /// An address that is nothing but one.
    Address(String),
    /// A number or name.
    Name(String),
}

impl<'r> Letter<'r> {
    pub(super) fn of(report: &'r Report, news: Option<&News>) -> Self {
        let header = &report.record.header;
        let selection = &report.record.plan.selection;
        Self {
            verdict: report.judgement.verdict,
            subject: subject_of_the_run(header, selection, &Style::PLAIN),
            told: told(report),
            news: news.map(|news| told_news(news, report)).unwrap_or_default(),
            reasons: report.judgement.reasons.iter().map(line).collect(),
            job: header.ci_job.as_deref().and_then(job),
            run_id: one_line(&header.run_id),
            tool: one_line(&format!("{} {}", header.tool.name, header.tool.version)),
            report,
        }
    }

    /// Returns the verdict and what it is about.
    pub(super) fn title(&self) -> String {
        format!("{}: {}", self.verdict, self.subject)
    }
}

fn told(report: &Report) -> String {
    let record = &report.record;
    let took = record.finished.elapsed.minus(&record.started.elapsed);
    let mut told = format!("{} in {}", counts(report).join(", "), text::took(&took));
    if report.judgement.partial {
        told.push_str("; partial");
    }
    if record.interrupted.is_some() {
        told.push_str("; interrupted");
    }
    if let Some(until) = report.judgement.valid_until {
        told.push_str(&format!("; valid until {until}"));
    }
    told
}

fn told_news(news: &News, report: &Report) -> Vec<(&'static str, String)> {
    // Without a run before, everything is new, and the reasons say it.
    let Some(before) = news.before else {
        return Vec::new();
    };
    let mut told = Vec::new();
    if before != report.judgement.verdict {
        told.push(("before", before.to_string()));
    }
    for (word, ids) in [("worse", &news.worse), ("fixed", &news.fixed)] {
        if !ids.is_empty() {
            let ids: Vec<&Id> = ids.iter().collect();
            told.push((word, cut(&names(&ids, MOST_NAMES), LONGEST)));
        }
    }
    told
}

fn line(reason: &Reason) -> Line {
    let skipped = reason.consequences.len();
    Line {
        verdict: reason.verdict,
        id: reason.id.as_ref().map(ToString::to_string),
        why: one_line(&format!("{}: {}", reason.code, reason.message)),
        skipped: (skipped > 0)
            .then(|| format!("{} skipped because of it", text::count(skipped, "check"))),
    }
}

fn job(job: &str) -> Option<Job> {
    // Nothing that ends an address in the syntax of any service.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?=%&#+@,;!".contains(c);
    let is_address = (job.starts_with("https://") || job.starts_with("http://"))
        && job.len() <= LONGEST_ADDRESS
        && job.chars().all(is_plain);
    match job {
        "" => None,
        address if is_address => Some(Job::Address(address.to_owned())),
        name => Some(Job::Name(one_line(name))),
    }
}

fn one_line(text: &str) -> String {
    cut(&text::escape(text.trim()), LONGEST)
}

/// Cuts by characters and not by columns: marks that take none count, too.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => {
            let end = text.char_indices().nth(most.saturating_sub(3));
            let kept = end.and_then(|(at, _)| text.get(..at)).unwrap_or_default();
            format!("{}...", kept.trim_end())
        }
    }
}

/// A line longer than this is for the report.
const LONGEST: usize = 300;
const LONGEST_ADDRESS: usize = 400;
const MOST_NAMES: usize = 20;
