//! A go-plugin process.
