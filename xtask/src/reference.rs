//! `test --reference`: a trained model must mean the same to `transformers` as to Embert.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checks::Checks;
use crate::failure::Failure;
use crate::packages::Group;
use crate::worker::Programs;
use crate::{machine, model, packages, place, shell, worker};

/// What goes on top of Debian's own PyTorch.
const ON_DEBIAN: &str = "requirements-debian.txt";

/// PyTorch and everything else from Python packages.
const IN_FULL: &str = "requirements.txt";

/// The reference for ONNX files, and a runtime for them.
const FOR_ONNX: &str = "requirements-onnx.txt";

/// Other readers of tables.
const TO_IMPORT: &str = "requirements-import.txt";

/// Sets up the reference and runs every program that compares Embert with it.
pub(crate) fn test() -> Result<(), Failure> {
    if machine::is_debian() {
        let missing = packages::missing(&[Group::Torch]);
        if !missing.is_empty() {
            println!(
                "This installs Debian's PyTorch (150 MB to download): {}.",
                missing.join(" ")
            );
        }
    }
    let python = light_python()?;
    let onnx_python = onnx_python()?;
    model::ensure()?;
    let embert = worker::build(Programs::shared_with_tests())?;

    let mut checks = Checks::default();
    checks.run("Trained models in transformers", || {
        compare(&python, "check_export.py", "reference-check", &embert)
    });
    checks.run("ONNX files in onnxruntime", || {
        compare(
            &onnx_python,
            "check_onnx.py",
            "reference-onnx-check",
            &embert,
        )
    });
    checks.finish()
}

/// Runs a program that compares the worker `embert` with something else; its files go into `work` below target.
fn compare(python: &Path, program: &str, work: &str, embert: &Path) -> Result<(), Failure> {
    shell::run(
        Command::new(python)
            .current_dir(place::root())
            .arg(file(program)?)
            .arg("--models")
            .arg(place::models())
            .arg("--work")
            .arg(place::target().join(work))
            .arg("--embert")
            .arg(embert),
        "The comparison's own words are above.",
    )
}

/// An interpreter with PyTorch 2 and the Trainer, for the benchmark.
pub(crate) fn bench_python() -> Result<PathBuf, Failure> {
    const TRY: &str = "import torch, transformers, accelerate, sklearn";
    if let Some(named) =
        std::env::var_os("EMBERT_REFERENCE_PYTHON").filter(|value| !value.is_empty())
    {
        let named = PathBuf::from(named);
        return if can_import(&named, TRY) {
            Ok(named)
        } else {
            Err(Failure::new(
                format!(
                    "EMBERT_REFERENCE_PYTHON names {}, which can't import all of torch, transformers, accelerate and \
                     sklearn",
                    named.display()
                ),
                "Install the missing packages there, or unset the variable to have an environment made.",
            ))
        };
    }
    let folder = place::target().join("reference-bench");
    let python = interpreter_of(&folder);
    if !can_import(&python, TRY) {
        install_in_full(&folder, "The benchmark needs PyTorch and transformers")?;
    }
    Ok(python)
}

/// An interpreter with pandas and DuckDB, for the benchmark of reading.
pub(crate) fn import_python() -> Result<PathBuf, Failure> {
    const TRY: &str = "import pandas, duckdb";
    let folder = place::target().join("reference-import");
    let python = interpreter_of(&folder);
    if !can_import(&python, TRY) {
        println!(
            "The benchmark needs pandas and DuckDB, so they are installed into {} (about 260 MB).",
            folder.display()
        );
        packages::ensure(&[Group::Python])?;
        make_environment(&machine::python()?, &folder, &[])?;
        pip_install(&python, TO_IMPORT)?;
    }
    Ok(python)
}

/// An interpreter with onnx and onnxruntime.
fn onnx_python() -> Result<PathBuf, Failure> {
    const TRY: &str = "import numpy, onnx, onnxruntime, tokenizers";
    let folder = place::target().join("reference-onnx");
    let python = interpreter_of(&folder);
    if !can_import(&python, TRY) {
        println!(
            "The comparison needs onnx and onnxruntime, so they are installed into {} (about 260 MB).",
            folder.display()
        );
        packages::ensure(&[Group::Python])?;
        make_environment(&machine::python()?, &folder, &[])?;
        pip_install(&python, FOR_ONNX)?;
    }
    Ok(python)
}

/// A file of `tests/reference`.
pub(crate) fn file(name: &str) -> Result<PathBuf, Failure> {
    let path = place::root().join("tests").join("reference").join(name);
    if path.exists() {
        Ok(path)
    } else {
        Err(Failure::new(
            format!("The file tests/reference/{name} is missing"),
            "Restore it with git: git checkout -- tests/reference.",
        ))
    }
}

/// An interpreter with any PyTorch and `transformers`, as light as this system allows.
fn light_python() -> Result<PathBuf, Failure> {
    const TRY: &str = "import torch, transformers, safetensors, numpy";
    let folder = place::target().join("reference");
    let python = interpreter_of(&folder);
    if can_import(&python, TRY) {
        return Ok(python);
    }
    if machine::is_debian() && packages::ensure(&[Group::Torch]).is_ok() {
        println!("Making a Python environment with Debian's PyTorch in target/reference.");
        // Debian's own interpreter, not another one that comes first on PATH: it is the one that sees the packages.
        make_environment("/usr/bin/python3", &folder, &["--system-site-packages"])?;
        if pip_install(&python, ON_DEBIAN).is_ok() && can_import(&python, TRY) {
            return Ok(python);
        }
    }
    install_in_full(&folder, "The comparison needs PyTorch and transformers")?;
    if can_import(&python, TRY) {
        return Ok(python);
    }
    Err(Failure::new(
        "PyTorch and transformers were installed into target/reference but can't be imported",
        "Delete target/reference and run the command again with another Python 3 first on PATH.",
    ))
}

/// Makes an environment with everything from Python packages, and says why and how large it is.
fn install_in_full(folder: &Path, reason: &str) -> Result<(), Failure> {
    let size = if cfg!(target_os = "linux") {
        "about 7 GB"
    } else {
        "about 1 GB"
    };
    println!(
        "{reason}, so they are installed into {} ({size}).",
        folder.display()
    );
    packages::ensure(&[Group::Python])?;
    make_environment(&machine::python()?, folder, &[])?;
    pip_install(&interpreter_of(folder), IN_FULL)
}

fn interpreter_of(environment: &Path) -> PathBuf {
    if cfg!(windows) {
        environment.join("Scripts").join("python.exe")
    } else {
        environment.join("bin").join("python")
    }
}

fn can_import(python: &Path, statement: &str) -> bool {
    shell::succeeds(Command::new(python).args(["-c", statement]))
}

fn make_environment(python: &str, folder: &Path, options: &[&str]) -> Result<(), Failure> {
    shell::run(
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .args(options)
            .arg(folder),
        "Install the venv module of Python (Debian: python3-venv), then run the command again.",
    )
}

fn pip_install(python: &Path, requirements: &str) -> Result<(), Failure> {
    shell::run(
        Command::new(python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .arg("-r")
            .arg(file(requirements)?),
        "Look at pip's own words above; often it is the network, and a second try works.",
    )
}
