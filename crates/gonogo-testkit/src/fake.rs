//! Servers that hang, lie, drop and flood.
