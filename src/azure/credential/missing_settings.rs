//! Missing settings of an incomplete method that belong to the pipeline or the pod, and not to the provider block.
//!
//! `azure_diagnostics` has the instruction for each of them.

/// The permission of a GitHub job to request OIDC tokens.
pub const GITHUB_PERMISSION: &str = "permissions: id-token: write";

/// The keyword of a GitLab job that creates OIDC tokens.
pub const GITLAB_TOKENS: &str = "id_tokens";

/// The token of an Azure DevOps job, which the job does not set by itself.
pub const AZURE_DEVOPS_TOKEN: &str = "SYSTEM_ACCESSTOKEN";

/// The variable that AKS sets in pods with a workload identity.
pub const AKS_TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";

/// An OIDC token, if the pipeline is not known.
pub const OIDC_TOKEN: &str = "oidc_token or oidc_token_file_path";
