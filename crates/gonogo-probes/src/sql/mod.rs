//! Hermetic database sessions: read-only, with deadlines, and nothing taken from the environment.
