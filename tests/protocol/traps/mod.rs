//! The ways in which providers are known to break a CLI, each a test. The numbers are those of `docs/testing.md`.

mod failures;
mod lifecycle;
mod offers;
mod values;
