//! Globs over ids: `*` is any text, `?` any one character.

/// Returns whether a glob matches the whole of a text: `*` is any text, `?` any one character.
///
/// One star is ever retried, the last one that was met, so the time is at most the product of the
/// lengths whatever the glob.
#[must_use]
pub fn glob_matches(glob: &str, text: &str) -> bool {
    let (glob, text) = (glob.as_bytes(), text.as_bytes());
    let (mut g, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match glob.get(g) {
            Some(b'*') => {
                star = Some((g, t));
                g += 1;
            }
            Some(&c) if c == b'?' || text.get(t) == Some(&c) => {
                g += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                g = at + 1;
                t = from + 1;
            }
        }
    }
    glob.iter().skip(g).all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::glob_matches;

    #[test]
    fn globs_match_whole_ids() {
        for (glob, text, expected) in [
            ("service", "service", true),
            ("service", "service.auth", false),
            ("service.*", "service.auth", true),
            ("*", "anything", true),
            ("*auth", "service.auth", true),
            ("s*.?uth", "service.auth", true),
            ("s*.?uth", "service.uth", false),
            ("*a*b*c*", "xxaxxbxxcxx", true),
            ("*a*b*c*", "xxaxxcxxbxx", false),
            ("", "a", false),
            ("**", "a", true),
        ] {
            assert_eq!(glob_matches(glob, text), expected, "{glob} {text}");
        }
        assert!(!glob_matches(
            &"*a".repeat(60),
            &"a".repeat(200).replace("aaa", "b")
        ));
    }
}
