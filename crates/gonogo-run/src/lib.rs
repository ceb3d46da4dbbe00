//! The whole of a run as a library: load, resolve secrets, plan, rounds, decide, write.
