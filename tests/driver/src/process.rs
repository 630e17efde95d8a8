//! One run of a CLI: in its own process group, with a time limit and its full output.

use std::fmt;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Longest that one run may take. A run that hangs is killed, and then has no exit code.
const LIMIT: Duration = Duration::from_secs(180);

/// A run that ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The command line as a person would type it.
    pub command: String,
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// From start to end.
    pub took: Duration,
}

impl Finished {
    /// Whether it ended with 0.
    pub fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// Both outputs as one line of words, without the frames and line breaks that the CLIs put into diagnostics. Search for
    /// sentences in this.
    pub fn words(&self) -> String {
        let both = format!("{}\n{}", self.stdout, self.stderr);
        both.split_whitespace().filter(|word| !matches!(*word, "│" | "╷" | "╵")).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.code.map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
        writeln!(f, "$ {}   ({end} after {:.2} s)", self.command, self.took.as_secs_f64())?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.trim().is_empty() {
                writeln!(f, "--- {name} ---\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}

/// A run that has not ended yet.
#[derive(Debug)]
pub struct Running {
    command: String,
    child: Child,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
    started: Instant,
}

impl Running {
    /// Starts `command` in a process group of its own, so that a signal can reach it as Ctrl-C in a terminal does.
    pub fn start(command: &mut Command, shown: String) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let started = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("`{shown}` does not start"))?;
        let stdout = child.stdout.take().map(collect);
        let stderr = child.stderr.take().map(collect);
        Ok(Self { command: shown, child, stdout, stderr, started })
    }

    /// Waits for the end, at most three minutes from the start.
    pub fn wait(mut self) -> Result<Finished> {
        let status = self.wait_within_limit()?;
        let took = self.started.elapsed();
        let text = |reader: Option<JoinHandle<String>>| reader.and_then(|r| r.join().ok()).unwrap_or_default();
        Ok(Finished {
            command: std::mem::take(&mut self.command),
            code: status.code(),
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
            took,
        })
    }

    /// Sends the interrupt of a Ctrl-C to the CLI and everything that it started.
    #[cfg(unix)]
    pub fn interrupt(&self) -> Result<()> {
        rustix::process::kill_process_group(self.pid(), rustix::process::Signal::INT).context("cannot interrupt")
    }

    /// Ends the CLI as `kill -9` does. The processes that it started are not killed.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().context("cannot kill the CLI")
    }

    fn wait_within_limit(&mut self) -> Result<ExitStatus> {
        let mut pause = Duration::from_micros(500);
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if self.started.elapsed() > LIMIT {
                self.kill_group();
                return Ok(self.child.wait()?);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(4));
        }
    }

    fn kill_group(&mut self) {
        #[cfg(unix)]
        let _ = rustix::process::kill_process_group(self.pid(), rustix::process::Signal::KILL);
        let _ = self.child.kill();
    }

    #[cfg(unix)]
    fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }
}

impl Drop for Running {
    /// A test that failed before `wait` leaves nothing behind.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill_group();
            let _ = self.child.wait();
        }
    }
}

fn collect(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_the_frame_of_a_diagnostic() {
        let stderr = "╷\n│ Error: Workspace not\n│ found\n╵\n".to_owned();
        let finished = Finished {
            command: "terraform plan".to_owned(),
            code: Some(1),
            stdout: String::new(),
            stderr,
            took: Duration::ZERO,
        };
        assert_eq!(finished.words(), "Error: Workspace not found");
    }
}
