//! Where the servers of this crate run: beside the test, on threads of their own.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::OnceLock;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;

/// A task that ends with this value.
#[derive(Debug)]
pub(crate) struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts a task; a test's own runtime may stand still, or be none.
pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) -> Task {
    Task(runtime().spawn(task).abort_handle())
}

/// Returns a listener on a free port.
pub(crate) fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let _entered = runtime().enter();
    Ok((TcpListener::from_std(listener)?, address))
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a test machine has threads to spare")
    })
}
