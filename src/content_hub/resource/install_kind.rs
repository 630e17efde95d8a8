//! What an installation begins with.

/// Decides what Terraform does about an installation that fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum InstallKind {
    /// Nothing is there: the resource is tainted, and replaced by the next apply.
    Nothing,
    /// Somebody else's installation is taken over: tainted too, so that the next apply uninstalls what was there.
    Adoption,
    /// The resource has the solution: the next apply changes it in place.
    Change,
}
