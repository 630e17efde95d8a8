//! The syntax tree of a query.

use super::error::Position;
use super::value::{Type, Value};

/// The statements before the query, and the query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    /// `let name = …;`
    pub(crate) bindings: Vec<(String, Binding)>,
    pub(crate) pipeline: Pipeline,
}

/// The value of a `let` statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Binding {
    Scalar(Expression),
    Table(Pipeline),
}

/// A table, and the operators through which its rows pass.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pipeline {
    pub(crate) source: Source,
    pub(crate) operators: Vec<Operator>,
}

/// The source of rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// A table by its name.
    Table(String),
    /// `print`: one row of these expressions.
    Print(Vec<Named>),
    /// `union A, (B | …)`
    Union { position: Position, parts: Vec<Pipeline> },
    /// `(A | …)`
    Nested(Box<Pipeline>),
}

/// A tabular operator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operator {
    Where(Expression),
    Extend(Vec<Named>),
    Project(Vec<Named>),
    /// `project-away`, `project-keep`
    Select {
        names: Vec<String>,
        keeps: bool,
    },
    /// `project-rename New = Old`
    Rename(Vec<(String, String)>),
    /// The columns; none for `*`.
    Distinct(Vec<Named>),
    Summarize {
        aggregates: Vec<Named>,
        by: Vec<Named>,
    },
    Sort(Vec<SortKey>),
    Top {
        position: Position,
        count: Expression,
        by: SortKey,
    },
    Take {
        position: Position,
        count: Expression,
    },
    Count,
    /// `mv-expand Name = value`: a row for each element.
    Expand(Named),
    /// `union` after a pipe.
    Union {
        position: Position,
        parts: Vec<Pipeline>,
    },
    Join(Box<Join>),
}

/// `join kind=… (right) on …`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Join {
    pub(crate) position: Position,
    pub(crate) kind: JoinKind,
    pub(crate) right: Pipeline,
    /// Pairs of columns that must be equal, on the left and on the right.
    pub(crate) on: Vec<(String, String)>,
}

/// Which rows a join returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinKind {
    /// Pairs of rows. On the left, only one row of each key counts. The default.
    InnerUnique,
    Inner,
    /// Pairs, and the rows on the left without a match.
    LeftOuter,
    /// The rows on the left with a match.
    LeftSemi,
    /// The rows on the left without a match.
    LeftAnti,
}

impl Operator {
    /// The name of the operator, for messages.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Where(_) => "where",
            Self::Extend(_) => "extend",
            Self::Project(_) => "project",
            Self::Select { keeps: false, .. } => "project-away",
            Self::Select { keeps: true, .. } => "project-keep",
            Self::Rename(_) => "project-rename",
            Self::Distinct(_) => "distinct",
            Self::Summarize { .. } => "summarize",
            Self::Sort(_) => "sort",
            Self::Top { .. } => "top",
            Self::Take { .. } => "take",
            Self::Count => "count",
            Self::Expand(_) => "mv-expand",
            Self::Union { .. } => "union",
            Self::Join(_) => "join",
        }
    }
}

/// An expression that becomes a column, with its name if the query gives one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) position: Position,
    pub(crate) name: Option<String>,
    pub(crate) expression: Expression,
}

/// A column to sort by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SortKey {
    pub(crate) expression: Expression,
    pub(crate) is_descending: bool,
    pub(crate) puts_nulls_first: bool,
}

/// A scalar expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    Literal(Type, Value),
    Name(String),
    /// `*`, as an argument of an aggregate and in `distinct`.
    Star(Position),
    Call {
        function: String,
        arguments: Vec<Self>,
        position: Position,
    },
    Binary {
        position: Position,
        operator: Binary,
        left: Box<Self>,
        right: Box<Self>,
    },
    /// `value in (…)`, `value has_any (…)`
    List {
        position: Position,
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
    /// `text matches regex pattern`
    Matches {
        position: Position,
        text: Box<Self>,
        pattern: Box<Self>,
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
    Text { operator: TextOperator, is_case_sensitive: bool, is_negated: bool },
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
    Equal,
    /// A whole word.
    Has,
    /// The beginning of a word.
    HasPrefix,
    /// The end of a word.
    HasSuffix,
    Contains,
    StartsWith,
    EndsWith,
}

/// A comparison with each element of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListOperator {
    In,
    InIgnoringCase,
    HasAny,
    HasAll,
}
