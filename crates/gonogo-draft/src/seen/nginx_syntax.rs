//! The syntax of nginx: directives, blocks, quotes and comments.

/// A directive, and what stands in its braces.
#[derive(Debug, Default)]
pub(super) struct Directive {
    pub(super) line: usize,
    pub(super) words: Vec<String>,
    pub(super) inside: Vec<Self>,
}

impl Directive {
    pub(super) fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Returns the words behind the name.
    pub(super) fn arguments(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Returns the directives of a name inside this one.
    pub(super) fn all<'d>(&'d self, name: &'d str) -> impl Iterator<Item = &'d Self> {
        self.inside.iter().filter(move |d| d.name() == name)
    }
}

/// Reads a text.
///
/// # Errors
///
/// Where it is no configuration of nginx.
pub(super) fn read(text: &str) -> Result<Vec<Directive>, String> {
    let mut open = vec![Directive::default()];
    let mut current = Directive::default();
    for (line, token) in tokens(text)? {
        match token {
            Token::Word(word) => {
                if current.words.is_empty() {
                    current.line = line;
                }
                current.words.push(word);
            }
            Token::End => finish(std::mem::take(&mut current), &mut open),
            Token::Open => {
                if open.len() > MAX_DEPTH {
                    return Err(format!("line {line} is nested too deep"));
                }
                open.push(std::mem::take(&mut current));
            }
            Token::Close => {
                let block = open.pop().filter(|_| !open.is_empty());
                let Some(block) = block.filter(|_| current.words.is_empty()) else {
                    return Err(format!("line {line} closes what is not open"));
                };
                finish(block, &mut open);
            }
        }
    }
    match (open.pop(), open.is_empty() && current.words.is_empty()) {
        (Some(whole), true) => Ok(whole.inside),
        _ => Err("its end is missing".to_owned()),
    }
}

fn finish(directive: Directive, open: &mut [Directive]) {
    if let (Some(block), false) = (open.last_mut(), directive.words.is_empty()) {
        block.inside.push(directive);
    }
}

enum Token {
    Word(String),
    End,
    Open,
    Close,
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, String> {
    let (mut tokens, mut line) = (Vec::new(), 1_usize);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let token = match c {
            '\n' => {
                line += 1;
                continue;
            }
            c if c.is_whitespace() => continue,
            '#' => {
                while chars.peek().is_some_and(|c| *c != '\n') {
                    chars.next();
                }
                continue;
            }
            ';' => Token::End,
            '{' => Token::Open,
            '}' => Token::Close,
            quote @ ('"' | '\'') => {
                let (mut word, begun, mut is_closed) = (String::new(), line, false);
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => word.extend(chars.next()),
                        c if c == quote => {
                            is_closed = true;
                            break;
                        }
                        c => {
                            line += usize::from(c == '\n');
                            word.push(c);
                        }
                    }
                }
                if !is_closed {
                    return Err(format!("line {begun} opens a quote that nothing closes"));
                }
                Token::Word(word)
            }
            first => {
                let mut word = String::from(first);
                // `${name}` is part of a word; any other brace is none.
                let mut in_variable = false;
                while let Some(c) = chars.peek().copied() {
                    let opens = c == '{' && word.ends_with('$');
                    if !in_variable && !opens && (c.is_whitespace() || ";{}".contains(c)) {
                        break;
                    }
                    if c == '\n' {
                        break;
                    }
                    in_variable = (in_variable || opens) && c != '}';
                    word.push(c);
                    chars.next();
                }
                Token::Word(word)
            }
        };
        tokens.push((line, token));
    }
    Ok(tokens)
}

const MAX_DEPTH: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_quotes_and_comments_are_read() {
        let text = "a 1; # b\nserver {\n  listen 443 ssl;\n  add_header x \"a;b\\\"\";\n  location ~ ^/x { return 200 ${y}z; }\n}\n";
        let read = read(text).unwrap();
        let server = &read[1];
        assert_eq!(server.line, 2);
        assert_eq!(server.inside[0].words, ["listen", "443", "ssl"]);
        assert_eq!(server.inside[1].arguments(), ["x", "a;b\""]);
        assert_eq!(server.inside[2].inside[0].words, ["return", "200", "${y}z"]);
    }

    #[test]
    fn what_is_broken_is_told() {
        for text in ["a {", "}", "a \"b", "a } b;", "x", &"a {".repeat(100_000)] {
            assert!(read(text).is_err(), "{}", &text[..text.len().min(20)]);
        }
    }
}
