//! The outcome of a command: a contract, or the reason why there is none.

use super::hcl;
use super::mask::Mask;
use crate::tenant_connector::contract_arguments::ContractArguments;

/// The result of `contract record` or `contract check`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Analysis {
    pub(super) outcome: Outcome,
    /// Additional notes for the user, in sentences.
    pub(super) notes: Vec<String>,
}

/// The contract, or the reason why there is none.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// Nothing was found that could be the connection.
    Nothing,
    /// This contract writes the connection.
    Contract(ContractArguments),
    /// No contract expresses the connection, for this reason.
    Inexpressible(String),
}

impl Analysis {
    /// Replaces a contract that the mask would change with a reason, because the printed contract would not work.
    pub(super) fn unless_masked(self, mask: &Mask) -> Self {
        let Outcome::Contract(arguments) = &self.outcome else { return self };
        let mut mask = mask.clone();
        let (block, json) = (hcl::contract(arguments), arguments.to_json());
        if mask.text(&block) == block && mask.json(&json) == json {
            return self;
        }
        let reason = format!(
            "The contract would contain an ID, an email address or a secret, which must not be in a configuration: {}.",
            hcl::contract_in_one_line(arguments)
        );
        Self { outcome: Outcome::Inexpressible(reason), ..self }
    }
}

/// What a data connector, or a change of it, means for the connection.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Interpretation {
    /// This contract enables the data types that are enabled, or that the change enabled. The texts are notes.
    Contract(ContractArguments, Vec<String>),
    /// No data type is enabled, or the change enabled none. The text describes it.
    NothingEnabled(String),
    /// No contract expresses the connector or the change, for this reason.
    Inexpressible(String),
}

impl Interpretation {
    /// Removes arguments that equal the default, and replaces a contract that the resource rejects with the reason.
    pub(super) fn accepted(self) -> Self {
        let Self::Contract(arguments, notes) = self else { return self };
        let arguments = arguments.normalized();
        match arguments.check() {
            Ok(()) => Self::Contract(arguments, notes),
            Err(invalid) => {
                Self::Inexpressible(format!("The resource does not accept the contract. {}", invalid.detail))
            }
        }
    }
}

/// A sentence with the contract that writes only the connector of this kind.
pub(super) fn contract_note(arguments: &ContractArguments, kind: &str) -> String {
    format!("The connector of kind \"{kind}\" alone is written by {}.", hcl::contract_in_one_line(arguments))
}
