//! Small changes of an input: of its bytes, its words and its lines.
//!
//! The changes know that inputs are text made of lines with an indentation, and which words a target
//! listens to; bytes at random would hardly ever come past the first line.

/// Numbers at random, the same from the same seed (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number below `end`; 0 when there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> Option<&'a T> {
        list.get(self.below(list.len())).copied()
    }
}

/// Returns a changed input; `other` is one to take pieces from, `words` are those the target knows.
pub(crate) fn mutate(input: &[u8], other: &[u8], words: &[&str], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = input.to_vec();
    // Mostly one change, sometimes a heap of them.
    let changes = 1 + dice.below(3) * dice.below(4);
    for _ in 0..changes {
        change(&mut bytes, other, words, dice);
    }
    bytes.truncate(MAX_LENGTH);
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], words: &[&str], dice: &mut Dice) {
    match dice.below(12) {
        0 => flip(bytes, dice),
        1 => {
            let (from, to) = stretch(bytes, dice);
            bytes.drain(from..to);
        }
        2 => {
            let (from, to) = stretch(bytes, dice);
            let piece = bytes[from..to].to_vec();
            insert(bytes, &piece, dice);
        }
        3 => {
            let (from, to) = stretch(other, dice);
            insert(bytes, &other[from..to], dice);
        }
        4 | 5 => {
            let word = dice.pick(words).unwrap_or_default();
            insert(bytes, word.as_bytes(), dice);
        }
        6 => {
            let odd = dice.pick(ODD).unwrap_or_default();
            insert(bytes, odd.as_bytes(), dice);
        }
        7 | 8 => {
            let word = dice.pick(words).unwrap_or_default();
            replace_word(bytes, word.as_bytes(), dice);
        }
        9 => {
            let (from, to) = word_at(other, dice.below(other.len()));
            replace_word(bytes, &other[from..to], dice);
        }
        10 => lines(bytes, other, dice),
        _ => repeat(bytes, dice),
    }
}

fn flip(bytes: &mut [u8], dice: &mut Dice) {
    let at = dice.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte = match dice.below(3) {
            0 => *byte ^ (1 << dice.below(8)),
            1 => u8::try_from(dice.below(256)).unwrap_or(0),
            _ => b' ' + u8::try_from(dice.below(95)).unwrap_or(0),
        };
    }
}

/// Returns a short stretch.
fn stretch(bytes: &[u8], dice: &mut Dice) -> (usize, usize) {
    let from = dice.below(bytes.len());
    let most = if dice.below(4) == 0 { 200 } else { 12 };
    (from, (from + 1 + dice.below(most)).min(bytes.len()))
}

fn insert(bytes: &mut Vec<u8>, piece: &[u8], dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    bytes.splice(at..at, piece.iter().copied());
}

/// Returns the word around a byte.
fn word_at(bytes: &[u8], at: usize) -> (usize, usize) {
    let is_edge = |b: &u8| matches!(b, b' ' | b'\n' | b':' | b',' | b'{' | b'}' | b'[' | b']');
    let from = bytes[..at.min(bytes.len())].iter().rposition(is_edge);
    let from = from.map_or(0, |edge| edge + 1);
    let length = bytes[from..].iter().position(is_edge);
    (from, length.map_or(bytes.len(), |length| from + length))
}

fn replace_word(bytes: &mut Vec<u8>, word: &[u8], dice: &mut Dice) {
    let (from, to) = word_at(bytes, dice.below(bytes.len()));
    bytes.splice(from..to, word.iter().copied());
}

/// Takes a line out, says it again elsewhere, indents it otherwise, or borrows one.
fn lines(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let mut lines: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let at = dice.below(lines.len());
    let to = dice.below(lines.len() + 1);
    match dice.below(5) {
        0 => {
            lines.remove(at);
        }
        1 => {
            let line = lines[at].clone();
            lines.insert(to, line);
        }
        2 => lines[at].splice(0..0, *b"  ").for_each(drop),
        3 if lines[at].starts_with(b"  ") => lines[at].drain(..2).for_each(drop),
        _ => {
            let others: Vec<&[u8]> = other.split(|b| *b == b'\n').collect();
            if let Some(line) = dice.pick(&others) {
                lines.insert(to, line.to_vec());
            }
        }
    }
    *bytes = lines.join(&b'\n');
}

/// Says a piece many times over.
fn repeat(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let (from, to) = stretch(bytes, dice);
    let times = [2, 10, 70, 300][dice.below(4)];
    let piece = bytes[from..to].repeat(times);
    bytes.splice(from..from, piece.into_iter().take(4_000));
}

/// What is odd in any text.
const ODD: &[&str] = &[
    "\0",
    "\r",
    "\r\n",
    "\t",
    "\u{1b}[2J",
    "\u{feff}",
    "\u{202e}",
    "\u{e9}",
    "\u{1f600}",
    "\u{200b}",
    "\\",
    "\"",
    "'",
    "`",
    "-",
    "--",
    "0",
    "00",
    "-0",
    "+1",
    "1e999999999",
    "1e-999999999",
    "99999999999999999999",
    "9223372036854775808",
    "0x10",
    "0o17",
    ".5",
    "5.",
    "NaN",
    ".inf",
    "~",
    "null",
    "true",
    "yes",
    "=",
    "==",
    "%",
    "#",
    " #",
    "\n",
    "\n\n",
    "\n  ",
    ":",
    ": ",
    ",",
    "..",
    "...",
    "*",
    "&",
    "!",
    "|",
    ">",
    "?",
    "@",
];

/// Longer inputs make the fuzzer slow and find nothing new; what is large is tested elsewhere.
const MAX_LENGTH: usize = 16_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_changes() {
        let text = b"version: 1\nchecks:\n  a: { tcp: x }\n";
        let made = |seed| {
            let mut dice = Dice::new(seed);
            let inputs = (0..200).map(|_| mutate(text, b"other: text\n", &["retry"], &mut dice));
            inputs.collect::<Vec<_>>()
        };
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
        let same = made(1)
            .iter()
            .filter(|input| input.as_slice() == text)
            .count();
        assert!(same < 10, "{same} of 200 are not changed");
    }

    #[test]
    fn whatever_is_empty_can_be_changed() {
        let mut dice = Dice::new(7);
        for _ in 0..2_000 {
            let _input = mutate(b"", b"", &[], &mut dice);
            let _input = mutate(b"\n", b"\n", &[""], &mut dice);
        }
    }
}
