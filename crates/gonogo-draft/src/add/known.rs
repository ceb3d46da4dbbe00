//! What a gate file says already: its names, ids and targets.

use gonogo_kind::{Entry, KindDecl, Node, NodeValue};

/// A gate file as `add` sees it.
#[derive(Debug)]
pub(super) struct Known {
    root: Node,
}

impl Known {
    pub(super) const fn new(root: Node) -> Self {
        Self { root }
    }

    fn entries(&self, key: &str) -> &[Entry] {
        match self.root.get(key).map(|node| &node.value) {
            Some(NodeValue::Map(entries)) => entries,
            _ => &[],
        }
    }

    /// Returns whether a check or a group has an id.
    pub(super) fn has_id(&self, id: &str) -> bool {
        let mut all = self.entries("checks").iter().chain(self.entries("groups"));
        all.any(|entry| entry.key.value == id)
    }

    /// Returns whether a variable or a secret has a name.
    pub(super) fn has_name(&self, name: &str) -> bool {
        let mut all = self.entries("vars").iter().chain(self.entries("secrets"));
        all.any(|entry| entry.key.value == name)
    }

    /// Returns the variable or secret that takes its value from a variable of the environment.
    pub(super) fn of_environment(&self, sort: &str, environment: &str) -> Option<&str> {
        let takes = |entry: &&Entry| {
            let from = entry.value.get("env").and_then(Node::as_scalar);
            from.is_some_and(|scalar| scalar.text == environment)
        };
        let found = self.entries(sort).iter().find(takes)?;
        Some(&found.key.value)
    }

    /// Returns the check of a kind and a target, and its line.
    pub(super) fn check_of(&self, kind: &KindDecl, target: &str) -> Option<(&str, u32)> {
        let looks_there = |entry: &&Entry| {
            let Some(node) = entry.value.get(kind.name) else {
                return false;
            };
            let short = node.get(kind.short).unwrap_or(node);
            let is_text = short
                .as_scalar()
                .is_some_and(|scalar| scalar.text == target);
            let is_only = matches!(&short.value, NodeValue::List(items)
                if matches!(items.as_slice(), [one] if one.as_scalar().is_some_and(|s| s.text == target)));
            is_text || is_only
        };
        let found = self.entries("checks").iter().find(looks_there)?;
        Some((&found.key.value, found.key.span.line))
    }

    /// Returns the roots of trust that the gate names for all of its checks, as far as they are plain texts.
    pub(super) fn roots(&self) -> Vec<&str> {
        let Some(node) = self.root.get("tls").and_then(|tls| tls.get("roots")) else {
            return Vec::new();
        };
        let items = match &node.value {
            NodeValue::List(items) => items.as_slice(),
            NodeValue::Scalar(_) => std::slice::from_ref(node),
            NodeValue::Map(_) => &[],
        };
        let texts = items.iter().filter_map(Node::as_scalar);
        texts.map(|scalar| scalar.text.as_str()).collect()
    }
}
