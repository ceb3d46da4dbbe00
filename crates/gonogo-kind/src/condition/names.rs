//! Resolving names: facts, variables, members, functions and macros.

use std::ops::Range;
use std::sync::Arc;

use super::check::{Checked, Checker};
use super::code::{Each, Macro, Op};
use super::functions::{Function, Style};
use super::mistake::{BAD, Mistake, TYPE};
use super::scope::{Facts, Named};
use super::syntax::{Expr, ExprKind, Word};
use super::ty::Type;
use crate::pattern::Pattern;
use crate::suggest::closest;
use crate::unit::show;

impl Checker<'_> {
    /// A name by itself: of a macro, a fact, or a variable.
    pub(super) fn name(&mut self, name: &str, at: &Range<usize>) -> Option<Checked> {
        if let Some(place) = self.locals.iter().rposition(|(known, _)| known == name) {
            let ty = self.locals.get(place).map(|(_, ty)| ty.clone())?;
            return Some(Checked::new(Op::Local(place), ty, at));
        }
        if let Some(fact) = self.fact(name, at) {
            return Some(fact);
        }
        if !self.scope.facts.are_there() || name == "each" {
            match self.scope.variables.look_up(name) {
                Named::Unknown => {}
                named => return self.variable(name, named, at),
            }
        }
        self.unknown(name, at)
    }

    fn fact(&mut self, name: &str, at: &Range<usize>) -> Option<Checked> {
        let (fact, ty) = self.scope.facts.get(name)?;
        let known = self.reads.iter().position(|read| read.name == name);
        let place = known.unwrap_or_else(|| {
            self.reads.push(fact);
            self.reads.len() - 1
        });
        Some(Checked::new(Op::Fact(place), ty, at))
    }

    fn variable(&mut self, name: &str, named: Named, at: &Range<usize>) -> Option<Checked> {
        let text = match named {
            Named::Text(text) => Some(Arc::from(text)),
            Named::Nothing | Named::Open => None,
            Named::Secret => {
                let message = format!("`{name}` is a secret, and a condition cannot read it");
                return self.mistake(
                    Mistake::new(BAD, message, at.clone())
                        .hint("What a condition decides is shown: name a variable instead."),
                );
            }
            Named::Unknown => return self.unknown_variable(name, at),
        };
        self.reads_variable = true;
        Some(Checked::new(Op::Variable(text), Type::Text, at))
    }

    fn unknown_variable(&mut self, name: &str, at: &Range<usize>) -> Option<Checked> {
        let message = format!("nothing declares `{name}`");
        let names = self.scope.variables.names();
        let hint = match closest(name, names.iter().map(String::as_str)) {
            Some(near) => format!("Did you mean `{near}`?"),
            None if name == "each" => {
                "`each` is the name of an instance: the check has no `each`.".to_owned()
            }
            None if names.is_empty() => format!(
                "Declare it: `vars: {{ {name}: {{ env: {} }} }}`.",
                name.to_uppercase()
            ),
            None => format!("There are {}.", few(names.iter().map(String::as_str))),
        };
        self.mistake(Mistake::new("config/unknown_variable", message, at.clone()).hint(hint))
    }

    /// Says that a name is neither this nor that.
    fn unknown(&mut self, name: &str, at: &Range<usize>) -> Option<Checked> {
        let shown = show::text(name);
        let (message, facts) = match self.scope.facts {
            Facts::None => {
                return match name {
                    "vars" => self.mistake(
                        Mistake::new(BAD, "`vars` by itself is nothing", at.clone())
                            .hint("Name one of them: `vars.host`."),
                    ),
                    "now" => self.no_clock(at),
                    _ => self.unknown_variable(name, at),
                };
            }
            Facts::Of(kind) => (
                format!("`{}` has no fact `{shown}`", kind.name),
                self.scope.facts.names(),
            ),
            Facts::OfAny(_) => (
                format!("no kind has a fact `{shown}`"),
                self.scope.facts.names(),
            ),
        };
        let part = facts.clone().find(|fact| {
            fact.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.'))
        });
        let hint = match name {
            "now" => return self.no_clock(at),
            "vars" => "Name one of them: `vars.host`.".to_owned(),
            "each" => "`each` is the name of an instance: the check has no `each`.".to_owned(),
            _ => match self.scope.variables.look_up(name) {
                Named::Secret => return self.variable(name, Named::Secret, at),
                Named::Text(_) | Named::Nothing => {
                    format!("`{name}` is a variable: write `vars.{name}`.")
                }
                Named::Unknown | Named::Open => match (closest(name, facts.clone()), part) {
                    (Some(near), _) => format!("Did you mean `{near}`?"),
                    (None, Some(part)) => format!("Its parts are named in full: `{part}`."),
                    (None, None) => self.no_fact(name, facts),
                },
            },
        };
        self.mistake(Mistake::new("config/unknown_fact", message, at.clone()).hint(hint))
    }

    /// Says what a name is that is no fact, nor like one.
    fn no_fact(&self, name: &str, facts: impl Iterator<Item = &'static str>) -> String {
        let kind = match self.scope.facts {
            Facts::Of(kind) => Some(kind),
            Facts::None | Facts::OfAny(_) => None,
        };
        match kind {
            Some(kind) if kind.field(name).is_some() => format!(
                "`{name}` is a key of `{}`, and no fact; its facts are {}.",
                kind.name,
                few(facts)
            ),
            _ if Function::of(name).is_some() => format!("`{name}` is a function: `{name}(...)`."),
            Some(kind) => format!("The facts of `{}` are {}.", kind.name, few(facts)),
            None => "See `gonogo explain KIND` for the facts of a kind.".to_owned(),
        }
    }

    fn no_clock(&mut self, at: &Range<usize>) -> Option<Checked> {
        self.mistake(
            Mistake::new(BAD, "a condition has no clock: there is no `now`", at.clone()).hint(
                "What a probe sees of time is a fact: `expires_in > days(30)`, or `max_age` for how old the evidence may be.",
            ),
        )
    }

    /// `a.b`: a fact with a dot in its name, a variable, or a member of a value.
    pub(super) fn member(&mut self, expr: &Expr, whole: &Expr, name: &Word) -> Option<Checked> {
        if let Some((root, dotted)) = dotted(expr)
            && !self.locals.iter().any(|(local, _)| local == root)
        {
            if let Some(fact) = self.fact(&dotted, &expr.at) {
                return Some(fact);
            }
            let facts = self.scope.facts;
            let is_fact = dotted
                .match_indices('.')
                .any(|(end, _)| facts.have(&dotted[..end]));
            let has_other_vars = !matches!(
                self.scope.variables.look_up("vars"),
                Named::Unknown | Named::Open
            );
            if root == "vars" && !is_fact && !has_other_vars {
                if let ExprKind::Name(_) = whole.kind {
                    let named = self.scope.variables.look_up(&name.text);
                    return self.variable(&name.text, named, &expr.at);
                }
            } else if !is_fact && facts.are_there() {
                let is_each = root == "each";
                if !is_each {
                    let first = &expr.at.start;
                    let root_at = *first..first + root.len();
                    let is_part = facts
                        .names()
                        .any(|fact| fact.starts_with(&format!("{root}.")));
                    return if is_part {
                        self.unknown(&dotted, &expr.at)
                    } else {
                        self.unknown(root, &root_at)
                    };
                }
            }
        }
        let whole = self.check(whole)?;
        let ty = match &whole.ty {
            Type::Dynamic => Type::Dynamic,
            Type::Map(value) => (**value).clone(),
            Type::Headers => Type::Text,
            other => {
                let said = self.said(&whole.code.at);
                let message = format!("`{said}` is {}, which has no members", other.describe());
                let is_list = matches!(other, Type::List(_));
                let mistake = Mistake::new(TYPE, message, name.at.clone());
                return self.mistake(if is_list {
                    mistake.hint(format!("Name one of the list, `{said}[0]`, or say it of all: `{said}.all(one, one.{})`.", name.text))
                } else if Function::of(&name.text).is_some_and(|f| f.style() != Style::Global) {
                    mistake.hint(format!("A function is called: `{said}.{}(...)`.", name.text))
                } else {
                    mistake
                });
            }
        };
        let op = Op::Member(Box::new(whole.code), name.text.clone());
        Some(Checked::new(op, ty, &expr.at))
    }

    /// A function, a macro, or `has`.
    pub(super) fn call(
        &mut self,
        target: Option<&Expr>,
        name: &Word,
        arguments: &[Expr],
        at: &Range<usize>,
    ) -> Option<Checked> {
        if name.text == "has" && target.is_none() {
            return self.has(arguments, at);
        }
        if let (Some(each), Some(range)) = (Macro::of(&name.text), target) {
            return self.each(each, range, name, arguments, at);
        }
        // The values are looked at whatever the function is, so that all mistakes are found.
        let values = target.into_iter().chain(arguments);
        let values: Vec<Option<Checked>> = values.map(|value| self.check(value)).collect();
        let Some(function) = Function::of(&name.text) else {
            return self.unknown_function(name, target.is_some());
        };
        let values = values.into_iter().collect::<Option<Vec<Checked>>>()?;
        let style = function.style();
        let is_method = target.is_some();
        if values.len() != function.arity()
            || is_method && style == Style::Global
            || !is_method && style == Style::Method
        {
            return self.wrong_call(function, &name.at);
        }
        for (place, value) in values.iter().enumerate() {
            if !function.accepts(place, &value.ty) {
                let message = format!(
                    "`{}` takes {}, and `{}` is {}",
                    function.name(),
                    function.takes(),
                    self.said(&value.code.at),
                    value.ty.describe()
                );
                return self.mistake(Mistake::new(TYPE, message, value.code.at.clone()));
            }
        }
        if function == Function::Matches {
            return self.matches(values, at);
        }
        let is_literal = values.iter().all(|value| value.is_literal);
        let codes = values.into_iter().map(|value| value.code).collect();
        self.fold(Checked {
            is_literal,
            ..Checked::new(Op::Call(function, codes), function.gives(), at)
        })
    }

    fn matches(&mut self, mut values: Vec<Checked>, at: &Range<usize>) -> Option<Checked> {
        let (pattern, text) = (values.pop()?, values.pop()?);
        let variable = match &pattern.code.op {
            Op::Variable(text) => text.as_deref(),
            _ => None,
        };
        let pattern_at = pattern.code.at.clone();
        let is_valueless = matches!(pattern.code.op, Op::Variable(None));
        let Some(written) = pattern.literal_text().or(variable) else {
            if is_valueless {
                // What it would match is not known here, as nothing of a variable without a value is.
                return Some(Checked::new(Op::Variable(None), Type::Boolean, at));
            }
            return self.mistake(
                Mistake::new(
                    TYPE,
                    "a pattern is written out, so that it can be checked",
                    pattern.code.at,
                )
                .hint("For example `body.matches(r'\\bready\\b')`."),
            );
        };
        if self.patterns > Pattern::MOST {
            // It was told, and none is compiled any more.
            return None;
        }
        match Pattern::read(written) {
            Ok(pattern) => {
                self.patterns += pattern.size();
                if self.patterns > Pattern::MOST {
                    let message = "the patterns of one condition take more than 4 MiB";
                    return self.mistake(
                        Mistake::new("config/too_large", message, pattern_at)
                            .hint("Shorten them, or put some of them into another condition."),
                    );
                }
                let op = Op::Matches(Box::new(text.code), pattern);
                Some(Checked::new(op, Type::Boolean, at))
            }
            Err(why) => {
                let message = format!("`{}` is not a pattern: {why}", show::text(written));
                self.mistake(Mistake::new("config/bad_regex", message, pattern.code.at).hint(
                    "Patterns are those of the Rust regex crate, without look-around and back-references; as a raw text, `r'\\d+'`, they need no second backslash.",
                ))
            }
        }
    }

    /// `has(a.b)`: whether a member is there.
    fn has(&mut self, arguments: &[Expr], at: &Range<usize>) -> Option<Checked> {
        let wrong = Mistake::new(BAD, "`has` takes one member", at.clone())
            .hint("For example `has(json.db)`. Whether a fact itself is there is asked by `expect`: `{ absent: true }`.");
        let [argument] = arguments else {
            return self.mistake(wrong);
        };
        let checked = self.check(argument)?;
        let op = match checked.code.op {
            Op::Member(whole, name) => Op::Has(whole, name),
            Op::Index(parts) => {
                let [whole, index] = *parts;
                match index.op {
                    Op::Constant(super::value::Val::Text(name)) => {
                        Op::Has(Box::new(whole), (*name).to_owned())
                    }
                    _ => return self.mistake(wrong),
                }
            }
            _ => return self.mistake(wrong),
        };
        Some(Checked::new(op, Type::Boolean, at))
    }

    /// `list.all(one, condition)` and its like.
    fn each(
        &mut self,
        each: Macro,
        range: &Expr,
        name: &Word,
        arguments: &[Expr],
        at: &Range<usize>,
    ) -> Option<Checked> {
        let range = self.check(range)?;
        let usage = || {
            let body = if each == Macro::Map {
                "one.name"
            } else {
                "one.ready"
            };
            let message = format!("`{}` takes a name and what is said of it", each.name());
            Mistake::new(BAD, message, name.at.clone()).hint(format!(
                "For example `json.items.{}(one, {body})`.",
                each.name()
            ))
        };
        let (local, test, made) = match (each, arguments) {
            (Macro::Map, [local, made]) => (local, None, Some(made)),
            (Macro::Map, [local, test, made]) => (local, Some(test), Some(made)),
            (Macro::Map, _) => return self.mistake(usage()),
            (_, [local, test]) => (local, Some(test), None),
            _ => return self.mistake(usage()),
        };
        let ExprKind::Name(local_name) = &local.kind else {
            return self.mistake(usage());
        };
        let item = match &range.ty {
            Type::Dynamic => Type::Dynamic,
            Type::List(item) => (**item).clone(),
            Type::Headers => Type::Text,
            Type::Map(_) => Type::Dynamic,
            other => {
                let message = format!(
                    "`{}` goes over a list or a map, and `{}` is {}",
                    each.name(),
                    self.said(&range.code.at),
                    other.describe()
                );
                return self.mistake(Mistake::new(TYPE, message, range.code.at.clone()));
            }
        };
        let is_taken = self.locals.iter().any(|(known, _)| known == local_name)
            || self.scope.facts.have(local_name)
            || !self.scope.facts.are_there()
                && !matches!(
                    self.scope.variables.look_up(local_name),
                    Named::Unknown | Named::Open
                );
        if is_taken {
            let message = format!("`{local_name}` has a meaning already");
            return self.mistake(
                Mistake::new("config/shadowed_name", message, local.at.clone())
                    .hint("Give the parts of the list another name."),
            );
        }
        self.locals.push((local_name.clone(), item.clone()));
        let test = test.map(|test| self.boolean(test, each.name()));
        let made = made.map(|made| self.check(made));
        self.locals.pop();
        let test = match test {
            Some(None) => return None,
            Some(Some(test)) => Some(test.code),
            None => None,
        };
        let made = match made {
            Some(None) => return None,
            Some(Some(made)) => Some(made),
            None => None,
        };
        let ty = match (each, &made) {
            (Macro::All | Macro::Exists | Macro::ExistsOne, _) => Type::Boolean,
            (Macro::Map, Some(made)) => Type::List(Box::new(made.ty.clone())),
            (Macro::Filter | Macro::Map, _) => match range.ty {
                Type::List(_) | Type::Dynamic => Type::List(Box::new(item)),
                _ => Type::List(Box::new(Type::Dynamic)),
            },
        };
        let parts = Each {
            range: range.code,
            test,
            made: made.map(|made| made.code),
        };
        Some(Checked::new(Op::Each(each, Box::new(parts)), ty, at))
    }

    fn wrong_call(&mut self, function: Function, at: &Range<usize>) -> Option<Checked> {
        let name = function.name();
        let example = match (function.style(), function.arity()) {
            (Style::Global, _) => format!("`{name}(...)`, with one value"),
            (Style::Method, 2) => format!("`x.{name}(\"...\")`"),
            (_, 2) => format!("`x.{name}(\"...\")` or `{name}(x, \"...\")`"),
            _ => format!("`{name}(x)` or `x.{name}()`"),
        };
        let message = format!("`{name}` is not called like this");
        self.mistake(
            Mistake::new(BAD, message, at.clone()).hint(format!("It is written {example}.")),
        )
    }

    fn unknown_function(&mut self, name: &Word, is_method: bool) -> Option<Checked> {
        let meant = match name.text.as_str() {
            "len" | "length" | "count" => Some("size"),
            "includes" | "include" => Some("contains"),
            "starts_with" => Some("startsWith"),
            "ends_with" => Some("endsWith"),
            "regex" | "match" => Some("matches"),
            "any" | "some" if is_method => Some("exists"),
            "every" | "each" if is_method => Some("all"),
            "float" | "number" => Some("double"),
            "text" | "str" => Some("string"),
            "time" | "date" => Some("timestamp"),
            "now" => return self.no_clock(&name.at),
            _ => None,
        };
        if let (Some(each), false) = (Macro::of(&name.text), is_method) {
            let message = format!("`{}` is not called like this", each.name());
            return self.mistake(Mistake::new(BAD, message, name.at.clone()).hint(format!(
                "It is written behind the list: `json.items.{}(one, one.ready)`.",
                each.name()
            )));
        }
        let macros = Macro::ALL.iter().map(|each| each.name()).chain(["has"]);
        let names = Function::names();
        let hint = match meant.or_else(|| closest(&name.text, names.clone().chain(macros))) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!(
                "There are {}.",
                few(names.chain(Macro::ALL.iter().map(|each| each.name())))
            ),
        };
        let message = format!("there is no function `{}`", show::text(&name.text));
        self.mistake(Mistake::new(BAD, message, name.at.clone()).hint(hint))
    }
}

/// Returns the first name of `a.b.c`, and all of it.
fn dotted(expr: &Expr) -> Option<(&str, String)> {
    let mut names = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Member(whole, name) => {
                names.push(name.text.as_str());
                at = whole;
            }
            ExprKind::Name(root) => {
                names.push(root);
                names.reverse();
                return Some((root, names.join(".")));
            }
            _ => return None,
        }
    }
}

fn few<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<&str> = words.into_iter().take(60).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}
