//! The live view on a terminal: never higher than the screen, drawn over itself, gone at the end.
//!
//! ```text
//! 12 of 17 checks  2 failed, 10 passed  4.2s, 55s left  beluga dev
//! running   service.core   2.1s  attempt 2 of 3  last: net/refused: nothing listens on 127.0.0.1:3002
//! waiting   migrations     for database
//! failed    edge-cert      tls/expired: the certificate expired 3d 4h ago
//! ```

mod frame;
mod progress;

pub use frame::Live;
