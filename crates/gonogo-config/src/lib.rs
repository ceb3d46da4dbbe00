//! Text to Manifest: spans, variables, and every mistake of a gate file at once.
