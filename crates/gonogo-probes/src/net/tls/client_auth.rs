//! Did the server accept our certificate, or the lack of one?

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use gonogo_kind::ProbeCx;
use gonogo_model::{Fault, codes};
use tokio::io::{AsyncRead as _, AsyncWriteExt as _, ReadBuf};
use tokio_rustls::client::TlsStream;

use super::failure::{fault_of_read, tls_error};
use super::tap::Tapped;
use crate::net::{net_fault, within};

/// Makes sure that a server which asked for a client certificate is content with what it got.
///
/// With TLS 1.3 the client is done before the server has looked, and a refusal comes as an alert on the
/// first read. A session ticket says that the server is content. From a server that sends neither, the
/// connection is closed in good order: what was wrong comes before the server's own close.
///
/// # Errors
///
/// `tls/client_certificate` when the server refuses it, or goes without a word.
pub(crate) async fn confirm_client_auth(
    mut stream: TlsStream<Tapped>,
    cx: &ProbeCx,
) -> Result<(), Fault> {
    let confirmed = async {
        // A close that crosses the alert could destroy it, so the server has the first word.
        match tokio::time::timeout(FIRST_WORD, answer(&mut stream)).await {
            Ok(answer) => return answer,
            Err(_silence) => stream.shutdown().await?,
        }
        answer(&mut stream).await
    };
    let confirmed = within("tls", cx, confirmed).await?;
    confirmed.map_err(|error| match tls_error(&error) {
        Some(_) => fault_of_read(&error, "tls", true),
        None => net_fault(
            codes::tls::CLIENT_CERTIFICATE,
            "the server asked for a client certificate and dropped the connection without a word",
        ),
    })
}

/// Reads until the server has said whether it is content: by a ticket, a close in good order, or an alert.
///
/// Data says nothing: a server may send some before it has looked at the certificate.
async fn answer(stream: &mut TlsStream<Tapped>) -> io::Result<()> {
    let mut ignored = [0; 1024];
    loop {
        let mut buffer = ReadBuf::new(&mut ignored);
        // Tickets are taken in while reading and end no read: ask for them after each poll.
        let read = poll_fn(|cx| {
            let polled = Pin::new(&mut *stream).poll_read(cx, &mut buffer);
            let has_ticket = stream.get_ref().1.tls13_tickets_received() > 0;
            match polled {
                Poll::Ready(Err(error)) if tls_error(&error).is_some() => Poll::Ready(Err(error)),
                _ if has_ticket => Poll::Ready(Ok(true)),
                Poll::Ready(read) => Poll::Ready(read.map(|()| buffer.filled().is_empty())),
                Poll::Pending => Poll::Pending,
            }
        });
        if read.await? {
            return Ok(());
        }
    }
}

/// On a network where a refusal takes longer, it may be told as a connection that was dropped.
const FIRST_WORD: Duration = Duration::from_millis(500);
