//! Commands and replies on a connection.
//!
//! The redis crate builds the commands and reads the replies. Where a reply ends is found here: its own
//! connection takes a driver task, times out by itself and gives a length that a server claims the
//! memory it asks for.

use std::io;

use redis::{Cmd, Value};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// A connection, secured or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection on which one command is asked at a time.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    /// What was received and not yet read.
    buffer: Vec<u8>,
}

/// Why there is no reply.
#[derive(Debug)]
pub(super) enum Broken {
    /// The operating system or TLS reported an error.
    Io(io::Error),
    /// What came is no reply of Redis, in words.
    NotRedis(String),
    /// What came is an alert of TLS.
    TlsAlert,
}

impl Wire {
    /// Returns the wire over a fresh connection.
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Sends a command and returns its reply.
    pub(super) async fn ask(&mut self, command: &Cmd) -> Result<Value, Broken> {
        if !self.buffer.is_empty() {
            let told = quoted(&self.buffer);
            return Err(Broken::NotRedis(format!("it talks unasked: {told}")));
        }
        // A server that refuses a client says so and closes at once: what it said counts for more than
        // that our command did not reach it.
        let sent = self.stream.write_all(&command.get_packed_command()).await;
        let flushed = match sent {
            Ok(()) => self.stream.flush().await,
            Err(error) => Err(error),
        };
        match (self.reply().await, flushed) {
            (Err(Broken::Io(_)), Err(error)) => Err(Broken::Io(error)),
            (reply, _) => reply,
        }
    }

    async fn reply(&mut self) -> Result<Value, Broken> {
        loop {
            match frame(&self.buffer)? {
                Frame::Whole(length) => {
                    let rest = self.buffer.split_off(length);
                    let bytes = std::mem::replace(&mut self.buffer, rest);
                    return redis::parse_redis_value(&bytes)
                        .map_err(|_malformed| Broken::NotRedis(quoted(&bytes)));
                }
                Frame::Partial => self.receive().await?,
            }
        }
    }

    async fn receive(&mut self) -> Result<(), Broken> {
        self.buffer.reserve(CHUNK);
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(0) if self.buffer.is_empty() => Err(Broken::Io(io::ErrorKind::UnexpectedEof.into())),
            Ok(0) => {
                let told = quoted(&self.buffer);
                Err(Broken::NotRedis(format!("{told}, and then the end")))
            }
            Ok(_) => Ok(()),
            Err(error) => Err(Broken::Io(error)),
        }
    }
}

/// How much of a reply is there.
#[derive(Debug, PartialEq, Eq)]
enum Frame {
    /// A whole reply of so many bytes.
    Whole(usize),
    /// Only its beginning.
    Partial,
}

/// Finds the end of the first reply: a line, or a string whose length the line gives.
///
/// Nothing that is asked here is answered by an array, so whoever sends one is not Redis.
fn frame(bytes: &[u8]) -> Result<Frame, Broken> {
    let not_redis = || Broken::NotRedis(quoted(bytes));
    let Some((kind, _)) = bytes.split_first() else {
        return Ok(Frame::Partial);
    };
    match kind {
        b'+' | b'-' | b':' | b'$' => {}
        21 => return Err(Broken::TlsAlert),
        _ => return Err(not_redis()),
    }
    let Some(line) = bytes
        .windows(2)
        .take(LONGEST_LINE)
        .position(|w| w == b"\r\n")
    else {
        return if bytes.len() > LONGEST_LINE {
            Err(not_redis())
        } else {
            Ok(Frame::Partial)
        };
    };
    let after_line = line + 2;
    if *kind != b'$' {
        return Ok(Frame::Whole(after_line));
    }
    let length = bytes
        .get(1..line)
        .and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<i64>().ok())
        .ok_or_else(not_redis)?;
    if length == -1 {
        return Ok(Frame::Whole(after_line));
    }
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= LONGEST_STRING)
        .ok_or_else(not_redis)?;
    let end = after_line + length + 2;
    match bytes.get(end - 2..end) {
        None => Ok(Frame::Partial),
        Some(b"\r\n") => Ok(Frame::Whole(end)),
        Some(_) => Err(not_redis()),
    }
}

/// Quotes the first line of what came, everything that is not plain ASCII as dots.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let line: String = bytes
        .iter()
        .take_while(|byte| !matches!(byte, b'\r' | b'\n'))
        .take(80)
        .map(|byte| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '.',
        })
        .collect();
    format!("`{line}`")
}

const CHUNK: usize = 16 * 1024;
/// Errors and INFO are far shorter.
const LONGEST_LINE: usize = 16 * 1024;
const LONGEST_STRING: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_ends_where_it_says() {
        let cases: &[(&[u8], usize)] = &[
            (b"+PONG\r\n", 7),
            (b"+PONG\r\n+more", 7),
            (b"-ERR x\r\n", 8),
            (b":1\r\n", 4),
            (b"$-1\r\n", 5),
            (b"$0\r\n\r\n", 6),
            (b"$3\r\na\r\n\r\n", 9),
        ];
        for (bytes, length) in cases {
            assert_eq!(frame(bytes).unwrap(), Frame::Whole(*length), "{bytes:?}");
            for part in 0..*length {
                let beginning = &bytes[..part];
                assert_eq!(frame(beginning).unwrap(), Frame::Partial, "{beginning:?}");
            }
        }
    }

    #[test]
    fn what_is_no_reply_is_refused_before_it_is_kept() {
        let long = [b"+".as_slice(), &[b'x'; LONGEST_LINE + 1]].concat();
        let cases: &[&[u8]] = &[
            b"HTTP/1.1 400 Bad Request\r\n",
            b"*99999999999\r\n",
            b"%1\r\n",
            b"$99999999999999999999\r\n",
            b"$1048577\r\n",
            b"$-2\r\n",
            b"$x\r\n",
            b"$3\r\nabcdef",
            &long,
        ];
        for bytes in cases {
            assert!(
                matches!(frame(bytes), Err(Broken::NotRedis(_))),
                "{bytes:?}"
            );
        }
        assert!(matches!(frame(b"\x15\x03\x03"), Err(Broken::TlsAlert)));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(
            kind in proptest::sample::select(b"+-:$*%".to_vec()),
            line in "[ -~\\r\\n\u{e9}]{0,40}",
            rest in proptest::collection::vec(proptest::num::u8::ANY, 0..80),
        ) {
            let bytes = [&[kind], line.as_bytes(), b"\r\n", &rest].concat();
            if let Ok(Frame::Whole(length)) = frame(&bytes) {
                proptest::prop_assert!(length <= bytes.len());
                // Whether it is a reply is for the caller to say.
                let _reply = redis::parse_redis_value(&bytes[..length]);
            }
        }
    }
}
