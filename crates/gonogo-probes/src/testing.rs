//! Looks through a kind as a gate would, for the tests of the kinds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_kind::{
    Diagnostics, Expectation, Expectations, FieldMistake, Fields, Judged, KindDecl, KindTable as _,
    Matcher, Node, Probe, ProbeCx, ReadCx, RootsSource, flow, judge, read_field,
};
use gonogo_model::{Observation, Origin, Strength};

use crate::registry::Kinds;

/// One check of a test: a kind, its fields and what is expected.
pub(crate) struct Look {
    kind: &'static KindDecl,
    fields: Vec<(&'static str, Node)>,
    expectations: Expectations,
    timeout: Duration,
    roots: Arc<RootsSource>,
    kinds: Kinds,
}

/// Starts a look through a kind; its fields as they would stand in a gate file.
pub(crate) fn look(kind: &str, fields: &[(&'static str, &str)]) -> Look {
    let kinds = Kinds::new();
    let kind = kinds.find(kind).expect("the kind exists");
    Look {
        kind,
        fields: fields
            .iter()
            .map(|(name, text)| (*name, Node::plain(*text)))
            .collect(),
        expectations: Expectations {
            looks: kind.looks,
            ..Expectations::default()
        },
        timeout: Duration::from_secs(10),
        roots: Arc::new(RootsSource::system()),
        kinds,
    }
}

impl Look {
    /// Adds a field that is not one scalar.
    pub(crate) fn field(mut self, name: &'static str, node: Node) -> Self {
        self.fields.push((name, node));
        self
    }

    /// Sets how long the attempt may take.
    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Trusts the certificates in a PEM text and nothing else.
    pub(crate) fn roots(mut self, pem: &str) -> Self {
        let file = ("roots.pem".into(), pem.as_bytes().into());
        self.roots = Arc::new(RootsSource {
            system: false,
            files: vec![file],
        });
        self
    }

    /// Adds the kind's built-in expectations.
    pub(crate) fn built_in(mut self) -> Self {
        for built_in in self.kind.built_in {
            self.add(
                built_in.fact,
                &flow::read(built_in.matcher).expect("the matcher is well-formed"),
                built_in.strength,
                Origin::BuiltIn,
            );
        }
        self
    }

    /// Adds an `expect`.
    pub(crate) fn expect(self, fact: &str, matcher: &str) -> Self {
        let node = flow::read(matcher).expect("the matcher is well-formed");
        self.expect_node(fact, &node)
    }

    /// Adds an `expect` whose matcher is not one scalar.
    pub(crate) fn expect_node(mut self, fact: &str, matcher: &Node) -> Self {
        self.add(fact, matcher, Strength::Must, Origin::Argument);
        self
    }

    fn add(&mut self, fact: &str, matcher: &Node, strength: Strength, origin: Origin) {
        let fact = self
            .kind
            .fact(fact)
            .unwrap_or_else(|| panic!("{} has no fact {fact}", self.kind.name));
        let mut diagnostics = Diagnostics::default();
        let matcher = Matcher::read(matcher, fact.ty, &mut diagnostics)
            .unwrap_or_else(|| panic!("the matcher is good: {diagnostics:?}"));
        self.expectations.list.push(Expectation {
            fact,
            matcher,
            strength,
            origin,
            message: None,
        });
    }

    /// Builds the probe.
    pub(crate) fn probe(&self) -> Arc<dyn Probe> {
        self.compile().expect("the fields go together")
    }

    /// Builds the probe, or returns what is wrong with the fields taken together.
    pub(crate) fn compile(&self) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
        let read_file = |path: &std::path::Path| std::fs::read(path);
        let cx = ReadCx {
            base: std::path::Path::new("."),
            read_file: &read_file,
            roots: Arc::clone(&self.roots),
        };
        let mut fields = Fields::default();
        let mut diagnostics = Diagnostics::default();
        for decl in self.kind.fields {
            let given = self
                .fields
                .iter()
                .find(|(name, _)| *name == decl.name)
                .map(|(_, node)| node.clone());
            if let Some(node) = given.or_else(|| decl.default.map(Node::plain)) {
                let value = read_field(&node, decl, &cx, &mut diagnostics)
                    .unwrap_or_else(|| panic!("{} is readable: {diagnostics:?}", decl.name));
                fields.insert(decl.name, value, node.span);
            } else if matches!(decl.ty, gonogo_kind::FieldType::Roots) {
                let roots = gonogo_kind::FieldValue::Roots(Arc::clone(&self.roots));
                fields.insert(decl.name, roots, gonogo_kind::Span::NOWHERE);
            }
        }
        fields.set_wanted(self.expectations.facts());
        self.kinds.compile(self.kind, &fields)
    }

    /// Makes one attempt.
    pub(crate) async fn observe(&self) -> Observation {
        let cx = ProbeCx::new(Instant::now(), self.timeout, jiff::Timestamp::now(), 1);
        self.probe().observe(&cx).await
    }

    /// Makes one attempt and judges it.
    pub(crate) async fn judge(&self) -> (Judged, Observation) {
        let observation = self.observe().await;
        (self.judge_of(&observation), observation)
    }

    /// Judges an observation that was made in another way.
    pub(crate) fn judge_of(&self, observation: &Observation) -> Judged {
        judge(&self.expectations, observation)
    }
}
