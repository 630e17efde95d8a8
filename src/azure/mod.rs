//! Azure without Terraform: resource ids, clouds, credentials and the Resource Manager client.
