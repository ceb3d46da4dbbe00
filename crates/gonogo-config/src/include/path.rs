//! What may stand under `include`: a path, or a pattern of paths, below the folder of the file.

use crate::characters::is_hidden;

/// A path or a pattern, by its components.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IncludePath {
    pub(super) parts: Vec<Part>,
}

/// One component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Name(String),
    /// A name with `*` and `?` in it.
    Pattern(String),
}

/// Why a text is no such path: what it is, and what to do.
pub(super) type Refused = (&'static str, &'static str);

impl IncludePath {
    /// Reads a text.
    pub(super) fn parse(text: &str) -> Result<Self, Refused> {
        const BELOW: &str = "A gate is read from its own folder alone: name a file in it, such as `checks/edge.yaml`.";
        const SLASH: &str = "Components are parted by `/`: `checks/edge.yaml`.";
        const YAML: &str = "The name of a file of checks ends in `.yaml` or `.yml`.";
        if text.contains("://") {
            return Err(("is a URL", BELOW));
        }
        if text.contains('\\') {
            return Err(("holds a backslash", SLASH));
        }
        let drive = text.as_bytes().get(1) == Some(&b':');
        if text.starts_with(['/', '~']) || drive {
            return Err(("is no relative path", BELOW));
        }
        if text.chars().any(|c| is_hidden(c) || c.is_control()) {
            return Err((
                "holds a character that cannot be seen",
                "Give the file another name.",
            ));
        }
        let mut parts = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => return Err(("leads out of its folder", BELOW)),
                part if part.contains("**") => {
                    return Err((
                        "holds a `**`",
                        "Write a pattern for each folder: `checks/*.yaml`, `checks/*/*.yaml`.",
                    ));
                }
                part if part.contains(['*', '?']) => parts.push(Part::Pattern(part.to_owned())),
                part => parts.push(Part::Name(part.to_owned())),
            }
        }
        let (Some(Part::Name(last) | Part::Pattern(last)), false) =
            (parts.last(), text.ends_with('/'))
        else {
            return Err(("names a folder", "Name the files in it: `checks/*.yaml`."));
        };
        if !last.ends_with(".yaml") && !last.ends_with(".yml") {
            return Err(("names no YAML file", YAML));
        }
        Ok(Self { parts })
    }
}

/// Returns whether a name fits a pattern of `*` and `?`; a dot in front is matched by a dot only.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where the last `*` stands, and up to where it reaches so far.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || Some(c) == name.get(n) => {
                p += 1;
                n += 1;
            }
            Some(_) | None => match &mut star {
                Some((at, reach)) => {
                    *reach += 1;
                    (p, n) = (*at + 1, *reach);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_below_may_be_included() {
        let why = |text: &str| IncludePath::parse(text).unwrap_err().0;
        for text in ["https://example.com/a.yaml", "file:///a.yaml"] {
            assert_eq!(why(text), "is a URL");
        }
        for text in ["/etc/a.yaml", "~/a.yaml", "C:/a.yaml"] {
            assert_eq!(why(text), "is no relative path");
        }
        for text in ["../a.yaml", "checks/../../a.yaml", "a/.."] {
            assert_eq!(why(text), "leads out of its folder");
        }
        for text in ["checks/", ".", "./"] {
            assert_eq!(why(text), "names a folder");
        }
        for text in [".env", "checks/*", "a.yaml.bak", "a.json"] {
            assert_eq!(why(text), "names no YAML file");
        }
        assert_eq!(why("a\\b.yaml"), "holds a backslash");
        assert_eq!(why("**/a.yaml"), "holds a `**`");
        assert_eq!(
            why("a\u{202e}.yaml"),
            "holds a character that cannot be seen"
        );
        let path = IncludePath::parse("./checks//*/edge.yml").unwrap();
        let name = |text: &str| Part::Name(text.to_owned());
        let pattern = Part::Pattern("*".to_owned());
        assert_eq!(path.parts, [name("checks"), pattern, name("edge.yml")]);
        let brackets = IncludePath::parse("a[1].yaml").unwrap();
        assert_eq!(brackets.parts, [name("a[1].yaml")]);
    }

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name) in [
            ("*.yaml", "a.yaml"),
            ("*.yaml", "b.c.yaml"),
            ("a*c*.yaml", "abcbc.yaml"),
            ("?.yaml", "\u{e9}.yaml"),
            (".*.yaml", ".a.yaml"),
            ("*", "x"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.yaml", "a.yml"),
            ("*.yaml", ".a.yaml"),
            ("*.yaml", "a.yaml~"),
            ("?.yaml", ".yaml"),
            ("?.yaml", "ab.yaml"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
        // Many stars are no reason to try every split.
        assert!(!fits(&"*a".repeat(100), &"a".repeat(99)));
    }
}
