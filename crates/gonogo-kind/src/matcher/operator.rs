//! Reading matchers: the operators of a map.

use gonogo_model::Value;

use super::display;
use super::read::{Reader, sole};
use super::rule::{Case, Literal, Quantifier, Rule, Spelling, TextTest};
use super::shape::{Operator, Shape};
use crate::decl::FactType;
use crate::diagnostic::Diagnostic;
use crate::node::{Entry, Node, NodeValue};
use crate::pattern::Pattern;
use crate::suggest::closest;
use crate::unit;

impl Reader<'_> {
    /// Reads one entry of an operator map.
    pub(super) fn operator(
        &mut self,
        operator: Operator,
        entry: &Entry,
        shape: Shape,
    ) -> Option<Rule> {
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
                secret: scalar.secret,
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
        if pattern.len() > Pattern::LONGEST {
            return self.mistake(
                "config/bad_regex",
                node.span,
                format!("the pattern is longer than {} bytes", Pattern::LONGEST),
                "ask for the parts of it one by one",
            );
        }
        if self.patterns > Pattern::MOST {
            // It was told, and none is compiled any more.
            return None;
        }
        match Pattern::read(pattern) {
            Ok(pattern) => {
                self.patterns += pattern.size();
                if self.patterns > Pattern::MOST {
                    return self.mistake(
                        "config/too_large",
                        node.span,
                        "the patterns of one matcher take more than 4 MiB".to_owned(),
                        "shorten them, or put some of them into another check",
                    );
                }
                Some(Rule::Matches(pattern, literal))
            }
            Err(why) => {
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

    /// Reports a key that is neither an operator nor a part.
    pub(super) fn unknown_key<T>(
        &mut self,
        (entry, entries): (&Entry, &[Entry]),
        shape: Shape,
    ) -> Option<T> {
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
            (None, _) => format!(
                "there are {}",
                words.clone().collect::<Vec<_>>().join(", ")
            ),
        };
        self.diagnostics.push(
            Diagnostic::error("config/unknown_key", message, entry.key.span)
                .hint(hint)
                .fix_key(&entry.key.value, entries, words),
        );
        None
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
