//! Signals: the first asks the run to stop and report, the second ends it.

use gonogo_run::Stop;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::exit::Exit;

/// Returns a receiver that changes once a signal asks the run to stop.
///
/// # Errors
///
/// When the system gives no signals.
pub(crate) fn listen() -> std::io::Result<watch::Receiver<Option<Stop>>> {
    let (sender, receiver) = watch::channel(None);
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        let mut asked = false;
        loop {
            let stop = tokio::select! {
                _ = hangup.recv() => Stop::Hangup,
                _ = interrupt.recv() => Stop::Interrupt,
                _ = terminate.recv() => Stop::Terminate,
            };
            if asked {
                end_now(stop);
            }
            asked = true;
            sender.send_replace(Some(stop));
        }
    });
    Ok(receiver)
}

#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "whoever asks twice does not want to wait for a report"
)]
fn end_now(stop: Stop) -> ! {
    std::process::exit(i32::from(Exit::stopped(stop).code()))
}
