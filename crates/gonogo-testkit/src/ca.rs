//! A throw-away certificate authority.
