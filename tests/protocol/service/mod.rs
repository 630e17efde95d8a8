//! The ways in which providers are known to break a CLI, each a test with the number and the name of the trap.
//!
//! | no. | trap | tests |
//! |---|---|---|
//! | 1–7, 9–12 | the process: cookie, handshake, TLS, signals, size of messages, log lines, reattaching | `process` |
//! | 8 | stopping cancels what runs; a provider that was stopped serves on | `failures`, `process` |
//! | 13–15 | an empty value is null; any extension is unknown; numbers keep every digit | `values` |
//! | 16–18 | private data and identity survive; plans are deterministic, and keep what was known | `lifecycle` |
//! | 19–20 | unknown configuration everywhere; blocks are never null | `lifecycle` |
//! | 21–22 | what exists after an error is saved; write-only values never are | `lifecycle` |
//! | 23 | nothing is announced that is not done, and nothing deferred | `offers`, `lifecycle` |
//! | 24–25 | causes of a replacement; an import of nothing | `lifecycle` |
//! | 26–28 | what crashes Terraform; schemas in order; types that do not exist | `offers` |
//! | 29 | a panic is an error and the provider lives | `failures` |
//! | 30 | what OpenTofu does differently: null arguments, moves without identity | `values`, `lifecycle` |

mod failures;
mod lifecycle;
mod offers;
mod values;
