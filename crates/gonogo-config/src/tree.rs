//! From YAML events to a tree with spans.
//!
//! The parser's events are folded into nodes without recursion. What the file may cost is bounded
//! before it is spent: the depth, the number of nodes with aliases expanded, the bytes of their texts.
//!
//! Strictness beyond YAML: keys are texts and unique, and there are no tags, no merge keys, no
//! directives and no second document.

use std::collections::{BTreeSet, HashMap};

use gonogo_kind::{Diagnostic, Entry, FileId, Node, NodeValue, Scalar, ScalarStyle, Span, Spanned};
use granit_parser::{Event, Options, Parser, StructureStyle, Tag};

use crate::mend::quote::{self, Around};
use crate::mistakes::Mistakes;
use crate::pile::{Growing, Pile};
use crate::source::SourceText;
use crate::syntax;

/// Reads a text as one YAML document; mistakes go to `mistakes`.
///
/// Returns nothing when the text is not YAML; smaller mistakes leave a tree in which the offending
/// part is left out.
pub(crate) fn parse(source: &SourceText, file: FileId, mistakes: &mut Mistakes) -> Option<Node> {
    parse_after(&mut Cost::default(), source, file, mistakes)
}

/// Reads a text like [`parse`], as one of several that share a budget.
pub(crate) fn parse_after(
    before: &mut Cost,
    source: &SourceText,
    file: FileId,
    mistakes: &mut Mistakes,
) -> Option<Node> {
    let mut builder = Builder {
        source,
        file,
        mistakes,
        frames: Vec::new(),
        items: Pile::new(),
        entries: Pile::new(),
        anchors: HashMap::new(),
        root: None,
        spent: *before,
        kept: Cost::default(),
        last_end: 0,
        documents: 0,
    };
    for next in Parser::new_from_str_with_options(source.text(), options()) {
        match next {
            Ok((event, span)) => match builder.event(event, &span) {
                Go::On => {}
                Go::Stop => return None,
                Go::Done => break,
            },
            Err(error) => {
                let diagnostic = syntax::explain(&error, source, file);
                builder.mistakes.push(diagnostic);
                return None;
            }
        }
    }
    *before = builder.spent;
    builder.root
}

fn options() -> Options {
    granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        disallow_directives: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}

/// Whether to read on.
enum Go {
    On,
    Stop,
    Done,
}

struct Builder<'a> {
    source: &'a SourceText,
    file: FileId,
    mistakes: &'a mut Mistakes,
    frames: Vec<Frame>,
    items: Pile<Node>,
    entries: Pile<Entry>,
    anchors: HashMap<usize, Box<Anchored>>,
    root: Option<Node>,
    /// What the tree holds so far.
    spent: Cost,
    /// What is kept beside it for aliases.
    kept: Cost,
    last_end: usize,
    documents: usize,
}

/// A collection that is not closed yet.
struct Frame {
    open: Open,
    style: StructureStyle,
    span: Span,
    anchor: usize,
    /// What the tree held when it was opened.
    before: Cost,
}

enum Open {
    List(Growing<Node>),
    Map {
        entries: Growing<Entry>,
        key: Option<Key>,
    },
}

enum Key {
    Good(Spanned<String>),
    /// A key that was reported; its value is dropped.
    Bad,
}

/// A node that an alias may stand for, and what it costs.
struct Anchored {
    node: Node,
    cost: Cost,
}

/// How much of the budget something takes: values and keys, and the bytes of their texts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    nodes: usize,
    bytes: usize,
}

impl Cost {
    const fn plus(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, at: &granit_parser::Span) -> Go {
        let end = at.byte_range().map_or(0, |range| range.end);
        let go = match event {
            Event::StreamStart | Event::DocumentEnd | Event::Anchor(..) => Go::On,
            Event::StreamEnd => Go::Done,
            Event::DocumentStart(..) => self.document(at),
            Event::Scalar(text, style, anchor, tag) => {
                let tagged = self.tag(tag.as_deref(), at);
                let mut node = self.scalar(&text, style, at);
                // `!=0` is nothing but a tag; the text that was meant makes no second mistake.
                if let (NodeValue::Scalar(scalar), Some((written, span))) =
                    (&mut node.value, tagged)
                    && scalar.text.is_empty()
                {
                    scalar.text = written;
                    node.span = span;
                }
                self.leaf(node, anchor)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.tag(tag.as_deref(), at);
                let list = Open::List(self.items.open());
                self.open(list, style, anchor, at)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.tag(tag.as_deref(), at);
                let map = Open::Map {
                    entries: self.entries.open(),
                    key: None,
                };
                self.open(map, style, anchor, at)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, at),
            _ => Go::Stop,
        };
        self.last_end = self.last_end.max(end);
        go
    }

    fn document(&mut self, at: &granit_parser::Span) -> Go {
        self.documents += 1;
        if self.documents < 2 {
            return Go::On;
        }
        let span = self.span(at);
        let span = self.source.span(
            self.file,
            span.start,
            self.source.line_end(span.line as usize),
        );
        self.mistakes.push(
            Diagnostic::error(
                "config/second_document",
                "a gate file is one document",
                span,
            )
            .label("a second one begins here")
            .hint("Put the second document into a file of its own."),
        );
        Go::Done
    }

    fn scalar(
        &self,
        text: &str,
        style: granit_parser::ScalarStyle,
        at: &granit_parser::Span,
    ) -> Node {
        use granit_parser::ScalarStyle as S;
        let (style, span) = match style {
            S::Plain => (ScalarStyle::Plain, self.span(at)),
            S::SingleQuoted | S::DoubleQuoted => (ScalarStyle::Quoted, self.span(at)),
            S::Literal | S::Folded => (ScalarStyle::Block, self.block_header(at)),
        };
        // The parser says `~` where nothing is written.
        let nothing = style == ScalarStyle::Plain && span.start == span.end;
        let text = if nothing { "" } else { text };
        let scalar = Scalar {
            text: text.to_owned(),
            style,
            secret: false,
        };
        Node {
            value: NodeValue::Scalar(scalar),
            span,
        }
    }

    /// Returns the place of a block scalar's header, `>2`; the event has that of its text.
    fn block_header(&self, at: &granit_parser::Span) -> Span {
        let text = self.source.text();
        let content = at.start.byte_offset().unwrap_or(self.last_end);
        let between = text.get(self.last_end..content).unwrap_or_default();
        let start = match between.find(['>', '|']) {
            Some(offset) => self.last_end + offset,
            None => content,
        };
        let end = self.source.line_end(self.source.line_of(start)).max(start);
        self.source.span(self.file, start, end)
    }

    fn open(
        &mut self,
        open: Open,
        style: StructureStyle,
        anchor: usize,
        at: &granit_parser::Span,
    ) -> Go {
        let mut span = self.span(at);
        if style == StructureStyle::Block {
            span.end = self.source.line_end(span.line as usize).max(span.start);
        }
        if self.frames.len() >= MAX_DEPTH {
            self.mistakes.push(too_deep(span));
            return Go::Stop;
        }
        let before = self.spent;
        if !self.spend(Cost { nodes: 1, bytes: 0 }, span) {
            return Go::Stop;
        }
        self.frames.push(Frame {
            open,
            style,
            span,
            anchor,
            before,
        });
        Go::On
    }

    fn close(&mut self, at: &granit_parser::Span) -> Go {
        let Some(frame) = self.frames.pop() else {
            return Go::Stop;
        };
        let mut span = frame.span;
        let end = at.byte_range().map_or(span.end, |range| range.end);
        if frame.style == StructureStyle::Flow {
            span.end = end.max(span.end);
        }
        let value = match frame.open {
            Open::List(items) => NodeValue::List(self.items.close(items)),
            Open::Map { entries, .. } => {
                let entries = self.entries.close(entries);
                NodeValue::Map(self.unique(entries))
            }
        };
        let node = Node { value, span };
        let cost = Cost {
            nodes: self.spent.nodes - frame.before.nodes,
            bytes: self.spent.bytes - frame.before.bytes,
        };
        self.anchored(node, frame.anchor, cost)
    }

    fn leaf(&mut self, node: Node, anchor: usize) -> Go {
        let bytes = node.as_scalar().map_or(0, |scalar| scalar.text.len());
        let cost = Cost { nodes: 1, bytes };
        if !self.spend(cost, node.span) {
            return Go::Stop;
        }
        self.anchored(node, anchor, cost)
    }

    /// Keeps a node for its aliases, then puts it in its place.
    fn anchored(&mut self, node: Node, anchor: usize, cost: Cost) -> Go {
        if anchor != 0 {
            self.kept = self.kept.plus(cost);
            if !self.spend(Cost::default(), node.span) {
                return Go::Stop;
            }
            let node = node.clone();
            self.anchors
                .insert(anchor, Box::new(Anchored { node, cost }));
        }
        self.place(node);
        Go::On
    }

    fn alias(&mut self, anchor: usize, at: &granit_parser::Span) -> Go {
        let span = self.span(at);
        let Some(anchored) = self.anchors.get(&anchor) else {
            let message = "an alias stands inside the very thing it repeats";
            self.mistakes.push(
                Diagnostic::error("config/bad_alias", message, span)
                    .hint("Write out what is meant."),
            );
            return Go::Stop;
        };
        let cost = anchored.cost;
        if !self.spend(cost, span) {
            return Go::Stop;
        }
        let copy = self.anchors.get(&anchor).map(|a| a.node.clone());
        if let Some(copy) = copy {
            self.place(copy);
        }
        Go::On
    }

    fn unknown_alias(&mut self, name: &str, at: &granit_parser::Span) -> Go {
        let span = self.span(at);
        let message =
            format!("`*{name}` is read as an alias, and nothing has the anchor `&{name}`");
        self.mistakes.push(
            Diagnostic::error("config/bad_alias", message, span)
                .hint(format!(
                    "Put a text that begins with `*` in quotes: \"*{name}\"."
                ))
                .fix(quote::value_at(self.source, span, self.around())),
        );
        let text = format!("*{name}");
        self.leaf(
            Node {
                span,
                ..Node::plain(text)
            },
            0,
        )
    }

    /// Reports a tag, and returns it as it is written.
    fn tag(&mut self, tag: Option<&Tag>, at: &granit_parser::Span) -> Option<(String, Span)> {
        let tag = tag?;
        let span = at
            .tag_span()
            .map_or_else(|| self.span(at), |tag| self.span(&tag));
        let written = self
            .source
            .text()
            .get(span.start..span.end)
            .unwrap_or_default();
        let written = if written.is_empty() {
            tag.original()
        } else {
            written.to_owned()
        };
        let mistake = Diagnostic::error(
            "config/tag",
            format!("`{written}` is read as a YAML tag, and a gate file has none"),
            span,
        );
        self.mistakes.push(if written.starts_with("!=") {
            mistake
                .hint("Put the comparison in quotes, \"!= 0\", or use words: not 0.")
                .fix(quote::value_at(self.source, span, self.around()))
        } else {
            mistake.hint("Leave the tag out, or put a text that begins with `!` in quotes.")
        });
        Some((written, span))
    }

    /// Says what is around the value that comes next.
    fn around(&self) -> Around {
        match self.frames.last().map(|frame| frame.style) {
            Some(StructureStyle::Flow) => Around::Flow,
            _ => Around::Block,
        }
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node) {
        let Some(frame) = self.frames.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        match &mut frame.open {
            Open::List(items) => self.items.push(items, node),
            Open::Map { entries, key } => match key.take() {
                None => *key = Some(read_key(node, self.mistakes)),
                Some(Key::Bad) => {}
                Some(Key::Good(name)) => {
                    let mut value = node;
                    if value.span.start == value.span.end {
                        value.span = name.span;
                    }
                    self.entries.push(entries, Entry { key: name, value });
                }
            },
        }
    }

    /// Keeps the first of entries with the same key, and reports the others.
    ///
    /// Sorting places takes less memory than a table of keys, which a hostile file would fill.
    fn unique(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let is_again = |(at, e): (usize, &Entry)| {
            let before = entries.get(..at).unwrap_or_default();
            before.iter().any(|b| b.key.value == e.key.value)
        };
        if entries.len() <= FEW && !entries.iter().enumerate().any(is_again) {
            return entries;
        }
        let key = |at: usize| entries.get(at).map(|e| e.key.value.as_str());
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|at| key(*at));
        let mut again = BTreeSet::new();
        let mut first = 0;
        for (place, at) in order.iter().enumerate() {
            let of_first = order.get(first).and_then(|at| key(*at));
            if place == first || key(*at) != of_first {
                first = place;
                continue;
            }
            again.insert(*at);
            let spans = order
                .get(first)
                .and_then(|f| Some((entries.get(*f)?, entries.get(*at)?)));
            if let Some((first, second)) = spans {
                let message = format!("the key `{}` is there twice", second.key.value);
                self.mistakes.push(
                    Diagnostic::error("config/duplicate_key", message, second.key.span)
                        .label("again here")
                        .related(first.key.span, "first here")
                        .hint("Keep one of the two."),
                );
            }
        }
        if again.is_empty() {
            return entries;
        }
        let numbered = entries.into_iter().enumerate();
        numbered
            .filter(|(at, _)| !again.contains(at))
            .map(|(_, entry)| entry)
            .collect()
    }

    /// Takes what something costs from the budget.
    fn spend(&mut self, cost: Cost, span: Span) -> bool {
        self.spent = self.spent.plus(cost);
        // What is kept for aliases takes a place in a table besides.
        let all = self.spent.plus(self.kept).plus(self.kept);
        if all.nodes <= MAX_NODES && all.bytes <= MAX_TEXT {
            return true;
        }
        let message = format!(
            "the file holds more than {MAX_NODES} values or 16 MiB of text once its aliases are written out"
        );
        self.mistakes.push(
            Diagnostic::error("config/too_large", message, span)
                .hint("Split the gate into several files."),
        );
        false
    }

    fn span(&self, at: &granit_parser::Span) -> Span {
        let range = at.byte_range().unwrap_or_default();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: range.start,
            end: range.end,
            line: number(at.start.line()),
            column: number(at.start.col() + 1),
        }
    }
}

fn read_key(node: Node, mistakes: &mut Mistakes) -> Key {
    let span = node.span;
    let mistake = match node.value {
        NodeValue::List(_) | NodeValue::Map(_) => {
            Diagnostic::error("config/bad_key", "a key is a single text", span).hint(
                "In `{ }` a text that holds `{`, `[` or `,` stands in quotes: \"${host}:443\".",
            )
        }
        NodeValue::Scalar(scalar) if scalar.text.is_empty() => {
            Diagnostic::error("config/bad_key", "a key is missing before the colon", span)
        }
        NodeValue::Scalar(scalar) if scalar.text == "<<" && scalar.style == ScalarStyle::Plain => {
            Diagnostic::error("config/merge_key", "a gate file has no merge keys", span)
                .hint("Repeat the keys, or put what is common into `defaults`.")
        }
        NodeValue::Scalar(scalar) => {
            return Key::Good(Spanned {
                value: scalar.text,
                span,
            });
        }
    };
    mistakes.push(mistake);
    Key::Bad
}

/// Says that collections are nested too deeply.
pub(crate) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lists and maps are nested more than {MAX_DEPTH} deep");
    Diagnostic::error("config/too_deep", message, span)
        .hint("Look for a bracket that is never closed.")
}

/// Up to so many keys are compared with each other.
const FEW: usize = 16;
/// How deep lists and maps may be nested.
pub(crate) const MAX_DEPTH: usize = 64;
/// How many values a file may hold, aliases written out.
const MAX_NODES: usize = 350_000;
/// How many bytes of text a file may hold, aliases written out.
const MAX_TEXT: usize = 16 << 20;
