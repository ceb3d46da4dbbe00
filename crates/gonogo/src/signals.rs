//! Signals: the first asks the run to stop and report, the second ends it.
//!
//! They are heard on a thread of their own: the one that runs the gate may be stuck in writing to a
//! pipe that nobody reads, and whoever asks it to end must not be left without a way.

use std::io;
use std::sync::mpsc;
use std::thread;

use gonogo_run::Stop;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::exit::Exit;

/// Returns a receiver that changes once a signal asks the run to stop; a signal that comes when it has
/// been dropped, the run being over, ends the process.
///
/// # Errors
///
/// When the system gives no signals.
pub(crate) fn listen() -> io::Result<watch::Receiver<Option<Stop>>> {
    let (sender, receiver) = watch::channel(None);
    let (ready, heard) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let prepared = Builder::new_current_thread()
                .enable_all()
                .build()
                .and_then(|runtime| {
                    let signals = {
                        let _context = runtime.enter();
                        Signals::new()?
                    };
                    Ok((runtime, signals))
                });
            let (answer, prepared) = match prepared {
                Ok(prepared) => (Ok(()), Some(prepared)),
                Err(error) => (Err(error), None),
            };
            // The other side waits for this answer and for nothing else.
            let _unheard = ready.send(answer);
            if let Some((runtime, signals)) = prepared {
                hear(&runtime, signals, &sender);
            }
        })?;
    heard.recv().map_err(io::Error::other)??;
    Ok(receiver)
}

/// The signals that ask a run to stop.
struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.hangup.recv() => Stop::Hangup,
            _ = self.interrupt.recv() => Stop::Interrupt,
            _ = self.terminate.recv() => Stop::Terminate,
        }
    }
}

fn hear(runtime: &Runtime, mut signals: Signals, sender: &watch::Sender<Option<Stop>>) {
    let mut asked = false;
    loop {
        let stop = runtime.block_on(signals.next());
        let is_over = sender.send(Some(stop)).is_err();
        if asked || is_over {
            end_now(stop);
        }
        asked = true;
    }
}

#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "whoever asks twice does not want to wait for a report"
)]
fn end_now(stop: Stop) -> ! {
    std::process::exit(i32::from(Exit::stopped(stop).code()))
}
