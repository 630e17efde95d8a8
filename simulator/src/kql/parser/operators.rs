//! Parses the operators after a pipe.

use super::{NOT_SIMULATED, Parser};
use crate::kql::error::KqlError;
use crate::kql::lexer::TokenKind;
use crate::kql::syntax::{Join, JoinKind, Operator, Pipeline, SortKey, Source};

/// The first words of operators with a hyphen, such as `project-away`.
const COMPOUND: &[&str] = &["assert", "graph", "macro", "make", "mv", "parse", "partition", "project", "sample", "top"];

impl Parser<'_> {
    pub(super) fn operator(&mut self) -> Result<Operator, KqlError> {
        if self.token().kind != TokenKind::Word {
            return Err(self.error());
        }
        let start = self.at;
        let name = self.operator_name();
        let operator = match name.as_str() {
            "where" | "filter" => Operator::Where(self.expression()?),
            "extend" => Operator::Extend(self.named_list()?),
            "project" => Operator::Project(self.named_list()?),
            "project-away" => Operator::Select { names: self.column_names()?, keeps: false },
            "project-keep" => Operator::Select { names: self.column_names()?, keeps: true },
            "project-rename" => Operator::Rename(self.list_of(|parser| {
                let new = parser.name()?;
                parser.expect("=")?;
                Ok((new, parser.name()?))
            })?),
            "distinct" if self.accept("*") => Operator::Distinct(Vec::new()),
            "distinct" => Operator::Distinct(self.named_list()?),
            "summarize" => self.summarize()?,
            "sort" | "order" => {
                self.expect("by")?;
                Operator::Sort(self.list_of(Self::sort_key)?)
            }
            "top" => {
                let position = self.token().position;
                let count = self.expression()?;
                self.expect("by")?;
                Operator::Top { position, count, by: self.sort_key()? }
            }
            "take" | "limit" => Operator::Take { position: self.token().position, count: self.expression()? },
            "count" if self.is("as") => return Err(self.not_simulated("the name of a result")),
            "count" => Operator::Count,
            "mv-expand" => self.expand()?,
            "union" => Operator::Union { position: self.token_at(start).position, parts: self.union()? },
            "join" => self.join(start)?,
            known => {
                self.at = start;
                let is_known = known.contains('-') || NOT_SIMULATED.contains(&known);
                return Err(if is_known { self.not_simulated(known) } else { self.error() });
            }
        };
        Ok(operator)
    }

    /// Parses the name of an operator.
    fn operator_name(&mut self) -> String {
        let first = self.token().text;
        let second = self.token_at(self.at + 2);
        if COMPOUND.contains(&first) && self.is_ahead(1, "-") && second.kind == TokenKind::Word {
            let name = format!("{first}-{}", second.text);
            self.at += 3;
            return name;
        }
        self.at += 1;
        first.to_owned()
    }

    fn column_names(&mut self) -> Result<Vec<String>, KqlError> {
        let names = self.list_of(Self::name)?;
        if self.is("*") { Err(self.not_simulated("patterns of column names")) } else { Ok(names) }
    }

    fn summarize(&mut self) -> Result<Operator, KqlError> {
        if self.is_ahead(1, ".") && self.is("hint") {
            return Err(self.not_simulated("hints"));
        }
        let aggregates = if self.is("by") { Vec::new() } else { self.named_list()? };
        let by = if self.accept("by") { self.named_list()? } else { Vec::new() };
        Ok(Operator::Summarize { aggregates, by })
    }

    /// A column with its direction, which defaults to descending. By default, null sorts as the least value.
    fn sort_key(&mut self) -> Result<SortKey, KqlError> {
        let expression = self.expression()?;
        let is_descending = !self.accept("asc");
        if is_descending {
            self.accept("desc");
        }
        let mut puts_nulls_first = !is_descending;
        if self.accept("nulls") {
            puts_nulls_first = self.accept("first");
            if !puts_nulls_first {
                self.expect("last")?;
            }
        }
        Ok(SortKey { expression, is_descending, puts_nulls_first })
    }

    fn expand(&mut self) -> Result<Operator, KqlError> {
        let has_parameter = ["kind", "bagexpansion", "with_itemindex"].iter().any(|name| self.is(name));
        if has_parameter && self.is_ahead(1, "=") {
            return Err(self.not_simulated("parameters of mv-expand"));
        }
        let column = self.named()?;
        if self.is(",") || self.is("to") || self.is("limit") {
            return Err(self.not_simulated("this form of mv-expand"));
        }
        Ok(Operator::Expand(column))
    }

    /// The tables of a union.
    pub(super) fn union(&mut self) -> Result<Vec<Pipeline>, KqlError> {
        if self.is_ahead(1, "=") {
            return Err(self.not_simulated("parameters of union"));
        }
        self.list_of(Self::part)
    }

    /// A table, or a query in brackets.
    fn part(&mut self) -> Result<Pipeline, KqlError> {
        match self.source()? {
            Source::Nested(pipeline) => Ok(*pipeline),
            source => Ok(Pipeline { source, operators: Vec::new() }),
        }
    }

    fn join(&mut self, start: usize) -> Result<Operator, KqlError> {
        let position = self.token_at(start).position;
        let mut kind = JoinKind::InnerUnique;
        if self.accept("kind") {
            self.expect("=")?;
            kind = match self.token().text {
                "innerunique" => JoinKind::InnerUnique,
                "inner" => JoinKind::Inner,
                "leftouter" => JoinKind::LeftOuter,
                "leftsemi" => JoinKind::LeftSemi,
                "leftanti" | "anti" | "leftantisemi" => JoinKind::LeftAnti,
                _ => return Err(self.not_simulated("this kind of join")),
            };
            self.at += 1;
        }
        if self.is("hint") && self.is_ahead(1, ".") {
            return Err(self.not_simulated("hints"));
        }
        let right = self.part()?;
        self.expect("on")?;
        let mut on = self.list_of(Self::condition)?;
        while self.accept("and") {
            on.extend(self.list_of(Self::condition)?);
        }
        Ok(Operator::Join(Box::new(Join { position, kind, right, on })))
    }

    /// `name`, or `$left.name == $right.name`
    fn condition(&mut self) -> Result<(String, String), KqlError> {
        if !self.is("$left") && !self.is("$right") {
            let name = self.name()?;
            return Ok((name.clone(), name));
        }
        let is_left_first = self.is("$left");
        let (first, second) = if is_left_first { ("$left", "$right") } else { ("$right", "$left") };
        let first = self.side(first)?;
        self.expect("==")?;
        let second = self.side(second)?;
        Ok(if is_left_first { (first, second) } else { (second, first) })
    }

    /// `$left.name`
    fn side(&mut self, side: &str) -> Result<String, KqlError> {
        self.expect(side)?;
        self.expect(".")?;
        self.name()
    }
}
