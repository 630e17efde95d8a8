//! The checkout of the repository: its folders, and building and running its programs.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use terraform_driver::sandbox::binary_name;

/// The name of the provider's package and executable.
pub(crate) const PROVIDER: &str = "terraform-provider-sentinel";

/// The name of the simulator's package and executable.
pub(crate) const SIMULATOR: &str = "azure-simulator";

/// The Cargo profile of a build.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Profile {
    /// Fast to build.
    Debug,
    /// Optimized, as users install it.
    Release,
}

/// The root of the checkout that this program was built from.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), Into::into);
    here.parent().map_or_else(|| here.clone(), Path::to_owned)
}

/// `cargo` with `arguments`, in the root of the checkout.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    // `cargo run` set these variables for this program, not for the one that it starts.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        command.env_remove(name);
    }
    command
}

/// Builds `package` and returns its executable. Cargo shows its progress, because the first build takes minutes.
pub(crate) fn build(package: &str, profile: Profile) -> Result<PathBuf> {
    println!("building {package}…");
    let mut command = cargo(["build", "--package", package, "--bin", package]);
    if profile == Profile::Release {
        command.arg("--release");
    }
    run(&mut command)?;
    executable(package, profile)
}

/// Builds the provider and the simulator with one command, because separate builds would compile the dependencies
/// twice.
pub(crate) fn build_both() -> Result<(PathBuf, PathBuf)> {
    println!("building the provider and the simulator (the first time takes some minutes)…");
    run(&mut cargo(["build", "--workspace", "--bins"]))?;
    Ok((executable(PROVIDER, Profile::Debug)?, executable(SIMULATOR, Profile::Debug)?))
}

/// The executable of `package`, which was built before.
pub(crate) fn executable(package: &str, profile: Profile) -> Result<PathBuf> {
    let folder = match profile {
        Profile::Debug => "debug",
        Profile::Release => "release",
    };
    let path = target().join(folder).join(binary_name(package));
    ensure!(path.is_file(), "cargo did not build {}", path.display());
    Ok(path)
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |given| root().join(given))
}

/// The folder for built and installed programs. It is outside the checkout, so that all checkouts share it.
pub(crate) fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .filter(|given| Path::new(given).is_absolute())
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cache")))
        .context("there is no home folder for a cache; set XDG_CACHE_HOME")?;
    Ok(base.join(PROVIDER))
}

/// Whether this program runs in CI, where no test or check may be skipped.
pub(crate) fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// Runs `command` with the stdout and stderr of this process. Returns an error if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("`{shown}` does not start"))?;
    ensure!(status.success(), "`{shown}` failed with {status}");
    Ok(())
}

/// The command line for a message, without the folder of the program.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    let words: Vec<_> = std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

/// The first executable named `name` on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(binary_name(name))).find(|file| file.is_file())
}
