//! Loopback servers, a throw-away CA and a fake clock for tests and examples.
//!
//! Real servers (`postgres`, `redis`, `unbound`, ...) run as own instances on free ports and end with
//! the value that started them, also when the test process is killed. What a real server will not do
//! on demand (hang, lie, drop, flood) is in `fake`.

mod background;
pub mod ca;
pub mod fake;
pub mod folder;
pub mod http;
pub mod nginx;
pub mod openssl;
pub mod postgres;
pub mod process;
pub mod prometheus;
pub mod pushgateway;
pub mod redis;
pub mod smtp;
pub mod tls;
pub mod unbound;
