//! E-mail: a subject, and a text that needs no more than a terminal.

use gonogo_model::Report;

use super::letter::{Job, Letter, cut};
use super::news::News;
use super::pack::more;

/// A message before it is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject: one line.
    pub subject: String,
    /// The text, its lines ended by line feeds.
    pub text: String,
}

/// Returns a message.
#[must_use]
pub fn mail(report: &Report, news: Option<&News>) -> Mail {
    let letter = Letter::of(report, news);
    let mut text = format!("{}  {}\n{}\n", letter.verdict, letter.subject, letter.told);
    if !letter.news.is_empty() {
        text.push('\n');
    }
    for (word, what) in &letter.news {
        text.push_str(&format!("{word}: {what}\n"));
    }
    for line in letter.reasons.iter().take(MOST_REASONS) {
        let id = line.id.as_deref().unwrap_or("the run");
        text.push_str(&format!("\n{}  {id}\n    {}\n", line.verdict, line.why));
        if let Some(skipped) = &line.skipped {
            text.push_str(&format!("    {skipped}\n"));
        }
    }
    if let Some(more) = more(letter.reasons.len().saturating_sub(MOST_REASONS)) {
        text.push_str(&format!("\n{more}\n"));
    }
    text.push('\n');
    if let Some(Job::Address(job) | Job::Name(job)) = &letter.job {
        text.push_str(&format!("job  {job}\n"));
    }
    text.push_str(&format!("run  {}, {}\n", letter.run_id, letter.tool));
    Mail {
        subject: cut(&format!("[gonogo] {}", letter.title()), MOST_SUBJECT),
        text,
    }
}

const MOST_SUBJECT: usize = 180;
const MOST_REASONS: usize = 100;
