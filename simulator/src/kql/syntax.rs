//! The syntax tree of a query.

use super::error::Position;
use super::value::Value;

/// A table, and the operators through which its rows pass.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) source: Source,
    pub(crate) operators: Vec<Operator>,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// A table by its name.
    Table(String),
    /// `print`: one row of these expressions.
    Print(Vec<Named>),
}

/// A tabular operator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operator {
    Where(Expression),
    Extend(Vec<Named>),
    Project(Vec<Named>),
    Distinct(Vec<Expression>),
    Summarize { aggregates: Vec<Named>, by: Vec<Named> },
    Sort(Vec<SortKey>),
    Top { count: usize, by: SortKey },
    Take(usize),
    Count,
}

impl Operator {
    /// The word in a query, for messages.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Where(_) => "where",
            Self::Extend(_) => "extend",
            Self::Project(_) => "project",
            Self::Distinct(_) => "distinct",
            Self::Summarize { .. } => "summarize",
            Self::Sort(_) => "sort",
            Self::Top { .. } => "top",
            Self::Take(_) => "take",
            Self::Count => "count",
        }
    }
}

/// An expression that becomes a column, with its name if the query gives one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: Option<String>,
    pub(crate) expression: Expression,
}

/// A column to sort by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SortKey {
    pub(crate) expression: Expression,
    pub(crate) is_descending: bool,
}

/// A scalar expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    Literal(Value),
    Name(String),
    /// `*`, as an argument of an aggregate and in `distinct`.
    Star,
    Call {
        function: String,
        arguments: Vec<Self>,
        position: Position,
    },
    Binary {
        operator: Binary,
        left: Box<Self>,
        right: Box<Self>,
    },
    /// `value in (…)`, `value has_any (…)`
    List {
        operator: ListOperator,
        is_negated: bool,
        value: Box<Self>,
        list: Vec<Self>,
    },
    /// `value between (low .. high)`
    Between {
        is_negated: bool,
        value: Box<Self>,
        low: Box<Self>,
        high: Box<Self>,
    },
    /// `value.name`
    Member(Box<Self>, String),
    /// `value[index]`
    Index(Box<Self>, Box<Self>),
    Minus(Box<Self>),
}

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Or,
    And,
    Compare(Comparison),
    Text { operator: TextOperator, is_negated: bool },
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// A comparison of two values of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A comparison of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextOperator {
    /// `=~`: equal without case.
    EqualWithoutCase,
    /// A word, without case.
    Has,
    Contains,
    ContainsWithCase,
    StartsWith,
    EndsWith,
    MatchesRegex,
}

/// A comparison with each element of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListOperator {
    In,
    InWithoutCase,
    HasAny,
}
