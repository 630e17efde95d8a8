//! A go-plugin process.

pub mod proto;
