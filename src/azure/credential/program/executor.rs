//! Runs a program with a time limit, and kills it if it takes too long or is no longer needed.
//!
//! On Unix, its children are killed too. On Windows, they live on: ending them needs a job object, for which this crate
//! would need unsafe code. So `az.cmd` ends there, and the Python below it may still write its files.

use std::ffi::OsStr;
use std::io;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use azure_identity::Executor;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

/// In bytes. A token with all warnings is much shorter.
const OUTPUT_LIMIT: u64 = 1024 * 1024;

/// How long the rest of the output may take after the program has ended. Usually, all of it is there by then. A child in the
/// background may keep the streams open.
const REST: Duration = Duration::from_millis(500);

/// Runs one command.
#[derive(Clone, Copy, Debug)]
pub(in crate::azure::credential) struct LimitedExecutor {
    /// Time limit of one call.
    pub(in crate::azure::credential) limit: Duration,
    /// How messages name the command.
    pub(in crate::azure::credential) command: &'static str,
    /// The part of a successful output that matters, or what is wrong with it.
    pub(in crate::azure::credential) read: fn(&[u8]) -> Result<Vec<u8>, &'static str>,
}

impl LimitedExecutor {
    pub(in crate::azure::credential) fn shared(self) -> Arc<dyn Executor> {
        Arc::new(self)
    }

    /// The output of a process, up to [`OUTPUT_LIMIT`]. If it succeeds, its standard output is the document with the
    /// token.
    async fn output_of(&self, mut child: Child, group: &mut Group) -> io::Result<Output> {
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let status = {
            let drain = async { tokio::try_join!(self.drain(out, &mut stdout), self.drain(err, &mut stderr)) };
            let mut drain = std::pin::pin!(drain);
            let (status, drained) = tokio::select! {
                drained = &mut drain => {
                    drained?;
                    (child.wait().await?, Ok(Ok(((), ()))))
                }
                status = child.wait() => (status?, tokio::time::timeout(REST, drain).await),
            };
            group.disarm();
            drained.unwrap_or(Ok(((), ())))?;
            status
        };
        if !status.success() {
            return Ok(Output { status, stdout, stderr });
        }
        let stdout = (self.read)(&stdout).map_err(|problem| self.invalid(problem))?;
        Ok(Output { status, stdout, stderr })
    }

    async fn drain(&self, stream: Option<impl AsyncRead + Unpin>, content: &mut Vec<u8>) -> io::Result<()> {
        let Some(stream) = stream else { return Ok(()) };
        let read = stream.take(OUTPUT_LIMIT + 1).read_to_end(content).await?;
        if read as u64 > OUTPUT_LIMIT {
            return Err(self.invalid("it does not stop printing"));
        }
        Ok(())
    }

    fn invalid(&self, problem: &str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, format!("`{}`: {problem}", self.command))
    }
}

#[async_trait::async_trait]
impl Executor for LimitedExecutor {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // A group of its own, so that its children end with it. Ctrl-C in the terminal reaches only the provider.
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn()?;
        let mut group = Group::of(&child);
        match tokio::time::timeout(self.limit, self.output_of(child, &mut group)).await {
            Ok(output) => output,
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("`{}` did not respond within {} s", self.command, self.limit.as_secs()),
            )),
        }
    }
}

/// The processes of one call. On Unix, drop kills those that still run.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    #[cfg(unix)]
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: id.and_then(rustix::process::Pid::from_raw) }
    }

    #[cfg(not(unix))]
    fn of(_child: &Child) -> Self {
        Self {}
    }

    /// The program has ended by itself. What it left in the background may go on, and its ID may belong to another group.
    fn disarm(&mut self) {
        #[cfg(unix)]
        self.leader.take();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            // Fails if all of them have ended.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::super::output::token_document;
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    async fn run(limit: Duration, script: &str) -> io::Result<Output> {
        let executor = LimitedExecutor { limit, command: "test", read: token_document };
        executor.run(OsStr::new("/bin/sh"), &[OsStr::new("-c"), OsStr::new(script)]).await
    }

    #[tokio::test]
    async fn returns_the_output_of_a_call() {
        let output = run(LIMIT, "echo '{\"accessToken\": \"t\", \"expires_on\": 1}'").await.expect("an output");
        let failed = run(LIMIT, "echo no; exit 1").await.expect("an output");

        assert_eq!(output.stdout, br#"{"accessToken":"t","tokenType":"Bearer","expires_on":1}"#);
        assert_eq!(failed.stdout, b"no\n");
    }

    #[tokio::test]
    async fn cuts_off_endless_output() {
        let error = run(LIMIT, "while :; do echo 'warning warning warning warning'; done").await.expect_err("endless");

        assert!(error.to_string().contains("`test`: it does not stop printing"), "{error}");
    }

    #[tokio::test]
    async fn kills_a_call_and_its_children_at_the_time_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("still-alive");
        let script = format!("cd /bin && (sleep 0.3; touch '{}')", witness.display());

        let error = run(Duration::from_millis(100), &script).await.expect_err("too slow");

        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(!witness.exists(), "the child lived on");
    }

    #[tokio::test]
    async fn a_child_in_the_background_neither_delays_nor_loses_the_token() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("done");
        let script = format!(
            "(sleep 1.5; touch '{}') & echo '{{\"accessToken\": \"t\", \"expires_on\": 1}}'",
            witness.display()
        );
        let started = std::time::Instant::now();

        let output = run(LIMIT, &script).await.expect("an output");

        assert!(output.stdout.starts_with(br#"{"accessToken":"t""#));
        assert!(started.elapsed() < Duration::from_millis(1400), "{:?}", started.elapsed());
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(witness.exists(), "the child was killed");
    }

    #[tokio::test]
    async fn kills_a_dropped_call() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("still-alive");
        let script = format!("cd /bin && (sleep 0.3; touch '{}')", witness.display());

        let dropped = tokio::time::timeout(Duration::from_millis(100), run(LIMIT, &script)).await;

        assert!(dropped.is_err());
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(!witness.exists(), "the child lived on");
    }
}
