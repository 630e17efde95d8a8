//! Runs `az` with a time limit, and kills it with its children if it takes too long or is no longer needed.

use std::ffi::OsStr;
use std::io;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use azure_identity::Executor;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use super::output::token_document;

/// Time limit of one call. A cold start takes a few seconds.
pub(super) const LIMIT: Duration = Duration::from_secs(30);

/// In bytes. A token with all warnings is much shorter.
const OUTPUT_LIMIT: u64 = 1024 * 1024;

const COMMAND: &str = "az account get-access-token";

#[derive(Debug)]
pub(super) struct LimitedExecutor {
    limit: Duration,
}

impl LimitedExecutor {
    pub(super) fn new(limit: Duration) -> Arc<Self> {
        Arc::new(Self { limit })
    }
}

#[async_trait::async_trait]
impl Executor for LimitedExecutor {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0); // `az` starts children. They end with it, and Ctrl-C in the terminal is for the provider.
        let child = command.spawn()?;
        let _group = Group::of(&child);
        match tokio::time::timeout(self.limit, output_of(child)).await {
            Ok(output) => output,
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("`{COMMAND}` did not respond within {} s", self.limit.as_secs()),
            )),
        }
    }
}

/// The output of a process, up to [`OUTPUT_LIMIT`]. If it succeeds, its standard output is the document with the token.
async fn output_of(mut child: Child) -> io::Result<Output> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (stdout, stderr) = tokio::try_join!(read(stdout), read(stderr))?;
    let status = child.wait().await?;
    if !status.success() {
        return Ok(Output { status, stdout, stderr });
    }
    let stdout = token_document(&stdout)
        .map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, format!("`{COMMAND}`: {problem}")))?;
    Ok(Output { status, stdout, stderr })
}

async fn read(stream: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let Some(stream) = stream else { return Ok(content) };
    let read = stream.take(OUTPUT_LIMIT + 1).read_to_end(&mut content).await?;
    if read as u64 > OUTPUT_LIMIT {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("`{COMMAND}` does not stop printing")));
    }
    Ok(content)
}

/// The processes of one call. Drop kills those that still run.
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
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            // Fails if all of them have ended, as they should.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn run(limit: Duration, script: &str) -> io::Result<Output> {
        let executor = LimitedExecutor { limit };
        executor.run(OsStr::new("/bin/sh"), &[OsStr::new("-c"), OsStr::new(script)]).await
    }

    #[tokio::test]
    async fn a_quick_call_returns_its_output() {
        let output = run(LIMIT, "echo '{\"accessToken\": \"t\", \"expires_on\": 1}'").await.expect("an output");
        let failed = run(LIMIT, "echo no; exit 1").await.expect("an output");

        assert_eq!(output.stdout, br#"{"accessToken":"t","tokenType":"Bearer","expires_on":1}"#);
        assert_eq!(failed.stdout, b"no\n");
    }

    #[tokio::test]
    async fn an_output_without_an_end_is_cut_off() {
        let error = run(LIMIT, "while :; do echo 'warning warning warning warning'; done").await.expect_err("endless");

        assert!(error.to_string().contains("does not stop printing"), "{error}");
    }

    #[tokio::test]
    async fn a_call_beyond_the_limit_is_killed_with_its_children() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("still-alive");
        let script = format!("cd /bin && (sleep 0.3; touch '{}')", witness.display());

        let error = run(Duration::from_millis(100), &script).await.expect_err("too slow");

        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(!witness.exists(), "the child lived on");
    }

    #[tokio::test]
    async fn a_dropped_call_is_killed() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("still-alive");
        let script = format!("cd /bin && (sleep 0.3; touch '{}')", witness.display());

        let dropped = tokio::time::timeout(Duration::from_millis(100), run(LIMIT, &script)).await;

        assert!(dropped.is_err());
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(!witness.exists(), "the child lived on");
    }
}
