//! The rules of the server, each shown on a small resource.
