//! Reading matchers: lists and operator maps. Single values are read in [`super::scalar`].

use gonogo_model::Value;

use super::display;
use super::part::{Part, Selector};
use super::path::Path;
use super::rule::{Literal, Rule, Spelling};
use super::shape::{Operator, Shape};
use crate::decl::FactType;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::field::to_json;
use crate::node::{Entry, Node, NodeValue, Span};
use crate::unit;

/// Reads matchers; mistakes are collected.
pub(super) struct Reader<'d> {
    pub(super) diagnostics: &'d mut Diagnostics,
    /// How many bytes the patterns take that were read.
    pub(super) patterns: usize,
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
            NodeValue::Map(entries) => {
                let rule = self.map(node, entries, shape)?;
                return self.satisfiable(node, rule, shape);
            }
        };
        self.satisfiable(node, sole(rule, shape), shape)
    }

    /// Refuses a rule that holds for nothing.
    fn satisfiable(&mut self, node: &Node, rule: Rule, shape: Shape) -> Option<Rule> {
        if !rule.never_holds(shape) {
            return Some(rule);
        }
        let hint = match (&rule, shape) {
            (Rule::Every(_), _) => "its parts contradict each other: keep what is meant",
            (_, Shape::Typed(FactType::Ratio)) => "a ratio is at least 0% and at most 100%",
            (_, Shape::Typed(FactType::Size)) => "a size is at least 0B",
            (Rule::Length(_), _) => "a length is a whole number, at least 0",
            _ => "no value is so: write what one can be",
        };
        self.mistake(
            "config/never_holds",
            node.span,
            format!("`{rule}` never holds"),
            hint,
        )
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

    pub(super) fn one_of(
        &mut self,
        items: &[Node],
        shape: Shape,
        spelling: Spelling,
    ) -> Option<Rule> {
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
    pub(super) fn alternative(&mut self, node: &Node, shape: Shape) -> Option<Rule> {
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
    pub(super) fn literal(&mut self, node: &Node, shape: Shape) -> Option<Literal> {
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
                let secret = items.iter().any(|l| l.secret);
                let value = Value::List(items.into_iter().map(|l| l.value).collect());
                Some(Literal {
                    value,
                    shown,
                    secret,
                })
            }
            (NodeValue::Map(entries), Shape::Map(item)) => {
                let mut values = Vec::new();
                let mut shown = Vec::new();
                let mut secret = false;
                for entry in entries {
                    let literal = self.literal(&entry.value, Shape::of(*item))?;
                    let name = &entry.key.value;
                    shown.push(format!("{}: {}", display::key(name), literal.shown));
                    values.push((name.clone(), literal.value));
                    secret |= literal.secret;
                }
                Some(Literal {
                    value: Value::Map(values),
                    shown: format!("{{ {} }}", shown.join(", ")),
                    secret,
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
            secret: has_secret(node),
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
                None => self
                    .part((entry, entries), shape)
                    .map(|part| parts.push(part)),
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

    fn part(&mut self, (entry, entries): (&Entry, &[Entry]), shape: Shape) -> Option<Part> {
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
            | Shape::HeaderValues => return self.unknown_key((entry, entries), shape),
        };
        let rule = self.rule(&entry.value, shape.item())?;
        Some(Part { selector, rule })
    }
}

/// Wants exactly one where there may be several.
pub(super) fn sole(rule: Rule, shape: Shape) -> Rule {
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
