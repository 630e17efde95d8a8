//! Azure's errors, told in Terraform's terms.
