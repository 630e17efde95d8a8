//! Tests of the calls of the provider service, and of responses that are known to break Terraform or OpenTofu.
//!
//! | file | calls | responses that break Terraform or OpenTofu |
//! |---|---|---|
//! | `schema` | schemas, metadata | attributes with two types or none, functions without a result |
//! | `values` | all | an empty value that is not null, a number that loses a digit |
//! | `resource` | the lifecycle of an object | lost private state or identity, plans that differ when repeated |
//! | `errors` | all | a gRPC status instead of a diagnostic, a panic that ends the process, lost state |
//! | `unsupported` | types that do not exist | responses without fields that Terraform does not check |

mod errors;
mod resource;
mod schema;
mod unsupported;
mod values;
