//! The one deadline of an attempt, put around every wait.

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use gonogo_kind::ProbeCx;
use gonogo_model::{Fault, Phase, codes};

use super::fault::net_fault;

/// Waits for `future`, but not beyond the deadline of the attempt.
///
/// The deadline is looked at again when it is reached, since a wait of our own making moves it.
///
/// # Errors
///
/// `net/timeout`, naming the phase, when the deadline comes first.
pub(crate) async fn within<T>(
    phase: &str,
    cx: &ProbeCx,
    future: impl Future<Output = T>,
) -> Result<T, Fault> {
    let mut future = pin!(future);
    loop {
        let deadline = cx.deadline();
        match tokio::time::timeout_at(deadline.into(), future.as_mut()).await {
            Ok(value) => return Ok(value),
            Err(_elapsed) if cx.deadline() > deadline => {}
            Err(_elapsed) => return Err(timed_out(phase, cx)),
        }
    }
}

/// Returns the fault of an attempt whose time ran out in a phase.
pub(crate) fn timed_out(phase: &str, cx: &ProbeCx) -> Fault {
    let timeout = shown_duration(cx.timeout());
    net_fault(
        codes::net::TIMEOUT,
        format!("timed out after {timeout} in phase `{phase}`"),
    )
}

/// Returns the phase that began at `begin` and ends now.
pub(crate) fn phase_since(begin: Instant, name: &str, cx: &ProbeCx) -> Phase {
    Phase {
        name: name.to_owned(),
        start: begin.saturating_duration_since(cx.started()).into(),
        duration: begin.elapsed().into(),
    }
}

/// Returns a duration as people write it: `300ms`, `5s`, `1m30s`.
pub(crate) fn shown_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    let (minutes, rest) = (millis / 60_000, millis % 60_000);
    let seconds = if rest.is_multiple_of(1000) {
        format!("{}s", rest / 1000)
    } else if rest < 1000 {
        format!("{rest}ms")
    } else {
        let fraction = format!("{:03}", rest % 1000);
        format!("{}.{}s", rest / 1000, fraction.trim_end_matches('0'))
    };
    match (minutes, rest) {
        (0, _) => seconds,
        (minutes, 0) => format!("{minutes}m"),
        (minutes, _) => format!("{minutes}m{seconds}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_shown_as_people_write_them() {
        for (millis, shown) in [
            (0, "0s"),
            (250, "250ms"),
            (1500, "1.5s"),
            (2000, "2s"),
            (60_000, "1m"),
            (90_000, "1m30s"),
        ] {
            assert_eq!(shown_duration(Duration::from_millis(millis)), shown);
        }
    }

    #[tokio::test]
    async fn an_excused_wait_moves_the_deadline() {
        let cx = ProbeCx::new(
            Instant::now(),
            Duration::from_millis(20),
            jiff::Timestamp::now(),
            1,
        );
        let late = async {
            cx.excuse(Duration::from_secs(20));
            tokio::time::sleep(Duration::from_millis(60)).await;
            7
        };
        assert_eq!(within("tls", &cx, late).await, Ok(7));
    }

    #[tokio::test]
    async fn a_wait_ends_at_the_deadline_and_names_its_phase() {
        let cx = ProbeCx::new(
            Instant::now(),
            Duration::from_millis(20),
            jiff::Timestamp::now(),
            1,
        );
        let fault = within("connect", &cx, std::future::pending::<()>())
            .await
            .unwrap_err();
        assert_eq!(fault.code.as_str(), "net/timeout");
        assert_eq!(fault.message, "timed out after 20ms in phase `connect`");
    }
}
