//! Markdown laid out for a terminal.

use gonogo_report::row;

/// Returns the text with paragraphs and list items wrapped, and code as it is.
pub(super) fn prose(markdown: &str, width: usize) -> String {
    let mut page = String::new();
    let mut paragraph = String::new();
    let mut in_fence = false;
    for line in markdown.trim().lines() {
        let trimmed = line.trim();
        let part = Part::of(line, in_fence);
        if part != Part::Text || item(trimmed).is_some() {
            flush(&mut page, &mut paragraph, width);
        }
        match part {
            Part::Fence => in_fence = !in_fence,
            Part::Code => {
                let indent = if in_fence { "    " } else { "" };
                page.push_str(format!("{indent}{line}").trim_end());
                page.push('\n');
            }
            Part::Gap => page.push('\n'),
            Part::Heading => {
                page.push_str(&row(width, 0, &[], trimmed.trim_start_matches(['#', ' '])))
            }
            Part::Table => {
                page.push_str(trimmed);
                page.push('\n');
            }
            Part::Text => {
                if !paragraph.is_empty() {
                    paragraph.push(' ');
                }
                paragraph.push_str(trimmed);
            }
        }
    }
    flush(&mut page, &mut paragraph, width);
    page
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Fence,
    Code,
    Gap,
    Heading,
    Table,
    Text,
}

impl Part {
    fn of(line: &str, in_fence: bool) -> Self {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            Self::Fence
        } else if in_fence {
            Self::Code
        } else if trimmed.is_empty() {
            Self::Gap
        } else if line.starts_with("    ") {
            Self::Code
        } else if trimmed.trim_start_matches('#').starts_with(' ') && trimmed.starts_with('#') {
            Self::Heading
        } else if trimmed.starts_with('|') {
            Self::Table
        } else {
            Self::Text
        }
    }
}

/// Splits a list item into its mark and its text; `--read-only` at the start of a line is none.
fn item(line: &str) -> Option<(&str, &str)> {
    let (mark, text) = line.split_once(' ')?;
    let number = mark.strip_suffix('.').unwrap_or_default();
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (mark == "-" || is_number).then_some((mark, text))
}

fn flush(page: &mut String, paragraph: &mut String, width: usize) {
    if paragraph.is_empty() {
        return;
    }
    let rows = match item(paragraph) {
        Some((mark, text)) => row(width, 0, &[(mark, mark.len() + 1)], &plain(text)),
        None => row(width, 0, &[], &plain(paragraph)),
    };
    page.push_str(&rows);
    paragraph.clear();
}

/// Removes the marks of bold text, but not from code, where they mean something.
fn plain(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    let pieces: Vec<String> = pieces
        .map(|(i, piece)| match i % 2 {
            0 => piece.replace("**", ""),
            _ => piece.to_owned(),
        })
        .collect();
    pieces.join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_wrapped_and_code_is_not() {
        let markdown = "\
## Redirects
**Answers** like any `src/**/x`
--read-only and 2 more.

- one thing that is long enough
- another
10. a numbered one, that is long

```yaml
http:

  url: https://a.example/very/long
```
    indented code that is long too
";
        let wrapped = "\
Redirects
Answers like any
`src/**/x` --read-only
and 2 more.

- one thing that is long
  enough
- another
10. a numbered one, that
    is long

    http:

      url: https://a.example/very/long
    indented code that is long too
";
        assert_eq!(prose(markdown, 24), wrapped);
    }
}
