//! The Log Analytics workspace that Sentinel lives on.
