//! Names of the columns that an operator returns.

use std::collections::HashSet;

use crate::kql::error::KqlError;
use crate::kql::syntax::{Expression, Named};
use crate::kql::table::Column;
use crate::kql::value::Value;

/// Functions whose result has the name of their first argument.
const TRANSPARENT: &[&str] = &[
    "bin",
    "floor",
    "parse_json",
    "split",
    "startofday",
    "tobool",
    "todatetime",
    "todouble",
    "todynamic",
    "toint",
    "tolong",
    "toreal",
    "tostring",
    "totimespan",
];

/// The names of an operator's columns. A name that the query gives can occur only once; a derived name that is already
/// used gets a number.
#[derive(Debug)]
pub(super) struct Names<'a> {
    operator: &'a str,
    declared: HashSet<String>,
    used: HashSet<String>,
    /// How many columns have the names `Column1`, `Column2`, ….
    unnamed: usize,
}

impl<'a> Names<'a> {
    pub(super) fn new(operator: &'a str) -> Self {
        Self { operator, declared: HashSet::new(), used: HashSet::new(), unnamed: 0 }
    }

    /// The name of a column.
    pub(super) fn name(&mut self, named: &Named) -> Result<String, KqlError> {
        match (&named.name, &named.expression) {
            (Some(name), _) | (None, Expression::Name(name)) => self.declare(name),
            (None, expression) => Ok(match derived(expression) {
                Some(name) => self.free(&name),
                None => self.numbered(&[]),
            }),
        }
    }

    /// Registers a name that the query gives to a column.
    pub(super) fn declare(&mut self, name: &str) -> Result<String, KqlError> {
        if self.declared.insert(name.to_owned()) {
            Ok(self.free(name))
        } else {
            Err(KqlError::duplicate_column(self.operator, name))
        }
    }

    /// This name, with a number if it is already used.
    pub(super) fn free(&mut self, name: &str) -> String {
        let numbered = (1..).map(|number| format!("{name}{number}"));
        let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !self.used.contains(name));
        let free = free.expect("invariant: there are more numbers than columns");
        self.used.insert(free.clone());
        free
    }

    /// The first of `Column1`, `Column2`, … that neither the operator nor its input uses.
    pub(super) fn numbered(&mut self, input: &[Column]) -> String {
        loop {
            self.unnamed += 1;
            let name = format!("Column{}", self.unnamed);
            if input.iter().all(|column| column.name != name) && self.used.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// The name that Kusto derives from an expression, if any: `Bag_Plan` from `tostring(Bag.Plan)`.
pub(super) fn derived(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Name(name) => Some(name.clone()),
        Expression::Member(value, name) => Some(path(value, name)),
        Expression::Index(value, index) => match index.as_ref() {
            Expression::Literal(_, index @ (Value::String(_) | Value::Long(_))) => Some(path(value, &index.to_text())),
            _ => None,
        },
        Expression::Call { function, arguments, .. } if function == "strlen" => {
            Some(format!("strlen_{}", derived(arguments.first()?).unwrap_or_default()))
        }
        Expression::Call { function, arguments, .. } if TRANSPARENT.contains(&function.as_str()) => {
            derived(arguments.first()?)
        }
        _ => None,
    }
}

fn path(value: &Expression, name: &str) -> String {
    derived(value).map_or_else(|| name.to_owned(), |value| format!("{value}_{name}"))
}
