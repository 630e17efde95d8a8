//! The kinds of installations.

/// The operation that an installation is part of. It determines what happens if the installation fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum InstallKind {
    /// Installs a new solution. A failure taints the resource, and the next apply replaces it.
    Create,
    /// Adopts an existing solution. A failure leaves the resource out of the state, and the next apply adopts the
    /// solution again. Otherwise, Terraform would taint the resource, and the next apply would uninstall the existing
    /// solution.
    Adopt,
    /// Updates a solution that the resource manages. After a failure, the next apply updates it in place.
    Update,
}
