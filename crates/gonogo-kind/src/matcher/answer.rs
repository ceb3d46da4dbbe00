//! The answer to "is it so?", with a third one for questions that do not fit.

/// What came of comparing a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is so.
    Yes,
    /// It is not so, but it could be.
    No,
    /// The question does not fit: the value is absent, of another type, or one of several, or there is
    /// nothing to ask about. Neither a matcher nor its opposite holds, so that nothing passes by accident.
    Moot,
}

impl Answer {
    /// Returns the answer of a plain comparison.
    pub(super) const fn from_bool(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// Returns the answer to the opposite.
    pub(super) const fn opposite(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Moot => Self::Moot,
        }
    }

    /// Returns whether all are so; over nothing that is moot.
    pub(super) fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut total = None;
        for answer in answers {
            total = Some(match (total.unwrap_or(Self::Yes), answer) {
                (Self::Moot, _) | (_, Self::Moot) => Self::Moot,
                (Self::No, _) | (_, Self::No) => Self::No,
                (Self::Yes, Self::Yes) => Self::Yes,
            });
        }
        total.unwrap_or(Self::Moot)
    }

    /// Returns whether any is so; over nothing that is moot.
    pub(super) fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut total = None;
        for answer in answers {
            match (total, answer) {
                (_, Self::Yes) => return Self::Yes,
                (Some(Self::Moot), _) | (_, Self::Moot) => total = Some(Self::Moot),
                (_, Self::No) => total = Some(Self::No),
            }
        }
        total.unwrap_or(Self::Moot)
    }

    /// Returns whether any is so, when one that fits is enough to answer: `5` is not one of `[n/a, 3]`.
    pub(super) fn any_fitting(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut total = Self::Moot;
        for answer in answers {
            match answer {
                Self::Yes => return Self::Yes,
                Self::No => total = Self::No,
                Self::Moot => {}
            }
        }
        total
    }
}
