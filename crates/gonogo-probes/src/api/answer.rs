//! What comes back.

use gonogo_model::{Fault, Phase};

/// An answer whose head came whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status: 200.
    pub status: u16,
    /// The headers, their names in lower case; bytes that are no UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The stretches of the exchange: `resolve`, `connect`, `tls`, `first_byte`, `transfer`.
    pub phases: Vec<Phase>,
    pub(super) body: Vec<u8>,
    pub(super) broken: Option<Fault>,
}

impl Answer {
    /// Returns the first header of a name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns as much of the body as came, for a message; [`Answer::whole`] is for reading.
    #[must_use]
    pub fn beginning(&self) -> &[u8] {
        &self.body
    }

    /// Returns the whole body.
    ///
    /// # Errors
    ///
    /// Why it is not whole: too large, broken off, or not in time.
    pub fn whole(self) -> Result<Vec<u8>, Fault> {
        match self.broken {
            None => Ok(self.body),
            Some(fault) => Err(fault),
        }
    }
}
