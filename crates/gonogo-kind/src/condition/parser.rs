//! From tokens to a tree, by the grammar of CEL.
//!
//! The parser calls itself once for each level of nesting and not deeper than [`MAX_DEPTH`]; chains of
//! operators are built by loops, and the depth of what they make is held to the same limit.

use std::ops::Range;

use super::lexer::{Token, TokenKind, tokens};
use super::mistake::{BAD, Mistake};
use super::syntax::{Binary, Expr, ExprKind, RELATION, Word};
use crate::unit::show;

/// Reads the text of a condition.
pub(super) fn parse(text: &str) -> Result<Expr, Mistake> {
    if text.len() > MAX_TEXT {
        let message = format!("the condition has more than {} KiB", MAX_TEXT >> 10);
        return Err(Mistake::new(BAD, message, 0..0).hint("Write several conditions."));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser {
        text,
        tokens: &tokens,
        at: 0,
        depth: 0,
    };
    if parser.peek().kind == TokenKind::End {
        return Err(Mistake::new(BAD, "the condition is empty", 0..text.len())
            .hint("For example `status == 200 && duration < duration(\"500ms\")`."));
    }
    let whole = parser.expression()?;
    match parser.peek().kind {
        TokenKind::End => Ok(whole),
        _ => Err(parser.unexpected("an operator")),
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &'t Token {
        // The last token is the end, and nothing goes beyond it.
        let last = self.tokens.len().saturating_sub(1);
        &self.tokens[self.at.min(last)]
    }

    fn next(&mut self) -> &'t Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn word(&self, token: &Token) -> &'t str {
        self.text.get(token.at.clone()).unwrap_or_default()
    }

    fn takes(&mut self, sign: &str) -> bool {
        let taken = self.is_sign(sign);
        self.at += usize::from(taken);
        taken
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek().kind, TokenKind::Sign(found) if found == sign)
    }

    fn wants(&mut self, sign: &str, what: &str) -> Result<Range<usize>, Mistake> {
        if self.is_sign(sign) {
            return Ok(self.next().at.clone());
        }
        Err(self.unexpected(what))
    }

    fn node(&self, kind: ExprKind, at: Range<usize>) -> Result<Expr, Mistake> {
        let depth = kind.depth_below() + 1;
        if depth > MAX_DEPTH {
            return Err(too_deep(at));
        }
        Ok(Expr { kind, at, depth })
    }

    /// `a ? b : c`, and everything that binds more tightly.
    fn expression(&mut self) -> Result<Expr, Mistake> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(too_deep(self.peek().at.clone()));
        }
        let condition = self.any_of()?;
        let whole = if self.takes("?") {
            let yes = self.any_of()?;
            self.wants(":", "`:` and what holds otherwise")?;
            let no = self.expression()?;
            let at = condition.at.start..no.at.end;
            self.node(ExprKind::Choose(Box::new([condition, yes, no])), at)?
        } else {
            condition
        };
        self.depth -= 1;
        Ok(whole)
    }

    fn any_of(&mut self) -> Result<Expr, Mistake> {
        let mut parts = vec![self.all_of()?];
        while self.takes("||") {
            parts.push(self.all_of()?);
        }
        self.joined(parts, ExprKind::Or)
    }

    fn all_of(&mut self) -> Result<Expr, Mistake> {
        let mut parts = vec![self.binary(RELATION)?];
        while self.takes("&&") {
            parts.push(self.binary(RELATION)?);
        }
        self.joined(parts, ExprKind::And)
    }

    fn joined(
        &self,
        mut parts: Vec<Expr>,
        join: fn(Vec<Expr>) -> ExprKind,
    ) -> Result<Expr, Mistake> {
        match parts.pop() {
            Some(only) if parts.is_empty() => Ok(only),
            Some(last) => {
                let start = parts.first().map_or(last.at.start, |e| e.at.start);
                let at = start..last.at.end;
                parts.push(last);
                self.node(join(parts), at)
            }
            None => Err(self.unexpected("a value")),
        }
    }

    /// Operators between two operands, by how tightly they bind.
    fn binary(&mut self, least: u8) -> Result<Expr, Mistake> {
        let mut left = self.unary()?;
        while let Some((operator, binds)) = self.operator(least) {
            self.at += 1;
            let right = self.binary(binds + 1)?;
            let at = left.at.start..right.at.end;
            left = self.node(ExprKind::Binary(operator, Box::new([left, right])), at)?;
        }
        Ok(left)
    }

    fn operator(&self, least: u8) -> Option<(Binary, u8)> {
        let token = self.peek();
        let written = match token.kind {
            TokenKind::Sign(sign) => sign,
            TokenKind::Word if self.word(token) == "in" => "in",
            _ => return None,
        };
        let found = Binary::ALL.iter().find(|(op, _)| op.sign() == written);
        found.copied().filter(|(_, binds)| *binds >= least)
    }

    fn unary(&mut self) -> Result<Expr, Mistake> {
        let mut signs: Vec<(&'static str, usize)> = Vec::new();
        while let TokenKind::Sign(sign @ ("!" | "-")) = self.peek().kind {
            signs.push((sign, self.next().at.start));
            if signs.len() > MAX_DEPTH {
                return Err(too_deep(self.peek().at.clone()));
            }
        }
        let mut whole = self.member()?;
        for (sign, start) in signs.into_iter().rev() {
            let at = start..whole.at.end;
            let kind = match (sign, whole.kind) {
                ("-", ExprKind::Integer(number)) => ExprKind::Integer(number.negated()),
                ("-", ExprKind::Number(number)) => ExprKind::Number(number.negated()),
                ("-", kind) => ExprKind::Negate(Box::new(Expr { kind, ..whole })),
                (_, kind) => ExprKind::Not(Box::new(Expr { kind, ..whole })),
            };
            whole = self.node(kind, at)?;
        }
        Ok(whole)
    }

    /// A value, and the members, indexes and calls behind it.
    fn member(&mut self) -> Result<Expr, Mistake> {
        let mut whole = self.primary()?;
        loop {
            let start = whole.at.start;
            if self.takes(".") {
                let token = self.next();
                if token.kind != TokenKind::Word {
                    self.at -= 1;
                    return Err(self.unexpected("a name after `.`"));
                }
                let name = Word {
                    text: self.word(token).to_owned(),
                    at: token.at.clone(),
                };
                let (kind, end) = if self.takes("(") {
                    let (arguments, end) = self.list(")")?;
                    let target = Some(Box::new(whole));
                    (
                        ExprKind::Call {
                            target,
                            name,
                            arguments,
                        },
                        end,
                    )
                } else {
                    let end = name.at.end;
                    (ExprKind::Member(Box::new(whole), name), end)
                };
                whole = self.node(kind, start..end)?;
            } else if self.takes("[") {
                let index = self.expression()?;
                let end = self.wants("]", "`]`")?.end;
                whole = self.node(ExprKind::Index(Box::new([whole, index])), start..end)?;
            } else {
                return Ok(whole);
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, Mistake> {
        let token = self.next();
        let at = token.at.clone();
        let kind = match &token.kind {
            TokenKind::Integer(number) => ExprKind::Integer(number.clone()),
            TokenKind::Number(number) => ExprKind::Number(number.clone()),
            TokenKind::Text(text) => ExprKind::Text(text.clone()),
            TokenKind::Sign("(") => {
                let inner = self.expression()?;
                let end = self.wants(")", "`)`")?.end;
                return Ok(Expr {
                    at: at.start..end,
                    ..inner
                });
            }
            TokenKind::Sign("[") => {
                let (items, end) = self.list("]")?;
                return self.node(ExprKind::List(items), at.start..end);
            }
            TokenKind::Sign("{") => return self.map(at.start),
            // A leading dot means the outermost name, and there is no other.
            TokenKind::Sign(".") if self.peek().kind == TokenKind::Word => return self.primary(),
            TokenKind::Word => return self.name(token),
            TokenKind::Sign(_) | TokenKind::End => {
                self.at -= 1;
                return Err(self.unexpected("a value"));
            }
        };
        self.node(kind, at)
    }

    fn name(&mut self, token: &Token) -> Result<Expr, Mistake> {
        let text = self.word(token);
        let at = token.at.clone();
        let kind = match text {
            "true" => ExprKind::Boolean(true),
            "false" => ExprKind::Boolean(false),
            "null" => ExprKind::Null,
            "in" => {
                self.at -= 1;
                return Err(self.unexpected("a value"));
            }
            _ if self.takes("(") => {
                let name = Word {
                    text: text.to_owned(),
                    at: at.clone(),
                };
                let (arguments, end) = self.list(")")?;
                let kind = ExprKind::Call {
                    target: None,
                    name,
                    arguments,
                };
                return self.node(kind, at.start..end);
            }
            _ => ExprKind::Name(text.to_owned()),
        };
        self.node(kind, at)
    }

    /// Values up to a closing bracket; a comma may stand behind the last one.
    fn list(&mut self, close: &'static str) -> Result<(Vec<Expr>, usize), Mistake> {
        let mut items = Vec::new();
        loop {
            if self.is_sign(close) {
                return Ok((items, self.next().at.end));
            }
            items.push(self.expression()?);
            if !self.takes(",") && !self.is_sign(close) {
                return Err(self.unexpected(&format!("`,` or `{close}`")));
            }
        }
    }

    fn map(&mut self, start: usize) -> Result<Expr, Mistake> {
        let mut entries = Vec::new();
        loop {
            if self.is_sign("}") {
                let end = self.next().at.end;
                return self.node(ExprKind::Map(entries), start..end);
            }
            let key = self.expression()?;
            self.wants(":", "`:` and a value")?;
            entries.push((key, self.expression()?));
            if !self.takes(",") && !self.is_sign("}") {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
    }

    /// Says what stands where something else was wanted.
    fn unexpected(&self, wanted: &str) -> Mistake {
        let token = self.peek();
        let found = self.word(token);
        let message = match token.kind {
            TokenKind::End => format!("the condition ends where {wanted} is wanted"),
            _ => format!("`{}` stands where {wanted} is wanted", show::text(found)),
        };
        let at = match token.kind {
            // Nothing can be underlined behind the end.
            TokenKind::End => self
                .tokens
                .iter()
                .rev()
                .nth(1)
                .map_or(0..0, |t| t.at.clone()),
            _ => token.at.clone(),
        };
        let mistake = Mistake::new(BAD, message, at);
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        match (found, before.map(|token| self.word(token))) {
            ("and" | "AND", _) => mistake.hint("Both of two conditions are joined by `&&`."),
            ("or" | "OR", _) => mistake.hint("Either of two conditions is joined by `||`."),
            ("=", Some("=" | "!" | "<" | ">")) | ("=", _) => {
                mistake.hint("Two values are compared by `==`.")
            }
            (_, Some("not" | "NOT")) => mistake.hint("The opposite of a condition is written `!`."),
            ("matches" | "contains" | "startsWith" | "endsWith", Some(left)) => mistake.hint(
                format!("It is written behind a dot: `{left}.{found}(\"...\")`."),
            ),
            (_, Some("%")) => mistake.hint("A share is written `percent(80)`."),
            ("{", _) => mistake.hint("There are no messages with fields in a condition."),
            _ => mistake,
        }
    }
}

fn too_deep(at: Range<usize>) -> Mistake {
    let message = format!("the condition is nested more than {MAX_DEPTH} levels deep");
    Mistake::new(BAD, message, at).hint("Write several conditions.")
}

/// The deepest nesting, as that of a gate file.
const MAX_DEPTH: usize = 64;
/// The longest condition, in bytes.
const MAX_TEXT: usize = 16 << 10;
