//! Reads what a PostgreSQL server sends, and lets only well-formed messages through to sqlx.
//!
//! sqlx trusts a server: a length of 4 GiB is allocated, a message that is too short for its type
//! panics, notices are logged, and an error in another encoding than UTF-8 loses its SQLSTATE. What a
//! gate talks to may be anything, so every message is read whole, under a cap, and looked at first.

use std::borrow::Cow;
use std::io;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// Why nothing more comes from the server.
#[derive(Debug)]
pub(super) enum Ended {
    /// It closed the connection, or the connection broke.
    Broken(io::Error),
    /// It does not speak PostgreSQL.
    Garbage(String),
    /// It says more than any question of ours needs.
    TooLarge(String),
    /// We closed the connection.
    ByUs,
}

/// Passes messages on until the connection ends or says what it must not.
pub(super) async fn pass_on(
    mut server: impl AsyncRead + Unpin,
    mut client: impl AsyncWrite + Unpin,
) -> Ended {
    let mut guard = Guard::default();
    loop {
        let message = match guard.read(&mut server).await {
            Ok(Some(message)) => message,
            Ok(None) => continue,
            Err(ended) => return ended,
        };
        if client.write_all(&message).await.is_err() {
            return Ended::ByUs;
        }
    }
}

#[derive(Default)]
struct Guard {
    logged_in: bool,
    total: u64,
    buffer: BytesMut,
}

impl Guard {
    /// Reads a message; none when it is one that sqlx has no need to see.
    async fn read(
        &mut self,
        server: &mut (impl AsyncRead + Unpin),
    ) -> Result<Option<Vec<u8>>, Ended> {
        let known = if self.logged_in {
            KNOWN
        } else {
            KNOWN_AT_LOGIN
        };
        // The first byte tells: whoever sends something else may never send a fifth.
        let kind = self.fill(server, 1).await?[0];
        if !known.contains(&kind) {
            return Err(self.garbage());
        }
        let header = self.fill(server, HEADER).await?;
        let length = u32::from_be_bytes([header[1], header[2], header[3], header[4]]);
        if length < 4 || (!self.logged_in && length > MAX_AT_LOGIN) {
            return Err(self.garbage());
        }
        self.total += u64::from(length);
        if self.total > MAX_TOTAL {
            let most = MAX_TOTAL >> 20;
            return Err(Ended::TooLarge(format!(
                "the answer is larger than {most} MiB"
            )));
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX) + 1;
        self.fill(server, length).await?;
        let body = self.buffer.split_to(length).split_off(HEADER);
        self.look_at(kind, &body)
    }

    /// Reads until the buffer holds `length` bytes, and returns them; allocates for what comes, not for
    /// what is announced.
    async fn fill(
        &mut self,
        server: &mut (impl AsyncRead + Unpin),
        length: usize,
    ) -> Result<&[u8], Ended> {
        while self.buffer.len() < length {
            self.buffer.reserve(CHUNK);
            match server.read_buf(&mut self.buffer).await {
                Ok(0) => return Err(Ended::Broken(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => {}
                Err(error) => return Err(Ended::Broken(error)),
            }
        }
        Ok(&self.buffer[..length])
    }

    fn look_at(&mut self, kind: u8, body: &[u8]) -> Result<Option<Vec<u8>>, Ended> {
        let well_formed = match kind {
            b'R' => well_formed_authentication(body),
            b'K' => body.len() >= 8,
            b'Z' => matches!(body, [b'I' | b'T' | b'E']),
            b't' => matches!(body, [a, b, types @ ..]
                if types.len() == 4 * usize::from(u16::from_be_bytes([*a, *b]))),
            b'D' => well_formed_row(body),
            _ => true,
        };
        if !well_formed {
            return Err(Ended::Garbage(format!(
                "sends a malformed message of type `{}`",
                char::from(kind)
            )));
        }
        match kind {
            b'Z' => self.logged_in = true,
            // Nobody reads notices and notifications, and a log must not repeat them.
            b'N' | b'A' => return Ok(None),
            _ => {}
        }
        let body = if kind == b'E' {
            Cow::Owned(String::from_utf8_lossy(body).into_owned().into_bytes())
        } else {
            Cow::Borrowed(body)
        };
        let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
        let mut message = Vec::with_capacity(body.len() + HEADER);
        message.push(kind);
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(&body);
        Ok(Some(message))
    }

    fn garbage(&self) -> Ended {
        let bytes = &self.buffer[..self.buffer.len().min(SHOWN)];
        let when = if self.logged_in {
            "sends"
        } else {
            "answers with"
        };
        Ended::Garbage(format!("{when} `{}`", bytes.escape_ascii()))
    }
}

fn well_formed_authentication(body: &[u8]) -> bool {
    let Some((code, rest)) = body.split_first_chunk::<4>() else {
        return false;
    };
    // An MD5 request carries four bytes of salt.
    u32::from_be_bytes(*code) != 5 || rest.len() == 4
}

/// Returns whether the values of a row fill its message exactly.
fn well_formed_row(body: &[u8]) -> bool {
    let Some((count, mut rest)) = body.split_first_chunk::<2>() else {
        return false;
    };
    for _ in 0..u16::from_be_bytes(*count) {
        let Some((length, values)) = rest.split_first_chunk::<4>() else {
            return false;
        };
        // Negative is NULL: no bytes follow.
        let length = usize::try_from(i32::from_be_bytes(*length)).unwrap_or(0);
        let Some(values) = values.get(length..) else {
            return false;
        };
        rest = values;
    }
    rest.is_empty()
}

const HEADER: usize = 5;
const SHOWN: usize = 24;
const MAX_AT_LOGIN: u32 = 64 << 10;
const CHUNK: usize = 8 << 10;
const MAX_TOTAL: u64 = 8 << 20;
const KNOWN_AT_LOGIN: &[u8] = b"RESKZN";
const KNOWN: &[u8] = b"123ACDEINRSTZnst";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    async fn passed(sent: &[u8]) -> (Vec<u8>, Ended) {
        let mut received = Vec::new();
        let ended = pass_on(sent, &mut received).await;
        (received, ended)
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [&[kind], length.to_be_bytes().as_slice(), body].concat()
    }

    const READY: &[u8] = b"Z\0\0\0\x05I";

    #[tokio::test]
    async fn well_formed_messages_pass_and_notices_do_not() {
        let error = message(b'E', b"C28P01\0M\xfferror\0\0");
        let sent = [READY, &message(b'N', b"Mpsst\0\0"), &error].concat();
        let (received, ended) = passed(&sent).await;
        let lossy = message(b'E', "C28P01\0M\u{fffd}error\0\0".as_bytes());
        assert_eq!(received, [READY, &lossy].concat());
        assert!(
            matches!(ended, Ended::Broken(error) if error.kind() == io::ErrorKind::UnexpectedEof)
        );
    }

    #[tokio::test]
    async fn what_is_not_postgresql_is_told_by_its_first_words() {
        for (sent, told) in [
            (
                &b"HTTP/1.1 400 Bad Request\r\n"[..],
                "answers with `HTTP/1.1 400 Bad Request`",
            ),
            (
                b"-ERR unknown command\r\n",
                "answers with `-ERR unknown command\\r\\n`",
            ),
            (b"\x16\x03", "answers with `\\x16\\x03`"),
            (b"R\xff\xff\xff\xff", "answers with `R\\xff\\xff\\xff\\xff`"),
            (b"Z\0\0\0\x03", "answers with `Z\\x00\\x00\\x00\\x03`"),
        ] {
            let (received, ended) = passed(sent).await;
            assert!(received.is_empty());
            assert!(
                matches!(&ended, Ended::Garbage(what) if what == told),
                "{ended:?}"
            );
        }
    }

    #[tokio::test]
    async fn malformed_and_oversized_messages_end_the_connection() {
        for body in [&b"\0\x01"[..], b"\0\x01\0\0\0\x05abc", b"\0\0rest", b""] {
            let (_, ended) = passed(&[READY, &message(b'D', body)].concat()).await;
            assert!(
                matches!(&ended, Ended::Garbage(what) if what == "sends a malformed message of type `D`"),
                "{ended:?}"
            );
        }
        for (kind, body) in [
            (b'R', &b"\0\0"[..]),
            (b'R', b"\0\0\0\x05ab"),
            (b'K', b"1234567"),
            (b'Z', b""),
        ] {
            let (_, ended) = passed(&message(kind, body)).await;
            assert!(matches!(ended, Ended::Garbage(_)), "{ended:?}");
        }
        let (_, ended) = passed(&[READY, b"D\x7f\xff\xff\xff"].concat()).await;
        assert!(matches!(ended, Ended::TooLarge(_)), "{ended:?}");
        let row = message(
            b'D',
            &[&b"\0\x01\0\x0f\xff\xff"[..], &vec![b'x'; 0x000f_ffff]].concat(),
        );
        let (received, ended) = passed(&[READY, &row.repeat(20)].concat()).await;
        assert!(matches!(ended, Ended::TooLarge(_)), "{ended:?}");
        assert!(received.len() < 9 << 20);
    }

    proptest! {
        #[test]
        fn whatever_comes_nothing_but_whole_messages_pass(
            logged_in: bool,
            kinds in proptest::collection::vec((any::<u8>(), any::<Vec<u8>>()), 0..8),
            noise: Vec<u8>,
        ) {
            let mut sent = if logged_in { READY.to_vec() } else { Vec::new() };
            for (kind, body) in kinds {
                sent.extend(message(kind, &body));
            }
            sent.extend(noise);
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (received, _) = runtime.block_on(passed(&sent));
            let mut rest = received.as_slice();
            while let [kind, a, b, c, d, ..] = *rest {
                prop_assert!(KNOWN.contains(&kind) || KNOWN_AT_LOGIN.contains(&kind));
                let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap() + 1;
                prop_assert!(length <= rest.len());
                rest = &rest[length..];
            }
            prop_assert!(rest.is_empty());
        }
    }
}
