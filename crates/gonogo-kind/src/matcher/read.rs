//! Reading matchers: lists and operator maps. Single values are read in [`super::scalar`].

use gonogo_model::Value;
use regex::RegexBuilder;

use super::display;
use super::part::{Part, Selector};
use super::path::Path;
use super::rule::{Case, Literal, Quantifier, Rule, Spelling, TextTest};
use super::shape::{Operator, Shape};
use crate::decl::FactType;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::field::to_json;
use crate::node::{Entry, Node, NodeValue, Span};
use crate::suggest::closest;
use crate::unit;

/// Reads matchers; mistakes are collected.
pub(super) struct Reader<'d> {
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl Reader<'_> {
    /// Reports a mistake.
    pub(super) fn mistake<T>(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Option<T> {
        self.diagnostics
            .push(Diagnostic::error(code, message, span).hint(hint));
        None
    }

    /// Reads a matcher for a shape.
    pub(super) fn rule(&mut self, node: &Node, shape: Shape) -> Option<Rule> {
        let rule = match &node.value {
            NodeValue::Scalar(scalar) => self.scalar(node.span, scalar, shape)?,
            NodeValue::List(items) => self.list(node, items, shape)?,
            NodeValue::Map(entries) => return self.map(node, entries, shape),
        };
        Some(sole(rule, shape))
    }

    /// Reads the parts of a matcher, one finding each.
    pub(super) fn parts(&mut self, node: &Node, shape: Shape) -> Option<Vec<Part>> {
        let whole = |rule| Part {
            selector: Selector::Whole,
            rule,
        };
        let rules = match self.rule(node, shape)? {
            Rule::Every(rules) => rules,
            rule => return Some(unfold(rule, whole)),
        };
        let (parts, rules): (Vec<Rule>, Vec<Rule>) = rules
            .into_iter()
            .partition(|rule| matches!(rule, Rule::Parts(_)));
        let mut list = vec![whole(Rule::Every(rules))];
        list.extend(parts.into_iter().flat_map(|rule| unfold(rule, whole)));
        Some(list)
    }

    fn list(&mut self, node: &Node, items: &[Node], shape: Shape) -> Option<Rule> {
        if items.is_empty() {
            let message = "an empty list asserts nothing";
            let hint = "for nothing in it write `{ length: 0 }`, for a JSON list that is empty `{ is: [] }`, or leave it out";
            return self.mistake("config/empty_list", node.span, message, hint);
        }
        match shape {
            Shape::Typed(_) => self.one_of(items, shape, Spelling::Short),
            Shape::List(item) => {
                let literals = self.literals(items, Shape::of(*item))?;
                Some(Rule::Exactly(literals))
            }
            Shape::HeaderValues => {
                let literals = self.literals(items, Shape::Typed(FactType::Text))?;
                Some(Rule::Exactly(literals))
            }
            Shape::Rows => {
                let rules: Vec<_> = items
                    .iter()
                    .map(|item| self.rule(item, Shape::Row))
                    .collect();
                Some(Rule::InOrder(rules.into_iter().collect::<Option<_>>()?))
            }
            Shape::Json | Shape::Nodes => {
                Some(Rule::Is(self.json_literal(node)?, Spelling::Short))
            }
            Shape::Map(_) | Shape::Headers | Shape::Row => self.mistake(
                "config/wrong_matcher",
                node.span,
                format!("a list cannot be compared with {}", shape.describe()),
                "name the parts: `{ NAME: MATCHER }`, or say which names are there: `{ has: [NAME] }`",
            ),
        }
    }

    fn one_of(&mut self, items: &[Node], shape: Shape, spelling: Spelling) -> Option<Rule> {
        let rules: Vec<_> = items
            .iter()
            .map(|item| self.alternative(item, shape))
            .collect();
        Some(Rule::OneOf(
            rules.into_iter().collect::<Option<_>>()?,
            spelling,
        ))
    }

    /// Reads a value or a range.
    fn alternative(&mut self, node: &Node, shape: Shape) -> Option<Rule> {
        if let NodeValue::Scalar(scalar) = &node.value {
            let rule = self.scalar(node.span, scalar, shape)?;
            return match rule {
                Rule::Is(..) | Rule::Between(..) => Some(rule),
                _ => self.mistake(
                    "config/wrong_matcher",
                    node.span,
                    format!(
                        "`{}` is a comparison, and a list has values",
                        scalar.shown()
                    ),
                    "write comparisons without a list; for the text itself `{ is: ... }`",
                ),
            };
        }
        if let Some(literal) = node.get("is")
            && !shape.is_json()
        {
            return Some(Rule::Is(self.literal(literal, shape)?, Spelling::Operator));
        }
        Some(Rule::Is(self.literal(node, shape)?, Spelling::Short))
    }

    fn literals(&mut self, items: &[Node], shape: Shape) -> Option<Vec<Literal>> {
        let literals: Vec<_> = items
            .iter()
            .map(|item| match self.alternative(item, shape)? {
                Rule::Is(literal, Spelling::Short) => Some(literal),
                Rule::Is(literal, Spelling::Operator) => Some(Literal {
                    shown: format!("{{ is: {} }}", literal.shown),
                    ..literal
                }),
                _ => self.mistake(
                    "config/wrong_matcher",
                    item.span,
                    "a list names exact values, not ranges",
                    "use `all`, `any` or `has` with the range",
                ),
            })
            .collect();
        literals.into_iter().collect()
    }

    /// Reads a value that is nothing but a value.
    fn literal(&mut self, node: &Node, shape: Shape) -> Option<Literal> {
        match (&node.value, shape) {
            (_, Shape::Json | Shape::Nodes | Shape::Rows | Shape::Row) => self.json_literal(node),
            (NodeValue::Scalar(scalar), Shape::Typed(ty)) => self.value(node.span, scalar, ty),
            (NodeValue::Scalar(_), Shape::HeaderValues) => {
                self.literal(node, Shape::Typed(FactType::Text))
            }
            (NodeValue::List(items), Shape::List(item)) => {
                let items: Vec<_> = items
                    .iter()
                    .map(|node| self.literal(node, Shape::of(*item)))
                    .collect();
                let items: Vec<Literal> = items.into_iter().collect::<Option<_>>()?;
                let shown: Vec<&str> = items.iter().map(|l| l.shown.as_str()).collect();
                let shown = format!("[{}]", shown.join(", "));
                let value = Value::List(items.into_iter().map(|l| l.value).collect());
                Some(Literal { value, shown })
            }
            (NodeValue::Map(entries), Shape::Map(item)) => {
                let mut values = Vec::new();
                let mut shown = Vec::new();
                for entry in entries {
                    let literal = self.literal(&entry.value, Shape::of(*item))?;
                    let name = &entry.key.value;
                    shown.push(format!("{}: {}", display::key(name), literal.shown));
                    values.push((name.clone(), literal.value));
                }
                Some(Literal {
                    value: Value::Map(values),
                    shown: format!("{{ {} }}", shown.join(", ")),
                })
            }
            _ => self.mistake(
                "config/wrong_matcher",
                node.span,
                format!("{} cannot be {}", shape.describe(), node.describe()),
                "`is` and `one_of` take values of the type of the fact",
            ),
        }
    }

    fn json_literal(&mut self, node: &Node) -> Option<Literal> {
        let shown = match &node.value {
            NodeValue::Scalar(scalar) if scalar.secret => display::scalar(scalar),
            _ if has_secret(node) => "[redacted]".to_owned(),
            _ => display::json(&to_json(node)),
        };
        self.check_json(node)?;
        Some(Literal {
            value: Value::Json(to_json(node)),
            shown,
        })
    }

    /// Refuses plain scalars in a JSON literal that would surprise.
    fn check_json(&mut self, node: &Node) -> Option<()> {
        match &node.value {
            NodeValue::Scalar(scalar) => self.check_json_number(node.span, scalar),
            NodeValue::List(items) => {
                let good: Vec<_> = items.iter().map(|item| self.check_json(item)).collect();
                good.into_iter().collect()
            }
            NodeValue::Map(entries) => {
                let good: Vec<_> = entries.iter().map(|e| self.check_json(&e.value)).collect();
                good.into_iter().collect()
            }
        }
    }

    fn map(&mut self, node: &Node, entries: &[Entry], shape: Shape) -> Option<Rule> {
        if entries.is_empty() {
            let hint = "write what must be so, such as `{ contains: ok }`, or leave it out";
            let message = "an empty map asserts nothing";
            return self.mistake("config/empty_matcher", node.span, message, hint);
        }
        let mut rules = Vec::new();
        let mut parts = Vec::new();
        let mut good = true;
        for entry in entries {
            let operator = Operator::find(&entry.key.value).filter(|_| shape != Shape::Row);
            let read = match operator {
                Some(operator) => self
                    .operator(operator, entry, shape)
                    .map(|rule| rules.push(rule)),
                None => self.part(entry, shape).map(|part| parts.push(part)),
            };
            good &= read.is_some();
        }
        if !good {
            return None;
        }
        if !parts.is_empty() {
            rules.push(sole(Rule::Parts(parts), shape));
        }
        Some(match rules.len() {
            1 => rules.remove(0),
            _ => Rule::Every(rules),
        })
    }

    fn part(&mut self, entry: &Entry, shape: Shape) -> Option<Part> {
        let name = &entry.key.value;
        let selector = match shape {
            Shape::Json | Shape::Nodes | Shape::Rows if name.starts_with('$') => {
                match Path::parse(name) {
                    Ok(path) => {
                        let inner = if path.is_singular() {
                            Shape::Json
                        } else {
                            Shape::Nodes
                        };
                        let rule = self.rule(&entry.value, inner)?;
                        return Some(Part {
                            selector: Selector::Path(path),
                            rule,
                        });
                    }
                    Err(why) => {
                        let message =
                            format!("`{}` is not a JSONPath: {why}", unit::show::text(name));
                        let hint = "a path is as in RFC 9535: `$.db.connected`, `$.items[0]`, `$['a-b']`, `$.items[*].state`";
                        return self.mistake("config/bad_jsonpath", entry.key.span, message, hint);
                    }
                }
            }
            Shape::Headers => Selector::Header(name.clone()),
            Shape::Map(_) | Shape::Row => Selector::Key(name.clone()),
            Shape::Json
            | Shape::Nodes
            | Shape::Rows
            | Shape::Typed(_)
            | Shape::List(_)
            | Shape::HeaderValues => return self.unknown_key(entry, shape),
        };
        let rule = self.rule(&entry.value, shape.item())?;
        Some(Part { selector, rule })
    }

    fn unknown_key<T>(&mut self, entry: &Entry, shape: Shape) -> Option<T> {
        let name = unit::show::text(&entry.key.value);
        let words = Operator::ALL.iter().map(|(word, _)| *word);
        let meant = match entry.key.value.as_str() {
            "equals" | "eq" | "equal" | "value" => Some("is"),
            "in" | "either" => Some("one_of"),
            "regex" | "match" | "regexp" | "pattern" | "like" => Some("matches"),
            "includes" | "include" => Some("contains"),
            "size" | "count" | "len" => Some("length"),
            "ne" | "neq" => Some("not"),
            other => closest(other, words.clone()),
        };
        let message = format!("unknown key `{name}` in a matcher");
        let hint = match (meant, entry.key.value.as_str()) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, "over" | "under" | "at least" | "at most" | "at_least" | "at_most" | "gt" | "lt" | "gte" | "lte" | "ge" | "le" | "min" | "max") => {
                "comparisons are written as text: `over 14d`, `under 80%`, `at least 3`, `at most 2GiB`".to_owned()
            }
            (None, _) if shape.is_json() || shape == Shape::Rows => {
                format!("a place in JSON is named by its path, `$.{name}`; a whole object is `{{ is: ... }}`")
            }
            (None, _) => format!("there are {}", words.collect::<Vec<_>>().join(", ")),
        };
        self.mistake("config/unknown_key", entry.key.span, message, hint)
    }

    fn operator(&mut self, operator: Operator, entry: &Entry, shape: Shape) -> Option<Rule> {
        let node = &entry.value;
        if !operator.applies_to(shape) {
            let message = format!(
                "`{}` says nothing about {}",
                entry.key.value,
                shape.describe()
            );
            return self.mistake(
                "config/wrong_matcher",
                entry.key.span,
                message,
                instead(shape),
            );
        }
        let rule = match operator {
            Operator::Not => {
                let rule = self.rule(node, shape)?;
                return Some(Rule::Not(Box::new(rule), Spelling::Operator));
            }
            Operator::Contains => self.text_test(TextTest::Contains, node),
            Operator::StartsWith => self.text_test(TextTest::StartsWith, node),
            Operator::EndsWith => self.text_test(TextTest::EndsWith, node),
            Operator::Matches => self.matches(node),
            Operator::Has => self.has(node, shape),
            Operator::Length => {
                let integer = Shape::Typed(FactType::Integer);
                Some(Rule::Length(Box::new(self.rule(node, integer)?)))
            }
            Operator::All => self.each(Quantifier::All, node, shape),
            Operator::Any => self.each(Quantifier::Any, node, shape),
            Operator::None => self.each(Quantifier::None, node, shape),
            Operator::OneOf => self.one_of_operator(node, shape),
            Operator::Is => Some(Rule::Is(self.literal(node, shape)?, Spelling::Operator)),
            Operator::Absent => self.absent(node),
        }?;
        Some(if operator.is_quantifier() {
            rule
        } else {
            sole(rule, shape)
        })
    }

    fn each(&mut self, quantifier: Quantifier, node: &Node, shape: Shape) -> Option<Rule> {
        let rule = self.rule(node, shape.item())?;
        Some(Rule::Each(quantifier, Box::new(rule)))
    }

    fn absent(&mut self, node: &Node) -> Option<Rule> {
        let text = node.as_scalar().map_or("", |scalar| scalar.text.as_str());
        match unit::boolean(text) {
            Ok(true) => Some(Rule::Absent),
            Ok(false) => Some(Rule::Present),
            Err(_) => self.mistake(
                "config/wrong_type",
                node.span,
                format!("`absent` wants true, not {}", node.describe()),
                "`absent: true` wants nothing to be there, `absent: false` something",
            ),
        }
    }

    fn one_of_operator(&mut self, node: &Node, shape: Shape) -> Option<Rule> {
        match &node.value {
            NodeValue::List(items) if !items.is_empty() => {
                let item = if shape.is_several() {
                    shape.item()
                } else {
                    shape
                };
                self.one_of(items, item, Spelling::Operator)
            }
            NodeValue::List(_) => self.mistake(
                "config/empty_list",
                node.span,
                "`one_of` nothing never holds",
                "name the values that are good",
            ),
            NodeValue::Scalar(_) | NodeValue::Map(_) => self.mistake(
                "config/wrong_type",
                node.span,
                format!("`one_of` wants a list, not {}", node.describe()),
                "for example `{ one_of: [a, b] }`",
            ),
        }
    }

    fn text_test(&mut self, test: TextTest, node: &Node) -> Option<Rule> {
        let literal = self.operand(test.word(), node)?;
        Some(Rule::Text(test, literal))
    }

    /// Reads the text of an operator that must not be empty, since every text has an empty one in it.
    fn operand(&mut self, word: &str, node: &Node) -> Option<Literal> {
        match node.as_scalar() {
            Some(scalar) if scalar.is_null() || scalar.text.is_empty() => self.mistake(
                "config/empty_matcher",
                node.span,
                format!("`{word}` without a text always holds"),
                "write the text; for a value that is there write `{ absent: false }`",
            ),
            Some(scalar) => Some(Literal {
                value: Value::text(&scalar.text),
                shown: display::scalar(scalar),
            }),
            None => self.mistake(
                "config/wrong_type",
                node.span,
                format!("`{word}` wants one text, not {}", node.describe()),
                "for several texts that must all be there use several checks, or a pattern with `matches`",
            ),
        }
    }

    fn matches(&mut self, node: &Node) -> Option<Rule> {
        let literal = self.operand("matches", node)?;
        let pattern = node.as_scalar().map_or("", |scalar| &scalar.text);
        let built = RegexBuilder::new(pattern)
            .size_limit(REGEX_SIZE)
            .dfa_size_limit(REGEX_SIZE)
            .nest_limit(REGEX_DEPTH)
            .build();
        match built {
            Ok(regex) => Some(Rule::Matches(regex, literal)),
            Err(error) => {
                let why = match error {
                    regex::Error::CompiledTooBig(_) => "it is too big".to_owned(),
                    other => last_line(&other.to_string()),
                };
                let shown = if node.as_scalar().is_some_and(|s| s.secret) {
                    "the pattern".to_owned()
                } else {
                    format!("`{}`", unit::show::text(pattern))
                };
                self.mistake(
                    "config/bad_regex",
                    node.span,
                    format!("{shown} is not a pattern: {why}"),
                    "patterns are those of the Rust regex crate, without look-around and back-references; put them in single quotes",
                )
            }
        }
    }

    fn has(&mut self, node: &Node, shape: Shape) -> Option<Rule> {
        let several = match &node.value {
            NodeValue::List(items) if items.is_empty() => {
                return self.mistake(
                    "config/empty_list",
                    node.span,
                    "`has` nothing always holds",
                    "name what must be in it",
                );
            }
            NodeValue::List(items) => items.as_slice(),
            NodeValue::Scalar(_) | NodeValue::Map(_) => std::slice::from_ref(node),
        };
        match shape {
            Shape::Map(_) | Shape::Headers | Shape::Row => {
                let case = if shape == Shape::Headers {
                    Case::Ignored
                } else {
                    Case::Matters
                };
                let names: Vec<_> = several
                    .iter()
                    .map(|node| self.operand("has", node))
                    .collect();
                Some(Rule::HasNames(
                    names.into_iter().collect::<Option<_>>()?,
                    case,
                ))
            }
            Shape::Json => {
                let literals: Vec<_> = several.iter().map(|node| self.has_literal(node)).collect();
                Some(Rule::HasEither(
                    literals.into_iter().collect::<Option<_>>()?,
                ))
            }
            Shape::List(_) | Shape::HeaderValues | Shape::Nodes | Shape::Rows | Shape::Typed(_) => {
                let rules: Vec<_> = several
                    .iter()
                    .map(|node| self.rule(node, shape.item()))
                    .collect();
                Some(Rule::HasItems(rules.into_iter().collect::<Option<_>>()?))
            }
        }
    }

    /// Reads what a JSON list or object must have; a comparison belongs to `any`.
    fn has_literal(&mut self, node: &Node) -> Option<Literal> {
        match self.alternative(node, Shape::Json)? {
            Rule::Is(literal, _) => Some(literal),
            _ => self.mistake(
                "config/wrong_matcher",
                node.span,
                "`has` names a value or a key",
                "for a comparison write `{ any: ... }`",
            ),
        }
    }
}

/// Wants exactly one where there may be several.
fn sole(rule: Rule, shape: Shape) -> Rule {
    match rule {
        rule @ Rule::Exactly(_) => rule,
        rule if shape.is_several() => Rule::Sole(Box::new(rule)),
        rule => rule,
    }
}

fn unfold(rule: Rule, whole: impl Fn(Rule) -> Part) -> Vec<Part> {
    match rule {
        Rule::Parts(parts) => parts,
        rule => vec![whole(rule)],
    }
}

fn has_secret(node: &Node) -> bool {
    match &node.value {
        NodeValue::Scalar(scalar) => scalar.secret,
        NodeValue::List(items) => items.iter().any(has_secret),
        NodeValue::Map(entries) => entries.iter().any(|e| has_secret(&e.value)),
    }
}

/// Says what can be compared with a shape.
fn instead(shape: Shape) -> String {
    match shape {
        Shape::Typed(FactType::Choice(choices)) => {
            let words: Vec<&str> = choices.iter().map(|c| c.word).collect();
            format!("it is one of {}", words.join(", "))
        }
        Shape::Typed(FactType::Boolean) => "it is `true` or `false`".to_owned(),
        shape if shape.has_order() => {
            "write a value, a comparison such as `over 5`, or a range such as `5..9`, with the unit of the fact".to_owned()
        }
        Shape::List(_) | Shape::HeaderValues | Shape::Rows => {
            "say of which parts: `{ any: { contains: x } }`, `{ all: ... }`, `{ none: ... }`, `{ has: x }`, `{ length: 2 }`".to_owned()
        }
        Shape::Map(_) | Shape::Headers | Shape::Row => "name the part: `{ NAME: MATCHER }`".to_owned(),
        Shape::Typed(_) => "write a text, or `{ contains: x }`, `{ matches: x }`".to_owned(),
        Shape::Json | Shape::Nodes => "name the place: `{ $.path: MATCHER }`".to_owned(),
    }
}

/// Returns the reason from the report of the pattern parser, which draws a picture above it.
fn last_line(report: &str) -> String {
    let line = report.lines().last().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

const REGEX_SIZE: usize = 1 << 20;
const REGEX_DEPTH: u32 = 64;
