//! What an installation is for.

/// The reason for an installation. It decides what Terraform does if the installation fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum InstallKind {
    /// The solution is new. A failure taints the resource, and the next apply replaces it.
    Create,
    /// An existing solution is taken over. After a failure, the resource is not in the state: Terraform would taint it, and the
    /// next apply would uninstall what existed before. Instead, the next apply adopts the solution again.
    Adopt,
    /// The resource manages the solution already. After a failure, the next apply updates it in place.
    Update,
}
