//! The command line: a CLI starts us without arguments, people with one.

use std::ffi::OsString;

/// What to do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Command {
    /// Be the plugin of the CLI that started us.
    Serve,
    /// Be a plugin that any CLI can attach to.
    Debug {
        /// The source address of the provider, if the default one is not what the configuration says.
        address: Option<String>,
    },
    /// Print the version.
    Version,
    /// Print [`HELP`].
    Help,
}

/// What `--help` prints.
pub const HELP: &str = "\
A provider for Terraform and OpenTofu. The CLI starts it; there is no need to run it by hand.

Options:
  --debug                       Run until Ctrl-C and print the TF_REATTACH_PROVIDERS that lets a CLI attach
  --provider-address ADDRESS    With --debug: the provider's source address in the configuration
  --version                     Print the version
  --help                        Print this help
";

/// Reads the arguments after the program's name. Errors say what is wrong with them.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    // Providers written in Go spell it with one dash, and so do people's launch configurations.
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
        (false, Some(_)) => Err("--provider-address only makes sense with --debug".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, String> {
        parse(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_cli_gives_no_arguments() {
        assert_eq!(parsed(&[]), Ok(Command::Serve));
    }

    #[test]
    fn debug_is_understood_with_one_dash_too() {
        assert_eq!(parsed(&["-debug"]), Ok(Command::Debug { address: None }));
        let address = Some("example.com/soc/sentinel".to_owned());
        assert_eq!(parsed(&["--debug", "--provider-address=example.com/soc/sentinel"]), Ok(Command::Debug { address }));
    }

    #[test]
    fn what_is_not_known_is_named() {
        assert_eq!(parsed(&["--frobnicate"]), Err("invalid option '--frobnicate'".to_owned()));
        assert!(parsed(&["--provider-address", "a/b"]).is_err());
    }
}
