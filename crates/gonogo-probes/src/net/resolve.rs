//! Names to addresses, as the host does it: getaddrinfo with its files, search list and order.
//!
//! A look-up may hang for as long as the C library likes and cannot be stopped, so it runs on a thread
//! of its own that nobody waits for: not the attempt, whose deadline ends the await, and not the end of
//! the program. One name is looked up by one thread a round, and few threads look up at once.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::{Arc, Mutex, PoisonError};

use gonogo_kind::ProbeCx;
use gonogo_model::{Fault, codes};
use tokio::sync::{OnceCell, Semaphore, oneshot};

use super::deadline::within;
use super::fault::{code_of_io, net_fault, plain};
use super::shared::Net;

/// Names that were looked up in this round.
#[derive(Debug)]
pub(super) struct Names {
    round: Mutex<Round>,
    threads: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Round {
    number: u32,
    names: HashMap<String, Arc<OnceCell<Answer>>>,
}

/// What a look-up gave; addresses in the order in which the host would try them.
type Answer = Result<Vec<IpAddr>, Miss>;

/// Why a look-up gave no address.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Miss {
    /// The resolver answered that there is none.
    NoSuchName,
    /// The resolver did not answer; the words of the system.
    Resolver(String),
    /// The look-up could not be started; the words of the system.
    NoThread(String),
}

impl Default for Names {
    fn default() -> Self {
        Self {
            round: Mutex::default(),
            threads: Arc::new(Semaphore::new(THREADS)),
        }
    }
}

impl Net {
    /// Returns the addresses of a host, at least one, for a library that connects by itself.
    ///
    /// # Errors
    ///
    /// As for a connection of ours: the name has none, or the resolver is dead.
    pub(crate) async fn addresses(&self, host: &str, cx: &ProbeCx) -> Result<Vec<IpAddr>, Fault> {
        self.names.resolve(host, cx).await
    }
}

impl Names {
    /// Returns the addresses of a host, at least one.
    pub(super) async fn resolve(&self, host: &str, cx: &ProbeCx) -> Result<Vec<IpAddr>, Fault> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let cell = self.cell(host, cx.round());
        let answer = within("resolve", cx, async {
            cell.get_or_init(|| look_up(host, &self.threads))
                .await
                .clone()
        })
        .await;
        if !matches!(answer, Ok(Ok(_) | Err(Miss::NoSuchName))) {
            self.forget(host, &cell);
        }
        let answer = answer.map_err(|_timeout| {
            // Silence is the resolver's, whoever's name was asked for.
            resolver_fault(host, "it gave no answer in time")
        })?;
        answer.map_err(|miss| match miss {
            Miss::NoSuchName => net_fault(
                codes::net::NO_SUCH_NAME,
                format!("no address for the name `{host}`"),
            ),
            Miss::Resolver(words) => resolver_fault(host, &words),
            Miss::NoThread(words) => net_fault(
                codes::net::NO_DESCRIPTORS,
                format!("no thread to look up `{host}`: {words}"),
            ),
        })
    }

    /// Forgets a failure of ours: whoever waited with us shares it, who comes later asks again.
    fn forget(&self, host: &str, cell: &Arc<OnceCell<Answer>>) {
        let mut round = self.round.lock().unwrap_or_else(PoisonError::into_inner);
        let name = host.to_ascii_lowercase();
        if round
            .names
            .get(&name)
            .is_some_and(|known| Arc::ptr_eq(known, cell) && known.initialized())
        {
            round.names.remove(&name);
        }
    }

    /// Returns where the answer for a name stands; a new round forgets the old one.
    fn cell(&self, host: &str, number: u32) -> Arc<OnceCell<Answer>> {
        let mut round = self.round.lock().unwrap_or_else(PoisonError::into_inner);
        if round.number != number {
            *round = Round {
                number,
                names: HashMap::new(),
            };
        }
        Arc::clone(round.names.entry(host.to_ascii_lowercase()).or_default())
    }
}

fn resolver_fault(host: &str, why: &str) -> Fault {
    net_fault(
        codes::net::RESOLVER,
        format!("the resolver of this machine could not look up `{host}`: {why}"),
    )
}

async fn look_up(host: &str, threads: &Arc<Semaphore>) -> Answer {
    let Ok(permit) = Arc::clone(threads).acquire_owned().await else {
        return Err(Miss::NoThread("the queue is closed".to_owned()));
    };
    let (answer, result) = oneshot::channel();
    let name = host.to_owned();
    let thread = std::thread::Builder::new()
        .name("resolve".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            let found = (name.as_str(), 0)
                .to_socket_addrs()
                .map(|found| found.map(|address| address.ip()).collect());
            drop(permit);
            // Nobody waits any more when the attempt has ended.
            let _unsent = answer.send(found);
        });
    if let Err(error) = thread {
        return Err(Miss::NoThread(plain(&error)));
    }
    match result.await {
        Ok(found) => read_answer(found),
        Err(_thread_died) => Err(Miss::Resolver("the look-up crashed".to_owned())),
    }
}

/// Tells "there is no such name" from "the resolver is dead".
///
/// The standard library hides the number that getaddrinfo returns and keeps its words. Only words that
/// are known to mean an answer count as one; whatever else comes is our failure to look.
fn read_answer(found: io::Result<Vec<IpAddr>>) -> Answer {
    match found {
        Ok(addresses) if addresses.is_empty() => Err(Miss::NoSuchName),
        Ok(mut addresses) => {
            let mut seen = std::collections::HashSet::new();
            addresses.retain(|address| seen.insert(*address));
            Ok(addresses)
        }
        Err(error) if error.raw_os_error().is_some() => {
            let words = plain(&error);
            if code_of_io(&error) == codes::net::NO_DESCRIPTORS {
                Err(Miss::NoThread(words))
            } else {
                Err(Miss::Resolver(words))
            }
        }
        Err(error) => {
            let text = error.to_string();
            let words = text.rsplit(": ").next().unwrap_or_default();
            if NO_SUCH_NAME
                .iter()
                .any(|known| words.eq_ignore_ascii_case(known))
            {
                Err(Miss::NoSuchName)
            } else {
                Err(Miss::Resolver(words.to_lowercase()))
            }
        }
    }
}

/// What glibc, musl and macOS say for EAI_NONAME, EAI_NODATA and EAI_ADDRFAMILY.
const NO_SUCH_NAME: &[&str] = &[
    "Name or service not known",
    "No address associated with hostname",
    "Address family for hostname not supported",
    "Name does not resolve",
    "Name has no usable address",
    "nodename nor servname provided, or not known",
];

/// Look-ups at once: enough for a gate of many names, few enough for a resolver that counts.
const THREADS: usize = 64;
/// getaddrinfo keeps answers on its stack.
const STACK: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn cx(round: u32) -> ProbeCx {
        ProbeCx::new(
            Instant::now(),
            Duration::from_secs(10),
            jiff::Timestamp::now(),
            round,
        )
    }

    #[test]
    fn a_dead_resolver_is_told_from_a_name_that_does_not_exist() {
        let said = |words: &str| {
            read_answer(Err(io::Error::other(format!(
                "failed to lookup address information: {words}"
            ))))
        };
        assert_eq!(said("Name or service not known"), Err(Miss::NoSuchName));
        assert_eq!(
            said("No address associated with hostname"),
            Err(Miss::NoSuchName)
        );
        for ours in [
            "Temporary failure in name resolution",
            "Non-recoverable failure in name resolution",
            "Some words of a later C library",
        ] {
            assert_eq!(said(ours), Err(Miss::Resolver(ours.to_lowercase())));
        }
        let no_files = io::Error::from_raw_os_error(rustix::io::Errno::MFILE.raw_os_error());
        assert_eq!(
            read_answer(Err(no_files)),
            Err(Miss::NoThread("too many open files".to_owned()))
        );
    }

    #[tokio::test]
    async fn addresses_need_no_resolver() {
        let names = Names::default();
        for literal in ["192.0.2.7", "2001:db8::7"] {
            let found = names.resolve(literal, &cx(1)).await;
            assert_eq!(found, Ok(vec![literal.parse().unwrap()]));
        }
        assert!(names.round.lock().unwrap().names.is_empty());
    }

    #[tokio::test]
    async fn a_name_is_looked_up_once_a_round() {
        let names = Names::default();
        let found = names.resolve("localhost", &cx(1)).await.unwrap();
        assert!(found.iter().all(IpAddr::is_loopback), "{found:?}");
        let first = names.cell("LocalHost", 1);
        assert!(first.initialized());
        assert!(Arc::ptr_eq(&first, &names.cell("localhost", 1)));
        assert!(!names.cell("localhost", 2).initialized());
    }

    #[tokio::test]
    async fn an_answer_is_kept_and_a_failure_of_ours_is_asked_for_again() {
        let names = Names::default();
        for (answer, code, kept) in [
            (Err(Miss::NoSuchName), "net/no_such_name", true),
            (
                Err(Miss::Resolver("silence".to_owned())),
                "net/resolver",
                false,
            ),
            (
                Err(Miss::NoThread("none left".to_owned())),
                "net/no_descriptors",
                false,
            ),
        ] {
            let cell = names.cell("one.test", 1);
            cell.set(answer).unwrap();
            let fault = names.resolve("one.test", &cx(1)).await.unwrap_err();
            assert_eq!(fault.code.as_str(), code);
            assert_eq!(names.cell("one.test", 1).initialized(), kept);
            names.round.lock().unwrap().names.clear();
        }
    }
}
