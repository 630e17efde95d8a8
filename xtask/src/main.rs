//! The project's development commands: `cargo xtask demo | test | install | docs | bench | check | foreign`, one module
//! each.
//!
//! The other modules are shared: `checkout` (folders and builds), `clis` (finds Terraform and OpenTofu) and `go`
//! (builds Go programs).

#![expect(clippy::print_stdout, reason = "these commands print for the user")]

mod bench;
mod check;
mod checkout;
mod clis;
mod demo;
mod docs;
mod foreign;
mod go;
mod install;
mod test;

use std::process::ExitCode;

use clap::Parser;

/// The project's own commands.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_version_flag = true)]
enum Command {
    Demo(demo::Arguments),
    Test(test::Arguments),
    Install(install::Arguments),
    Docs(docs::Arguments),
    Bench(bench::Arguments),
    Check(check::Arguments),
    Foreign(foreign::Arguments),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Install(arguments) => install::run(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Foreign(arguments) => foreign::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
