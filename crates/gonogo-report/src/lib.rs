//! Renders events and reports.
