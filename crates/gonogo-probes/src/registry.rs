//! The one table of kinds.

use std::sync::Arc;

use gonogo_kind::{FieldMistake, Fields, KindDecl, KindTable, Probe};

use crate::kinds::{command, dns, env, http, migrations, postgres, redis, tcp, tls};
use crate::net::Net;

/// Builds a probe from fields that were read by the kind's declaration.
pub(crate) type Compile = fn(&Fields, &Arc<Net>) -> Result<Arc<dyn Probe>, Vec<FieldMistake>>;

/// The kinds, sorted by name.
const TABLE: &[(&KindDecl, Compile)] = &[
    (&command::KIND, command::compile),
    (&dns::KIND, dns::compile),
    (&env::KIND, env::compile),
    (&http::KIND, http::compile),
    (&migrations::KIND, migrations::compile),
    (&postgres::KIND, postgres::compile),
    (&redis::KIND, redis::compile),
    (&tcp::KIND, tcp::compile),
    (&tls::KIND, tls::compile),
];

/// The table of kinds, with what their probes share.
#[derive(Debug)]
pub struct Kinds {
    net: Arc<Net>,
    declared: Vec<&'static KindDecl>,
}

impl Kinds {
    /// Returns the table; nothing is opened or read before a probe needs it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            net: Net::new(),
            declared: TABLE.iter().map(|(decl, _)| *decl).collect(),
        }
    }

    /// Returns what the probes share, for whoever else opens connections in this run.
    #[must_use]
    pub fn net(&self) -> Arc<Net> {
        Arc::clone(&self.net)
    }
}

impl Default for Kinds {
    fn default() -> Self {
        Self::new()
    }
}

impl KindTable for Kinds {
    fn kinds(&self) -> &[&'static KindDecl] {
        &self.declared
    }

    fn compile(
        &self,
        kind: &'static KindDecl,
        fields: &Fields,
    ) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
        let row = TABLE.iter().find(|(decl, _)| decl.name == kind.name);
        let (_, compile) = row.expect("a kind is only known through this table");
        compile(fields, &self.net)
    }
}
