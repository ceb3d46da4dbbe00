//! Texts and bodies that were made to hurt.
