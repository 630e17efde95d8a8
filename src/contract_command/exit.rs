//! The exit codes of the commands, which `--help` documents.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// A contract was found; also for `--help`.
    Success,
    /// The command failed.
    Error,
    /// The arguments are wrong.
    Usage,
    /// Nothing relevant changed, or the workspace is not connected.
    Nothing,
    /// No contract expresses what was found.
    Inexpressible,
    /// The user pressed Ctrl-C.
    Cancelled,
}

impl Exit {
    const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Error => 1,
            Self::Usage => 2,
            Self::Nothing => 3,
            Self::Inexpressible => 4,
            Self::Cancelled => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
