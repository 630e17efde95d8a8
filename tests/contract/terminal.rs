//! Runs a command in a pseudo-terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::console::within;

/// A command whose stdin and stderr are a terminal. Its stdout is a pipe, as with `> file`.
pub(crate) struct Session {
    pub(crate) process: Child,
    keyboard: File,
    screen: Arc<Mutex<String>>,
}

impl Session {
    /// Starts the command.
    pub(crate) fn start(mut command: Command) -> Self {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&terminal).and_then(|()| unlockpt(&terminal)).expect("a terminal of our own");
        let path = ptsname(&terminal, Vec::new()).expect("a name");
        let path = std::path::Path::new(std::ffi::OsStr::from_bytes(path.as_bytes())).to_owned();
        let open = || Stdio::from(OpenOptions::new().read(true).write(true).open(&path).expect("the other end"));
        let process = command.stdin(open()).stderr(open()).spawn().expect("it starts");
        drop(command); // The command would keep the other end open.

        let keyboard = File::from(terminal);
        let screen = Arc::new(Mutex::new(String::new()));
        let (mut output, shown) = (keyboard.try_clone().expect("a second handle"), Arc::clone(&screen));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Linux reports an error at the end.
            while let Ok(length @ 1..) = output.read(&mut buffer) {
                shown.lock().expect("no panic").push_str(&String::from_utf8_lossy(&buffer[..length]));
            }
        });
        Self { process, keyboard, screen }
    }

    /// The content of the terminal.
    pub(crate) fn screen(&self) -> String {
        self.screen.lock().expect("no panic").clone()
    }

    /// Waits until the terminal shows a text.
    pub(crate) async fn shows(&self, text: &str) {
        within(async {
            while !self.screen().contains(text) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    }

    /// Presses Enter.
    pub(crate) fn press_enter(&mut self) {
        self.keyboard.write_all(b"\r").expect("the terminal is open");
    }

    /// Waits for the end of the process, and returns its exit code and its stdout.
    pub(crate) async fn ended(&mut self) -> (Option<i32>, String) {
        let mut stdout = String::new();
        let mut pipe = self.process.stdout.take().expect("stdout is piped");
        within(pipe.read_to_string(&mut stdout)).await.expect("text");
        (within(self.process.wait()).await.expect("it is our process").code(), stdout)
    }
}
