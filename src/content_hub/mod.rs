//! Content Hub solutions.
