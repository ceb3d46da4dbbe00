//! Catches an input that a target never comes back from.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Keeps what is being tried, so that it is not lost when the process is: by a stack that overflows, or
/// by this watch, which ends the process after [`Watch::MOST`].
#[derive(Debug, Default)]
pub struct Watch {
    kept: Option<Kept>,
}

#[derive(Debug)]
struct Kept {
    file: PathBuf,
    began: Arc<Mutex<Option<Instant>>>,
}

impl Watch {
    /// The longest that a target may take for one input.
    pub const MOST: Duration = Duration::from_secs(60);

    /// Returns a watch that keeps what is being tried in a file.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "a thread that hangs can be ended in no other way"
    )]
    pub fn keeping(file: PathBuf) -> Self {
        let began: Arc<Mutex<Option<Instant>>> = Arc::default();
        let seen = Arc::clone(&began);
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_millis(500));
                let since = seen.lock().ok().and_then(|began| *began);
                if since.is_some_and(|since| since.elapsed() > Self::MOST) {
                    std::process::exit(3);
                }
            }
        });
        Self {
            kept: Some(Kept { file, began }),
        }
    }

    pub(crate) fn begins(&self, input: &[u8]) {
        let Some(kept) = &self.kept else { return };
        // What cannot be kept is tried all the same.
        let _written = std::fs::write(&kept.file, input);
        if let Ok(mut began) = kept.began.lock() {
            *began = Some(Instant::now());
        }
    }

    pub(crate) fn ended(&self) {
        if let Some(kept) = &self.kept
            && let Ok(mut began) = kept.began.lock()
        {
            *began = None;
        }
    }
}
