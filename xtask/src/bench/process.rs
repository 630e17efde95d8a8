//! The provider as a process: how soon it speaks, how much memory it takes.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rcgen::{CertificateParams, KeyPair};
use terraform_driver::Sandbox;

/// How often the provider is started to time its start.
const STARTS: usize = 31;

/// What go-plugin's clients say to a provider before they start it.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// From exec to the handshake line, with TLS as the CLIs ask for it; the median of many starts.
pub(crate) fn time_to_handshake(provider: &Path) -> Result<Duration> {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])?.self_signed(&key)?.pem();
    let folder = tempfile::tempdir()?;
    let start = || -> Result<Duration> {
        let mut command = Command::new(provider);
        command
            .env_clear()
            .env(COOKIE.0, COOKIE.1)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_CLIENT_CERT", &certificate)
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let started = Instant::now();
        let mut process = command.spawn().context("the provider does not start")?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let took = started.elapsed();
        process.kill()?;
        process.wait()?;
        ensure!(line.starts_with("1|6|"), "the provider said {line:?} instead of a handshake");
        Ok(took)
    };
    Ok(median((0..STARTS).map(|_| start()).collect::<Result<Vec<_>>>()?))
}

/// The most memory that a provider process in `sandbox` has had so far, in bytes.
#[cfg(target_os = "linux")]
pub(crate) fn peak_memory(sandbox: &Sandbox) -> Option<u64> {
    let peak = |pid| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(kilobytes.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
    };
    sandbox.provider_processes().into_iter().filter_map(peak).max()
}

/// Only Linux tells.
#[cfg(not(target_os = "linux"))]
pub(crate) fn peak_memory(_: &Sandbox) -> Option<u64> {
    None
}

/// The middle of several times.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
