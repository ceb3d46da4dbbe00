//! Lines on their way into blocks of limited size.

use crate::text;

/// Puts lines together, each block within a limit that `size` measures, as many blocks as there may be.
/// Returns also how many lines were left out.
pub(super) fn blocks(
    lines: &[String],
    (most_blocks, most_size): (usize, usize),
    size: fn(&str) -> usize,
) -> (Vec<String>, usize) {
    let mut blocks: Vec<String> = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let last = blocks.last_mut();
        let fits = |block: &&mut String| size(block) + 1 + size(line) <= most_size;
        if let Some(block) = last.filter(fits) {
            block.push('\n');
            block.push_str(line);
        } else if blocks.len() < most_blocks && size(line) <= most_size {
            blocks.push(line.clone());
        } else {
            return (blocks, lines.len() - place);
        }
    }
    (blocks, 0)
}

/// Says how many reasons were left out; nothing when none were.
pub(super) fn more(left_out: usize) -> Option<String> {
    let counted = || format!("{} not shown here", text::count(left_out, "more reason"));
    (left_out > 0).then(counted)
}

/// Returns the length as services count it that are written in JavaScript; none counts more.
pub(super) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}
