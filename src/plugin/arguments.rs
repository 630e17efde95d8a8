//! The command line of the provider. A CLI starts it without arguments; people use options such as `--debug`.

use std::ffi::OsString;

/// What to run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Command {
    /// Serve the CLI that started this process.
    Serve,
    /// Serve any CLI that attaches with `TF_REATTACH_PROVIDERS`.
    Debug {
        /// The provider's source address, if the configuration does not use the default one.
        address: Option<String>,
    },
    /// Print the version.
    Version,
    /// Print [`HELP`].
    Help,
}

/// The output of `--help`.
pub const HELP: &str = "\
A provider for Terraform and OpenTofu. The CLI starts it; you do not need to run it yourself.

Options:
  --debug                       Run until Ctrl-C and print the TF_REATTACH_PROVIDERS value for a CLI to attach
  --provider-address ADDRESS    With --debug: the provider's source address in the configuration
  --version                     Print the version
  --help                        Print this help
";

/// Parses the arguments after the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    // Go providers take one dash, and so do many debugger configurations.
    let arguments = arguments.into_iter().map(|it| if it == "-debug" { "--debug".into() } else { it });
    let mut parser = lexopt::Parser::from_args(arguments);
    let (mut debug, mut address) = (false, None);
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Short('h') | lexopt::Arg::Long("help") => return Ok(Command::Help),
            lexopt::Arg::Short('V') | lexopt::Arg::Long("version") => return Ok(Command::Version),
            lexopt::Arg::Long("debug") => debug = true,
            lexopt::Arg::Long("provider-address") => address = Some(parser.value()?.into_string()?),
            other => return Err(other.unexpected()),
        }
    }
    match (debug, address) {
        (true, address) => Ok(Command::Debug { address }),
        (false, None) => Ok(Command::Serve),
        (false, Some(_)) => Err("--provider-address requires --debug".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, String> {
        parse(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn serves_without_arguments() {
        assert_eq!(parsed(&[]), Ok(Command::Serve));
    }

    #[test]
    fn parses_debug_with_one_or_two_dashes() {
        assert_eq!(parsed(&["-debug"]), Ok(Command::Debug { address: None }));
        let address = Some("example.com/soc/sentinel".to_owned());
        assert_eq!(parsed(&["--debug", "--provider-address=example.com/soc/sentinel"]), Ok(Command::Debug { address }));
    }

    #[test]
    fn rejects_unknown_and_incomplete_options() {
        assert_eq!(parsed(&["--frobnicate"]), Err("invalid option '--frobnicate'".to_owned()));
        assert!(parsed(&["--provider-address", "a/b"]).is_err());
    }
}
