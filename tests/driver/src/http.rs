//! One request, one answer: as much of HTTP as the driver speaks.

use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// An answer of the driver.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Sends one request on a connection of its own: kept connections have dropped answers in mid-session.
pub(crate) fn request(
    port: u16,
    method: &str,
    path: &str,
    body: &str,
    patience: Duration,
) -> Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(patience))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    read_answer(stream)
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Whether somebody listens on `port`.
pub(crate) fn is_open(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// Reads the status and the body; the driver always gives a length.
fn read_answer(stream: impl Read) -> Result<Answer> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| Error::other("the connection was closed without an answer"))?;
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Answer { status, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_status_and_a_body_of_the_length_it_says() {
        let answer =
            read_answer(&b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}more"[..]).unwrap();
        assert_eq!((answer.status, answer.body), (404, b"{}".to_vec()));
    }

    #[test]
    fn a_closed_connection_is_an_error() {
        assert!(read_answer(&b""[..]).is_err());
    }
}
