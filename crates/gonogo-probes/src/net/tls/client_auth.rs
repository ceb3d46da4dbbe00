//! Did the server accept our certificate, or the lack of one?

use std::io;

use gonogo_kind::ProbeCx;
use gonogo_model::{Fault, codes};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::client::TlsStream;

use super::failure::fault_of_read;
use super::tap::Tapped;
use crate::net::{net_fault, within};

/// Makes sure that a server which asked for a client certificate is content with what it got.
///
/// With TLS 1.3 the client is done before the server has looked, and a refusal comes as an alert on the
/// first read. So the connection is closed in good order: what was wrong comes before the server's own
/// close, and a session ticket or that close say that nothing was.
///
/// # Errors
///
/// `tls/client_certificate` when the server refuses it, or goes without a word.
pub(crate) async fn confirm_client_auth(
    mut stream: TlsStream<Tapped>,
    cx: &ProbeCx,
) -> Result<(), Fault> {
    let confirmed = async {
        stream.shutdown().await?;
        let mut ignored = [0; 1024];
        loop {
            match stream.read(&mut ignored).await {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if stream.get_ref().1.tls13_tickets_received() > 0 => {
                    return has_refused(error);
                }
                Err(error) => return Err(error),
            }
            if stream.get_ref().1.tls13_tickets_received() > 0 {
                return Ok(());
            }
        }
    };
    within("tls", cx, confirmed).await?.map_err(|error: io::Error| {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            net_fault(
                codes::tls::CLIENT_CERTIFICATE,
                "the server asked for a client certificate and closed the connection without a word",
            )
        } else {
            fault_of_read(&error, "tls", true)
        }
    })
}

/// A ticket is sent after the certificate was accepted; a connection that ends later ends for itself.
fn has_refused(error: io::Error) -> io::Result<()> {
    match super::failure::tls_error(&error) {
        Some(_) => Err(error),
        None => Ok(()),
    }
}
