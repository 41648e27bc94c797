//! A server on this machine that speaks as much of the hub's protocol as a download needs: small files are sent
//! directly, weights by a redirect to another address, both in pieces as the `Range` header asks. It can have the
//! faults that a real hub has now and then.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

/// What goes wrong.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    /// Answers every request for a file with this status.
    pub(crate) status: Option<u16>,
    /// Gives files only to who sends this token.
    pub(crate) token: Option<&'static str>,
    /// Hangs up after so many bytes of the weights, as often as `n_cuts` says.
    pub(crate) cut_after: usize,
    /// How often the connection is cut.
    pub(crate) n_cuts: usize,
    /// Sends the weights in small pieces with a pause before each.
    pub(crate) drip: bool,
    /// Says the SHA-256 of other weights.
    pub(crate) wrong_hash: bool,
}

/// A running hub with a few files.
pub(crate) struct LoopbackHub {
    address: SocketAddr,
    n_requests: Arc<AtomicUsize>,
    ranges: Arc<Mutex<Vec<usize>>>,
}

struct Hub {
    address: SocketAddr,
    files: HashMap<String, Vec<u8>>,
    faults: Faults,
    n_cuts: AtomicUsize,
    ranges: Arc<Mutex<Vec<usize>>>,
}

impl LoopbackHub {
    /// Starts a hub that has `files` in every repository, at every revision.
    pub(crate) fn start(files: &[(&str, &[u8])]) -> Self {
        Self::with_faults(files, Faults::default())
    }

    /// Starts a hub with faults.
    pub(crate) fn with_faults(files: &[(&str, &[u8])], faults: Faults) -> Self {
        let files: HashMap<String, Vec<u8>> = files
            .iter()
            .map(|(name, content)| ((*name).to_owned(), content.to_vec()))
            .collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let n_requests = Arc::new(AtomicUsize::new(0));
        let ranges = Arc::new(Mutex::new(Vec::new()));
        let hub = Arc::new(Hub {
            address,
            files,
            n_cuts: AtomicUsize::new(faults.n_cuts),
            faults,
            ranges: Arc::clone(&ranges),
        });
        let count = Arc::clone(&n_requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let hub = Arc::clone(&hub);
                // A client that hangs up is not the hub's problem.
                thread::spawn(move || hub.answer(stream));
            }
        });
        Self {
            address,
            n_requests,
            ranges,
        }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn n_requests(&self) -> usize {
        self.n_requests.load(Ordering::SeqCst)
    }

    /// First bytes that were asked for of the weights, in turn.
    pub(crate) fn weight_ranges(&self) -> Vec<usize> {
        self.ranges.lock().unwrap().clone()
    }
}

impl Hub {
    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let request = lines.next().unwrap_or(Ok(String::new()))?;
        let (mut range, mut token) = (None, None);
        for line in lines {
            let line = line?;
            if line.is_empty() {
                break;
            }
            let lower = line.to_ascii_lowercase();
            if let Some(bounds) = lower.strip_prefix("range: bytes=") {
                let (from, to) = bounds.split_once('-').unwrap();
                range = Some((from.parse::<usize>().unwrap(), to.parse::<usize>().ok()));
            }
            if lower.starts_with("authorization: bearer ") {
                token = line.rsplit(' ').next().map(str::to_owned);
            }
        }
        let path = request.split(' ').nth(1).unwrap_or_default();
        if path.starts_with("/api/models/") {
            return self.list(stream);
        }
        if let Some(status) = self.faults.status {
            return refuse(stream, status);
        }
        if self.faults.token.is_some() && self.faults.token != token.as_deref() {
            return refuse(stream, 401);
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_hub_path = path.contains("/resolve/");
        let Some(content) = self
            .files
            .get(name)
            .filter(|_| is_hub_path || path.starts_with("/storage/"))
        else {
            return refuse(stream, 404);
        };
        let about =
            "X-Repo-Commit: 0123456789abcdef0123456789abcdef01234567\r\nConnection: close\r\n";
        if is_hub_path && name.ends_with(".safetensors") {
            let (hub, tag) = (self.address, self.hash(content));
            return stream.write_all(
                format!(
                    "HTTP/1.1 302 Found\r\n{about}X-Linked-ETag: \"{tag}\"\r\nLocation: \
                     http://{hub}/storage/{name}\r\nContent-Length: 0\r\n\r\n"
                )
                .as_bytes(),
            );
        }
        let (from, to) = range.unwrap_or((0, None));
        if from >= content.len() {
            return refuse(stream, 416);
        }
        let last = to.unwrap_or(usize::MAX).min(content.len() - 1);
        let piece = &content[from..=last];
        let head = format!(
            "HTTP/1.1 206 Partial Content\r\n{about}ETag: \"tag-{name}\"\r\nContent-Range: bytes \
             {from}-{last}/{}\r\nContent-Length: {}\r\n\r\n",
            content.len(),
            piece.len()
        );
        stream.write_all(head.as_bytes())?;
        let is_weights = name.ends_with(".safetensors") && to.is_none();
        if is_weights {
            self.ranges.lock().unwrap().push(from);
        }
        if is_weights && self.is_cut() {
            return stream.write_all(&piece[..self.faults.cut_after.min(piece.len())]);
        }
        if is_weights && self.faults.drip {
            for drop in piece.chunks(piece.len() / 20 + 1) {
                thread::sleep(Duration::from_millis(20));
                stream.write_all(drop)?;
            }
            return Ok(());
        }
        stream.write_all(piece)
    }

    /// Whether this connection is one of those that are cut.
    fn is_cut(&self) -> bool {
        let less = |n: usize| n.checked_sub(1);
        self.n_cuts
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
            .is_ok()
    }

    fn hash(&self, content: &[u8]) -> String {
        let said: &[u8] = if self.faults.wrong_hash {
            b"other"
        } else {
            content
        };
        Sha256::digest(said)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn list(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let files: Vec<String> = self
            .files
            .keys()
            .map(|name| format!("{{\"rfilename\":\"{name}\"}}"))
            .collect();
        let body = format!("{{\"sha\":\"0\",\"siblings\":[{}]}}", files.join(","));
        stream.write_all(
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: \
                 close\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        )
    }
}

fn refuse(mut stream: TcpStream, status: u16) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())
}
