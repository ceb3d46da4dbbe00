//! Text to Manifest: spans, variables, and every mistake of a gate file at once.
//!
//! The stages, each of which reports what it finds and goes on with what is good:
//!
//! 1. `tree`: parser events to nodes with spans, within a budget; `syntax` has the words for what is
//!    no YAML.
//! 2. `names`: variables and secrets, looked up; `substitute` puts them into single texts.
//! 3. `check`, `group`, `condition`: keys by their declarations in `keys`, kinds by those of the table of kinds.
//! 4. `layers`, `variants`: environments and phases with values of their own, each read by `lint`.
//! 5. `references`, `cycle`: ids, needs, groups and phases taken together.
//! 6. `waiver`: what they name, once every check is known.
//! 7. `lint`: what is no mistake and still not meant.
//!
//! # Invariants
//!
//! - No network, no clock, no environment and no file but through [`Inputs`].
//! - No kind is known by name; whatever is said about one comes from its declaration.
//! - A gate with an error has no manifest. Nothing that is not understood is skipped.
//! - A secret is in no diagnostic and no rendering, nor is a password that stands in the file.
//! - A hostile file of 4 MiB ends in well under a second, in some tens of megabytes, without recursion
//!   beyond the depth of 64.

mod adhoc;
mod against;
mod characters;
mod check;
mod codes;
mod common_keys;
mod condition;
mod cycle;
mod declared;
mod defaults;
mod each;
mod expect;
mod group;
mod hidden_in;
mod hide;
mod include;
mod keep;
mod keys;
mod kind_value;
mod layers;
mod lint;
mod load;
mod memo;
mod mend;
mod messages;
mod mistakes;
mod names;
mod notify;
mod outline;
mod pile;
mod policy;
mod reader;
mod references;
mod render;
mod schema;
mod schema_matcher;
mod schema_policy;
mod secret_command;
mod source;
mod stand_in;
mod substitute;
mod syntax;
mod template;
mod tree;
mod var_file;
mod variants;
mod waiver;
mod written;

pub use adhoc::{AdHoc, adhoc};
pub use against::{
    Compared, Place, Side, WEAKENINGS, Weakening, compare, render_weakenings, weakenings,
};
pub use codes::{CODES, ConfigCode, Weight};
pub use include::Includes;
pub use load::{Loaded, load};
pub use mend::{Change, Mended, MendedFile, mend};
pub use notify::{Occasion, Receiver, Service, WebhookFormat};
pub use outline::outline;
pub use reader::Inputs;
pub use render::render;
pub use schema::schema;
pub use schema_policy::policy_schema;
pub use secret_command::{CommandFailure, Commands, SecretCommand};
pub use source::{Source, Sources, decode};
pub use var_file::read_var_file;
pub use variants::{Variant, lint, variants};
