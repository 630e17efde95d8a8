//! Calls to the provider service, and the responses that are known to break a CLI.
//!
//! | file | calls | what breaks a CLI |
//! |---|---|---|
//! | `schema` | schemas, metadata | attributes with two types or none, functions without a result |
//! | `values` | all | an empty value that is not null, a number that loses a digit |
//! | `resource` | the lifecycle of an object | lost private data or identity, plans that differ when repeated |
//! | `errors` | all | a gRPC status instead of a diagnostic, a panic that ends the process, lost state |
//! | `unsupported` | types that do not exist | responses without what Terraform reads unchecked |

mod errors;
mod resource;
mod schema;
mod unsupported;
mod values;
