//! What a command finds out: a contract, or why there is none.

use super::hcl;
use super::mask::Mask;
use crate::tenant_connector::contract_arguments::ContractArguments;

/// The result of `contract record` or `contract check`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Analysis {
    pub(super) outcome: Outcome,
    /// What else the user must know, in sentences.
    pub(super) notes: Vec<String>,
}

/// The kinds of results.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// Nothing that could be the connection.
    Nothing,
    /// The connection is what this contract writes.
    Contract(ContractArguments),
    /// No contract writes it, for this reason.
    Inexpressible(String),
}

impl Analysis {
    /// The same, but no contract that the mask would change: what is printed could not be used.
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

/// What one data connector, or one change of it, says about the connection.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Interpretation {
    /// This contract turns on what is on, or what was turned on. With notes.
    Contract(ContractArguments, Vec<String>),
    /// Nothing was turned on, for this reason.
    NotTurnedOn(String),
    /// No contract turns it on, for this reason.
    Inexpressible(String),
}

impl Interpretation {
    /// The same without arguments that say the default, and only with contracts that the resource accepts.
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

/// What a contract is, in one sentence.
pub(super) fn contract_note(arguments: &ContractArguments, kind: &str) -> String {
    format!("The connector of kind \"{kind}\" alone is written by {}.", hcl::contract_in_one_line(arguments))
}
