//! `cargo xtask test`: everything the tests need, then every test.

use crate::packages;
use crate::shell::{Failure, build, cargo};

/// Installs, builds and tests; further words go to `cargo test`.
pub(crate) fn run(arguments: &[&str]) -> Result<(), Failure> {
    packages::install(packages::ALL)?;
    // The end-to-end tests start these programs.
    build(&["gonogo", "sample-stack"], false)?;
    crate::shell::run(
        cargo()
            .args(["test", "--locked", "--workspace"])
            .args(arguments),
    )
}
