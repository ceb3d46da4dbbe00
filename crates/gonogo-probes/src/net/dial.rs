//! Connections: every address of a name is tried, in the spirit of RFC 8305.
//!
//! The addresses race, a quarter of a second apart, the families in turn and the one first that the
//! host itself would prefer: a family that leads nowhere must not eat the time of an attempt.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use gonogo_kind::ProbeCx;
use gonogo_model::{CodeDecl, Fault, Phase, codes};
use rustix::io::Errno;
use tokio::net::TcpStream;

use super::deadline::{phase_since, timed_out};
use super::fault::{code_of_io, net_fault, plain};
use super::shared::Net;

/// A connection.
#[derive(Debug)]
pub(crate) struct Dialed {
    /// The connection, without Nagle's delay.
    pub(crate) stream: TcpStream,
    /// The address that won the race.
    pub(crate) peer: SocketAddr,
    /// How long the name took; none when the host was an address.
    pub(crate) resolve: Option<Duration>,
    /// How long the connection took, all addresses tried.
    pub(crate) connect: Duration,
    /// The same as phases: `resolve`, `connect`.
    pub(crate) phases: Vec<Phase>,
}

impl Net {
    /// Connects to a host, by name or by address, at a port.
    ///
    /// # Errors
    ///
    /// A fault of `net/...` that shows itself in the fact `state`, and names every address that was tried.
    pub(crate) async fn dial(&self, host: &str, port: u16, cx: &ProbeCx) -> Result<Dialed, Fault> {
        let mut phases = Vec::new();
        let begin = Instant::now();
        let addresses = self.names.resolve(host, cx).await?;
        let resolve = if host.parse::<IpAddr>().is_ok() {
            None
        } else {
            phases.push(phase_since(begin, "resolve", cx));
            Some(begin.elapsed())
        };
        let begin = Instant::now();
        let queue = interleave(&addresses)
            .map(|address| SocketAddr::new(address, port))
            .collect();
        let stream = race(queue, cx).await.map_err(|missed| missed.fault(cx))?;
        let connect = begin.elapsed();
        phases.push(phase_since(begin, "connect", cx));
        let io = |error: io::Error| super::fault_of_io(&error, "connect");
        stream.set_nodelay(true).map_err(io)?;
        let peer = stream.peer_addr().map_err(io)?;
        Ok(Dialed {
            stream,
            peer,
            resolve,
            connect,
            phases,
        })
    }
}

/// Returns the addresses, families in turn, beginning with the family of the first.
fn interleave(addresses: &[IpAddr]) -> impl Iterator<Item = IpAddr> {
    let first_is_v6 = addresses.first().is_some_and(IpAddr::is_ipv6);
    let (mut preferred, mut other): (VecDeque<_>, VecDeque<_>) = addresses
        .iter()
        .take(MOST_ADDRESSES)
        .copied()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let mut turn = false;
    std::iter::from_fn(move || {
        turn = !turn;
        let (this, that) = if turn {
            (&mut preferred, &mut other)
        } else {
            (&mut other, &mut preferred)
        };
        this.pop_front().or_else(|| that.pop_front())
    })
}

/// The addresses that were tried in vain.
#[derive(Debug, Default)]
struct Missed {
    failed: Vec<(SocketAddr, &'static CodeDecl, String)>,
    silent: Vec<SocketAddr>,
}

async fn race(mut queue: VecDeque<SocketAddr>, cx: &ProbeCx) -> Result<TcpStream, Missed> {
    let mut missed = Missed::default();
    let mut running = FuturesUnordered::new();
    loop {
        if let Some(address) = queue.pop_front() {
            missed.silent.push(address);
            running.push(async move { (address, TcpStream::connect(address).await) });
        }
        let deadline = cx.deadline();
        let next = if queue.is_empty() {
            deadline
        } else {
            deadline.min(Instant::now() + STAGGER)
        };
        match tokio::time::timeout_at(next.into(), running.next()).await {
            Ok(Some((_, Ok(stream)))) => return Ok(stream),
            Ok(Some((address, Err(error)))) => {
                missed.silent.retain(|silent| *silent != address);
                let code = code_of_connect(&error, address);
                missed.failed.push((address, code, plain(&error)));
            }
            Ok(None) => return Err(missed),
            Err(_elapsed) if Instant::now() >= cx.deadline() => return Err(missed),
            Err(_elapsed) => {}
        }
    }
}

/// A machine whose IPv6 is switched off says so by the error that otherwise means "no port is left".
fn code_of_connect(error: &io::Error, address: SocketAddr) -> &'static CodeDecl {
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::AFNOSUPPORT) => codes::net::UNREACHABLE,
        Some(Errno::ADDRNOTAVAIL) if address.is_ipv6() => codes::net::UNREACHABLE,
        _ => code_of_io(error),
    }
}

impl Missed {
    /// Returns what the missed addresses mean together.
    fn fault(&self, cx: &ProbeCx) -> Fault {
        let code = self.code();
        let mut parts: Vec<String> = self
            .failed
            .iter()
            .map(|(address, code, words)| format!("{address}: {}", describe(code, words)))
            .collect();
        parts.extend(
            self.silent
                .iter()
                .map(|address| format!("{address}: no answer")),
        );
        if code == codes::net::TIMEOUT && !self.silent.is_empty() {
            let fault = timed_out("connect", cx);
            let message = format!("{} ({})", fault.message, parts.join("; "));
            return Fault { message, ..fault };
        }
        net_fault(code, format!("connection failed: {}", parts.join("; ")))
    }

    /// Returns the code that speaks for all: what we lack first, since with it we have not looked; then
    /// what the subject did; only when nothing of it reached the subject, what kept us from it.
    fn code(&self) -> &'static CodeDecl {
        let has = |wanted: &CodeDecl| self.failed.iter().any(|(_, code, _)| *code == wanted);
        for code in [
            codes::net::NO_DESCRIPTORS,
            codes::net::REFUSED,
            codes::net::RESET,
        ] {
            if has(code) {
                return code;
            }
        }
        if !self.silent.is_empty() || has(codes::net::TIMEOUT) {
            return codes::net::TIMEOUT;
        }
        self.failed
            .first()
            .map_or(codes::net::NO_SUCH_NAME, |(_, code, _)| code)
    }
}

fn describe(code: &CodeDecl, words: &str) -> String {
    match code.code {
        "net/refused" => "refused".to_owned(),
        "net/reset" => "reset".to_owned(),
        _ => words.to_owned(),
    }
}

/// RFC 8305, section 5: the recommended delay between attempts.
const STAGGER: Duration = Duration::from_millis(250);
/// A name with more addresses than this is not a service but a list.
const MOST_ADDRESSES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn cx(millis: u64) -> ProbeCx {
        ProbeCx::new(
            Instant::now(),
            Duration::from_millis(millis),
            jiff::Timestamp::now(),
            1,
        )
    }

    fn missed(failed: &[(&str, &'static CodeDecl)], silent: &[&str]) -> Missed {
        Missed {
            failed: failed
                .iter()
                .map(|(address, code)| (address.parse().unwrap(), *code, "words".to_owned()))
                .collect(),
            silent: silent
                .iter()
                .map(|address| address.parse().unwrap())
                .collect(),
        }
    }

    #[test]
    fn families_take_turns_and_the_hosts_order_stands() {
        let addresses = ["2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2"];
        let parsed: Vec<IpAddr> = addresses.iter().map(|a| a.parse().unwrap()).collect();
        let turns: Vec<String> = interleave(&parsed).map(|a| a.to_string()).collect();
        assert_eq!(
            turns,
            ["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"]
        );
    }

    #[test]
    fn the_subject_is_blamed_only_when_it_was_reached() {
        let unreachable = ("[2001:db8::1]:443", codes::net::UNREACHABLE);
        let refused = ("192.0.2.1:443", codes::net::REFUSED);
        let no_files = ("192.0.2.2:443", codes::net::NO_DESCRIPTORS);
        for (failed, silent, code) in [
            (vec![unreachable], vec![], "net/unreachable"),
            (vec![unreachable, refused], vec![], "net/refused"),
            (vec![unreachable], vec!["192.0.2.1:443"], "net/timeout"),
            (vec![refused, no_files], vec![], "net/no_descriptors"),
        ] {
            assert_eq!(missed(&failed, &silent).code().code, code);
        }
    }

    #[test]
    fn a_fault_names_every_address() {
        let missed = missed(
            &[("[2001:db8::1]:443", codes::net::UNREACHABLE)],
            &["192.0.2.1:443"],
        );
        assert_eq!(
            missed.fault(&cx(2000)).message,
            "timed out after 2s in phase `connect` ([2001:db8::1]:443: words; 192.0.2.1:443: no answer)"
        );
    }

    #[test]
    fn a_machine_without_ipv6_has_not_run_out_of_ports() {
        let error = io::Error::from_raw_os_error(Errno::ADDRNOTAVAIL.raw_os_error());
        let code = |address: &str| code_of_connect(&error, address.parse().unwrap()).code;
        assert_eq!(code("[::1]:1"), "net/unreachable");
        assert_eq!(code("127.0.0.1:1"), "net/no_descriptors");
    }
}
