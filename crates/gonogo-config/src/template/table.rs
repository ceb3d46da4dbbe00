//! The templates of a gate, and which of them extend which.

use std::cell::Cell;
use std::collections::HashMap;

use gonogo_kind::{Diagnostic, Entry, FileId, Node, NodeValue, Span, Spanned};

use crate::cycle;
use crate::keep::weight;
use crate::keys::list;
use crate::names::bad_name;
use crate::reader::{Reader, is_label};

/// The templates of a gate.
#[derive(Debug, Default)]
pub(crate) struct Templates<'n> {
    pub(super) list: Vec<Template<'n>>,
    by_name: HashMap<&'n str, usize>,
}

/// A template.
#[derive(Debug)]
pub(crate) struct Template<'n> {
    pub(crate) name: &'n str,
    pub(crate) span: Span,
    pub(super) entries: &'n [Entry],
    /// About how many bytes it takes in a check.
    pub(super) weight: usize,
    /// The last byte that belongs to it.
    end: usize,
    pub(super) line: Line,
    used: Cell<bool>,
}

/// What something extends, in the order in which it is laid down.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    /// The templates, each once and behind those that it extends.
    pub(super) layers: Vec<usize>,
    /// How many extend each other, one behind the other.
    depth: usize,
    /// Whether all that was named is there.
    pub(super) whole: bool,
}

impl<'n> Templates<'n> {
    /// Reads the entries of `templates`, of every file.
    pub(crate) fn read(reader: &mut Reader<'_>, entries: &[&'n Entry]) -> Self {
        let mut templates = Self::default();
        if let Some(entry) = entries.get(MAX_TEMPLATES) {
            let message = format!("the gate has more than {MAX_TEMPLATES} templates");
            reader.mistakes.push(Diagnostic::error(
                "config/too_large",
                message,
                entry.key.span,
            ));
            return templates;
        }
        for entry in entries {
            if let Some(template) = template(reader, entry)
                && templates.is_new(reader, &template)
            {
                let at = templates.list.len();
                templates.by_name.insert(template.name, at);
                templates.list.push(template);
            }
        }
        templates.extend_each_other(reader);
        templates
    }

    /// Returns what a check extends; mistakes in it are reported.
    pub(super) fn line_of(&self, reader: &mut Reader<'_>, extends: &Node) -> Line {
        let parents = self.parents(reader, extends);
        let line = self.join(reader, &parents.found, extends.span);
        for at in &line.layers {
            if let Some(template) = self.list.get(*at) {
                template.used.set(true);
            }
        }
        Line {
            whole: line.whole && parents.whole,
            ..line
        }
    }

    /// Returns which item of an `extends` brings the template whose text a place belongs to.
    pub(crate) fn extended_at(&self, place: Span, extends: &Node) -> Option<Span> {
        let holds = |t: &Template<'_>| {
            t.span.file == place.file && (t.span.start..=t.end).contains(&place.start)
        };
        let holding = self.list.iter().position(holds)?;
        let items: &[Node] = match &extends.value {
            NodeValue::List(items) => items,
            NodeValue::Scalar(_) | NodeValue::Map(_) => std::slice::from_ref(extends),
        };
        let brings = |item: &&Node| {
            let name = item.as_scalar().map(|scalar| scalar.text.as_str());
            let parent = name.and_then(|name| self.list.get(*self.by_name.get(name)?));
            parent.is_some_and(|parent| parent.line.layers.contains(&holding))
        };
        items.iter().find(brings).map(|item| item.span)
    }

    /// Returns the templates that no check extends.
    pub(crate) fn unused(&self) -> impl Iterator<Item = &Template<'n>> {
        self.list.iter().filter(|template| !template.used.get())
    }

    fn is_new(&self, reader: &mut Reader<'_>, template: &Template<'_>) -> bool {
        let first = self.by_name.get(template.name);
        let Some(first) = first.and_then(|at| self.list.get(*at)) else {
            return true;
        };
        let message = format!("the template `{}` is declared twice", template.name);
        reader.mistakes.push(
            Diagnostic::error("config/shadowed_name", message, template.span)
                .related(first.span, "first declared here")
                .hint("A name is declared once in all files of a gate: give one of them another."),
        );
        false
    }

    /// Puts every template in line behind those that it extends.
    fn extend_each_other(&mut self, reader: &mut Reader<'_>) {
        let parents: Vec<Parents> = self
            .list
            .iter()
            .map(|template| match extends(template.entries) {
                Some(entry) => self.parents(reader, &entry.value),
                None => Parents::default(),
            })
            .collect();
        let edges: Vec<Vec<usize>> = parents
            .iter()
            .map(|p| p.found.iter().map(|p| p.value).collect())
            .collect();
        self.cycles(reader, &edges, &parents);
        for at in in_order(&edges) {
            let Some(template) = self.list.get(at) else {
                continue;
            };
            let place = extends(template.entries).map_or(template.span, |e| e.value.span);
            let mut line = parents
                .get(at)
                .map(|p| self.join(reader, &p.found, place))
                .unwrap_or_default();
            line.layers.push(at);
            line.depth += 1;
            if line.depth == MAX_DEPTH + 1 {
                let message = format!("templates extend each other more than {MAX_DEPTH} deep");
                reader.mistakes.push(
                    Diagnostic::error("config/too_deep", message, place)
                        .hint("Let the template extend what it needs directly."),
                );
                line.whole = false;
            }
            line.whole &= parents.get(at).is_some_and(|p| p.whole);
            if let Some(template) = self.list.get_mut(at) {
                template.line = line;
            }
        }
    }

    fn cycles(&self, reader: &mut Reader<'_>, edges: &[Vec<usize>], parents: &[Parents]) {
        let name = |at: usize| self.list.get(at).map_or("", |template| template.name);
        for circle in cycle::circles(edges.len(), |node, at| edges.get(node)?.get(at).copied()) {
            let names: Vec<&str> = circle
                .iter()
                .chain(circle.first())
                .map(|at| name(*at))
                .collect();
            let next = circle.get(1).or_else(|| circle.first());
            let place = circle
                .first()
                .and_then(|at| parents.get(*at))
                .and_then(|p| {
                    let to_next = |parent: &&Spanned<usize>| Some(&parent.value) == next;
                    p.found.iter().find(to_next).map(|parent| parent.span)
                });
            let message = format!(
                "templates extend each other in a circle: {}",
                cycle::path(&names)
            );
            reader.mistakes.push(
                Diagnostic::error(
                    "config/template_cycle",
                    message,
                    place.unwrap_or(Span::NOWHERE),
                )
                .hint("Take one of these `extends` out."),
            );
        }
    }

    /// Looks up the names under `extends`.
    fn parents(&self, reader: &mut Reader<'_>, extends: &Node) -> Parents {
        let mut parents = Parents::default();
        let items: &[Node] = match &extends.value {
            NodeValue::List(items) if items.is_empty() => {
                reader.mistakes.push(
                    Diagnostic::error("config/empty_list", "`extends` names nothing", extends.span)
                        .hint("Leave the key out."),
                );
                parents.whole = false;
                items
            }
            NodeValue::List(items) => items,
            NodeValue::Scalar(_) | NodeValue::Map(_) => std::slice::from_ref(extends),
        };
        for item in items.iter().take(MAX_LINE + 1) {
            let Some(name) = reader.literal_text(item, "the name of a template") else {
                parents.whole = false;
                continue;
            };
            match self.by_name.get(name.as_str()) {
                Some(at) if parents.found.iter().any(|p| p.value == *at) => {
                    let message = format!("`{name}` is there twice");
                    reader.mistakes.push(
                        Diagnostic::error("config/duplicate_name", message, item.span)
                            .hint("Keep one of the two."),
                    );
                }
                Some(at) => parents.found.push(Spanned {
                    value: *at,
                    span: item.span,
                }),
                None => {
                    parents.whole = false;
                    self.unknown(reader, &name, item.span);
                }
            }
        }
        parents
    }

    fn unknown(&self, reader: &mut Reader<'_>, name: &str, span: Span) {
        let message = format!("there is no template `{name}`");
        let names = self.list.iter().map(|t| t.name);
        let hint = match reader.mistakes.closest(name, names.clone()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None if self.list.len() == 1 => format!("The only template is {}.", list(names)),
            None if (2..=MAX_LISTED).contains(&self.list.len()) => {
                format!("The templates are {}.", list(names))
            }
            None => format!("Declare it at the top level: `templates: {{ {name}: {{ ... }} }}`."),
        };
        reader
            .mistakes
            .push(Diagnostic::error("config/unknown_template", message, span).hint(hint));
    }

    /// Puts the lines of several templates one behind the other, each template once.
    fn join(&self, reader: &mut Reader<'_>, parents: &[Spanned<usize>], span: Span) -> Line {
        let mut joined = Line {
            whole: true,
            ..Line::default()
        };
        let lines = parents.iter().filter_map(|p| self.list.get(p.value));
        for line in lines.map(|template| &template.line) {
            joined.whole &= line.whole;
            joined.depth = joined.depth.max(line.depth);
            for at in &line.layers {
                if !joined.layers.contains(at) {
                    joined.layers.push(*at);
                }
            }
            if joined.layers.len() > MAX_LINE {
                let message = format!("more than {MAX_LINE} templates are extended at once");
                reader.mistakes.push(
                    Diagnostic::error("config/too_large", message, span)
                        .hint("Join some of them into one."),
                );
                return Line::default();
            }
        }
        joined
    }
}

/// The templates that something extends directly.
#[derive(Debug)]
struct Parents {
    found: Vec<Spanned<usize>>,
    whole: bool,
}

impl Default for Parents {
    fn default() -> Self {
        Self {
            found: Vec::new(),
            whole: true,
        }
    }
}

/// Returns the `extends` of a check or a template.
pub(super) fn extends(entries: &[Entry]) -> Option<&Entry> {
    entries.iter().find(|entry| entry.key.value == "extends")
}

fn template<'n>(reader: &mut Reader<'_>, entry: &'n Entry) -> Option<Template<'n>> {
    let (name, span) = (entry.key.value.as_str(), entry.key.span);
    if !is_label(name) {
        reader.mistakes.push(
            bad_name("a template", name, span)
                .hint("A template is named by small letters, digits, '.', '_' and '-'."),
        );
        return None;
    }
    let entries = match &entry.value.value {
        NodeValue::Map(entries) if !entries.is_empty() => entries.as_slice(),
        NodeValue::Map(_) => {
            let message = format!("the template `{name}` says nothing");
            reader.mistakes.push(
                Diagnostic::error("config/empty_list", message, entry.value.span)
                    .hint("It holds what its checks have in common."),
            );
            return None;
        }
        NodeValue::Scalar(_) | NodeValue::List(_) => {
            let described = entry.value.describe();
            let message = format!("the template `{name}` is a map, not {described}");
            reader.mistakes.push(
                Diagnostic::error("config/wrong_type", message, entry.value.span)
                    .hint("It holds what its checks have in common, such as `timeout: 5s`."),
            );
            return None;
        }
    };
    if let Some(each) = entries.iter().find(|entry| entry.key.value == "each") {
        let message = format!("the template `{name}` has an `each`");
        reader.mistakes.push(
            Diagnostic::error("config/unknown_key", message, each.key.span).hint(
                "`each` belongs to the check: which checks there are is said where they stand.",
            ),
        );
    }
    let end = extent(&entry.value, span.file);
    Some(Template {
        name,
        span,
        entries,
        weight: weight(&entry.value),
        end: end.max(span.end),
        line: Line::default(),
        used: Cell::new(false),
    })
}

/// Returns the last byte of a tree in a file.
fn extent(root: &Node, file: FileId) -> usize {
    let mut end = 0;
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if node.span.file == file {
            end = end.max(node.span.end);
        }
        match &node.value {
            NodeValue::Scalar(_) => {}
            NodeValue::List(items) => open.extend(items),
            NodeValue::Map(entries) => open.extend(entries.iter().map(|e| &e.value)),
        }
    }
    end
}

/// Returns those that are in no circle, each behind what it extends.
fn in_order(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    let mut waits: Vec<usize> = edges.iter().map(Vec::len).collect();
    for (child, parents) in edges.iter().enumerate() {
        for parent in parents {
            children[*parent].push(child);
        }
    }
    let mut order: Vec<usize> = (0..edges.len()).filter(|at| waits[*at] == 0).collect();
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        next += 1;
        for child in &children[at] {
            waits[*child] -= 1;
            if waits[*child] == 0 {
                order.push(*child);
            }
        }
    }
    order
}

/// The most templates of a gate.
const MAX_TEMPLATES: usize = 2_000;
/// How deep templates extend each other.
const MAX_DEPTH: usize = 8;
/// The most templates that one check extends, those behind them counted.
const MAX_LINE: usize = 64;
/// Up to so many templates are listed in a hint.
const MAX_LISTED: usize = 20;
