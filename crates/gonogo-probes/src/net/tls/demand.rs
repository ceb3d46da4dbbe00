//! What is demanded of a server's certificate.

use gonogo_model::codes;

use super::chain::Problem;

/// What is demanded of a server's certificate; anything less than everything is asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// A trusted chain, in date, for the name.
    Everything,
    /// A trusted chain, in date, for whatever name.
    Chain,
    /// Nothing: whoever answers will do.
    Nothing,
}

impl Demand {
    /// Returns whether a problem is none.
    pub(super) fn tolerates(self, problem: &Problem) -> bool {
        match self {
            Self::Everything => false,
            Self::Chain => problem.code == codes::tls::WRONG_NAME,
            Self::Nothing => true,
        }
    }
}
