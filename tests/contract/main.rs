//! `contract record` and `contract check` as processes: in a terminal and with pipes, against simulated portals.

#![cfg(unix)]

mod check;
mod console;
mod failures;
mod json;
mod portals;
mod record;
mod terminal;
