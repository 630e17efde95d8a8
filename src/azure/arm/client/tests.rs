//! The client against a real HTTPS server.
