//! Measures the start, the memory and the processor time of provider processes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rcgen::{CertificateParams, KeyPair};
use terraform_driver::Sandbox;

/// The number of measured starts.
const STARTS: usize = 31;

/// The environment variable that go-plugin's clients set for every provider that they start.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// The median time from exec to the handshake line, with TLS.
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
        ensure!(line.starts_with("1|6|"), "the provider printed {line:?} instead of a handshake line");
        Ok(took)
    };
    Ok(median((0..STARTS).map(|_| start()).collect::<Result<Vec<_>>>()?))
}

/// The resource usage of the provider's processes in a sandbox.
#[derive(Debug, Default)]
pub(crate) struct Providers(BTreeMap<u32, ResourceUsage>);

#[derive(Clone, Copy, Debug, Default)]
struct ResourceUsage {
    peak_memory: u64,
    processor: Duration,
}

impl Providers {
    /// Samples the running processes. Usage after the last sample is not counted.
    #[cfg(target_os = "linux")]
    pub(crate) fn sample(&mut self, sandbox: &Sandbox) {
        for process in sandbox.provider_processes() {
            let usage = self.0.entry(process).or_default();
            usage.peak_memory = usage.peak_memory.max(linux::peak_memory(process).unwrap_or_default());
            usage.processor = usage.processor.max(linux::processor_time(process).unwrap_or_default());
        }
    }

    /// Does nothing, because only Linux reports the usage.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn sample(&mut self, _: &Sandbox) {}

    /// The largest peak memory of one process, in bytes.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        self.0.values().map(|usage| usage.peak_memory).max()
    }

    /// The processor time of all processes.
    pub(crate) fn processor_time(&self) -> Duration {
        self.0.values().map(|usage| usage.processor).sum()
    }
}

/// The processor time of all child processes that have ended, including their own children.
#[cfg(target_os = "linux")]
pub(crate) fn processor_time_of_ended() -> Option<Duration> {
    linux::processor_time_of_ended()
}

/// Returns `None`, because only Linux reports the time.
#[cfg(not(target_os = "linux"))]
pub(crate) fn processor_time_of_ended() -> Option<Duration> {
    None
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::time::Duration;

    pub(super) fn peak_memory(process: u32) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(kilobytes.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
    }

    /// The sum over all threads. The first number in `schedstat` is in nanoseconds.
    pub(super) fn processor_time(process: u32) -> Option<Duration> {
        let threads = fs::read_dir(format!("/proc/{process}/task")).ok()?;
        let of = |thread: fs::DirEntry| {
            let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
        };
        Some(threads.flatten().filter_map(of).sum())
    }

    pub(super) fn processor_time_of_ended() -> Option<Duration> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // The process name may contain any character, so count from its end. cutime and cstime are fields 16 and 17.
        let (_, fields) = stat.rsplit_once(") ")?;
        let ticks: u64 = fields.split(' ').skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Some(Duration::from_millis(ticks * 10)) // A tick in /proc is always 10 ms.
    }
}

/// The median of several times.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
