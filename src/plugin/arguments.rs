//! The command line of the provider. Terraform starts the provider without arguments; users use options such as
//! `--debug`.

use std::ffi::OsString;

/// The command to run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Command {
    /// Serve the Terraform process that started this process.
    Serve,
    /// Serve every Terraform process that attaches with `TF_REATTACH_PROVIDERS`.
    Debug {
        /// The provider's source address, if the configuration does not use the default one.
        address: Option<String>,
    },
    /// Run one of the `contract` commands.
    Contract {
        /// The arguments after `contract`. `contract_command` parses them.
        arguments: Vec<OsString>,
    },
    /// Print the version.
    Version,
    /// Print [`HELP`].
    Help,
}

/// The output of `--help`.
pub const HELP: &str = "\
A provider for Terraform and OpenTofu. Terraform or OpenTofu starts it. Run it yourself only for the commands below.

Commands:
  contract record               Learn which request the portal's Connect button sends
  contract check                Print which request format a connected workspace uses
  contract --help               Describe both

Options:
  --debug                       Run until Ctrl-C and print the TF_REATTACH_PROVIDERS value, so that Terraform can attach
  --provider-address ADDRESS    With --debug: the provider's source address in the configuration
  --version                     Print the version
  --help                        Print this help
";

/// Parses the arguments after the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some((first, rest)) = arguments.split_first()
        && first == "contract"
    {
        return Ok(Command::Contract { arguments: rest.to_vec() });
    }
    let mut parser = lexopt::Parser::from_args(arguments.into_iter().map(with_two_dashes));
    let (mut debug, mut version, mut help, mut address) = (false, false, false, None);
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Short('h') | lexopt::Arg::Long("help") => help = flag(&mut parser)?,
            lexopt::Arg::Short('V') | lexopt::Arg::Long("version") => version = flag(&mut parser)?,
            lexopt::Arg::Long("debug") => debug = flag(&mut parser)?,
            lexopt::Arg::Long("provider-address") => address = Some(parser.value()?.into_string()?),
            other => return Err(other.unexpected()),
        }
    }
    if help {
        return Ok(Command::Help);
    }
    if version {
        return Ok(Command::Version);
    }
    match (debug, address) {
        (true, address) => Ok(Command::Debug { address }),
        (false, None) => Ok(Command::Serve),
        (false, Some(_)) => Err("--provider-address requires --debug".into()),
    }
}

/// Adds the second dash to a long option. Go providers accept one dash, and many debugger configurations use it.
fn with_two_dashes(argument: OsString) -> OsString {
    let is_long = argument.to_str().is_some_and(|text| {
        let name = text.strip_prefix('-').map(|rest| rest.split('=').next().unwrap_or_default());
        name.is_some_and(|name| ["debug", "provider-address", "version", "help"].contains(&name))
    });
    if !is_long {
        return argument;
    }
    let mut long = OsString::from("-");
    long.push(argument);
    long
}

/// The value of a Boolean option. As in Go, it may follow `=`.
fn flag(parser: &mut lexopt::Parser) -> Result<bool, lexopt::Error> {
    let Some(value) = parser.optional_value() else { return Ok(true) };
    match value.to_str() {
        Some("1" | "t" | "T" | "true" | "True" | "TRUE") => Ok(true),
        Some("0" | "f" | "F" | "false" | "False" | "FALSE") => Ok(false),
        _ => Err(format!("{value:?} is neither true nor false").into()),
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
    fn accepts_debug_with_one_or_two_dashes() {
        assert_eq!(parsed(&["-debug"]), Ok(Command::Debug { address: None }));
        let address = Some("example.com/soc/sentinel".to_owned());
        assert_eq!(parsed(&["--debug", "--provider-address=example.com/soc/sentinel"]), Ok(Command::Debug { address }));
    }

    #[test]
    fn parses_flags_like_go() {
        for argument in ["-debug=true", "--debug=1", "--debug=T"] {
            assert_eq!(parsed(&[argument]), Ok(Command::Debug { address: None }), "{argument}");
        }
        assert_eq!(parsed(&["-debug=false"]), Ok(Command::Serve));
        for argument in ["-version", "--version", "-V", "-version=true"] {
            assert_eq!(parsed(&[argument]), Ok(Command::Version), "{argument}");
        }
        assert_eq!(parsed(&["-help"]), Ok(Command::Help));
        let address = Some("example.com/soc/sentinel".to_owned());
        assert_eq!(
            parsed(&["-debug", "-provider-address", "example.com/soc/sentinel"]),
            Ok(Command::Debug { address })
        );
        assert_eq!(parsed(&["-debug=maybe"]), Err("\"maybe\" is neither true nor false".to_owned()));
    }

    #[test]
    fn passes_arguments_to_the_command() {
        let arguments = vec!["record".into(), "--help".into()];
        assert_eq!(parsed(&["contract", "record", "--help"]), Ok(Command::Contract { arguments }));
        assert!(parsed(&["--debug", "contract"]).is_err());
    }

    #[test]
    fn rejects_unknown_and_incomplete_options() {
        assert_eq!(parsed(&["--frobnicate"]), Err("invalid option '--frobnicate'".to_owned()));
        assert!(parsed(&["--provider-address", "a/b"]).is_err());
    }
}
