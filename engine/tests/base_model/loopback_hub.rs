//! A server on this machine that speaks as much of the hub's protocol as a download needs: small files are sent
//! directly, weights by a redirect to another address, both in pieces as the `Range` header asks.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A running hub with a few files.
pub(crate) struct LoopbackHub {
    address: SocketAddr,
    n_requests: Arc<AtomicUsize>,
}

impl LoopbackHub {
    /// Starts a hub that has `files` in every repository, at every revision.
    pub(crate) fn start(files: &[(&str, &[u8])]) -> Self {
        let files: HashMap<String, Vec<u8>> = files
            .iter()
            .map(|(name, content)| ((*name).to_owned(), content.to_vec()))
            .collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let n_requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&n_requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                // A client that hangs up is not the hub's problem.
                let _ = answer(stream, &files, address);
            }
        });
        Self {
            address,
            n_requests,
        }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn n_requests(&self) -> usize {
        self.n_requests.load(Ordering::SeqCst)
    }
}

fn answer(
    mut stream: TcpStream,
    files: &HashMap<String, Vec<u8>>,
    hub: SocketAddr,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().unwrap_or(Ok(String::new()))?;
    let mut range = None;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(bounds) = line.strip_prefix("range: bytes=") {
            let (from, to) = bounds.split_once('-').unwrap();
            range = Some((from.parse::<usize>().unwrap(), to.parse::<usize>().ok()));
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_hub_path = path.contains("/resolve/");
    let Some(content) = files
        .get(name)
        .filter(|_| is_hub_path || path.starts_with("/storage/"))
    else {
        return stream.write_all(
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
    };
    let about = "X-Repo-Commit: 0123456789abcdef0123456789abcdef01234567\r\nConnection: close\r\n";
    if is_hub_path && name.ends_with(".safetensors") {
        return stream.write_all(
            format!(
                "HTTP/1.1 302 Found\r\n{about}X-Linked-ETag: \"tag-{name}\"\r\nLocation: http://{hub}/storage/{name}\r\nContent-Length: 0\r\n\r\n"
            )
            .as_bytes(),
        );
    }
    let (from, to) = range.unwrap_or((0, None));
    let last = to.unwrap_or(usize::MAX).min(content.len() - 1);
    let piece = &content[from..=last];
    let head = format!(
        "HTTP/1.1 206 Partial Content\r\n{about}ETag: \"tag-{name}\"\r\nContent-Range: bytes {from}-{last}/{}\r\nContent-Length: {}\r\n\r\n",
        content.len(),
        piece.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(piece)
}
