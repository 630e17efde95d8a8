//! Parses template expressions.
//!
//! A string in a template is an expression if it starts with `[` and ends with `]`. A leading `[[` is an escaped
//! bracket. String literals are in single quotes; two quotes are an escaped quote.

use super::error::EvaluationError;
use super::limits;

/// A parsed string of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// Not an expression.
    Plain(String),
    Expression(Expression),
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    Text(String),
    Number(i64),
    Call {
        function: String,
        arguments: Vec<Self>,
    },
    /// `value.name`
    Member(Box<Self>, String),
    /// `value[index]`
    Index(Box<Self>, Box<Self>),
}

/// The maximum nesting of an expression, so that it does not overflow the stack.
const DEPTH: usize = 100;

/// The maximum number of consecutive members and indexes, so that they do not overflow the stack.
const MAX_CHAIN: usize = 20;

/// Parses a string of a template.
pub(super) fn read(text: &str) -> Result<Text, EvaluationError> {
    if !(text.starts_with('[') && text.ends_with(']')) {
        return Ok(Text::Plain(text.to_owned()));
    }
    if let Some(escaped) = text.strip_prefix("[[") {
        return Ok(Text::Plain(format!("[{escaped}")));
    }
    let length = text.chars().count();
    if length > limits::EXPRESSION {
        return Err(EvaluationError::new(format!(
            "The language expression length limit exceeded. Limit: '{}' and actual: '{length}'.",
            limits::EXPRESSION
        )));
    }
    let mut parser = Parser { source: text, rest: &text[1..text.len() - 1] };
    let expression = parser.expression(0)?;
    parser.skip_blanks();
    if parser.rest.is_empty() { Ok(Text::Expression(expression)) } else { Err(parser.unexpected("the end")) }
}

struct Parser<'a> {
    source: &'a str,
    rest: &'a str,
}

impl Parser<'_> {
    fn expression(&mut self, depth: usize) -> Result<Expression, EvaluationError> {
        if depth > DEPTH {
            return Err(EvaluationError::new("The language expression is nested too deeply."));
        }
        self.skip_blanks();
        let mut expression = match self.rest.chars().next() {
            Some('\'') => self.text()?,
            Some(digit) if digit == '-' || digit.is_ascii_digit() => self.number()?,
            Some(letter) if letter == '_' || letter.is_ascii_alphabetic() => self.call(depth)?,
            _ => return Err(self.unexpected("a function, a text or a number")),
        };
        for _ in 0..MAX_CHAIN {
            self.skip_blanks();
            if self.take('.') {
                self.skip_blanks();
                let name = self.name().ok_or_else(|| self.unexpected("a name"))?;
                expression = Expression::Member(Box::new(expression), name);
            } else if self.take('[') {
                let index = self.expression(depth + 1)?;
                self.require(']')?;
                expression = Expression::Index(Box::new(expression), Box::new(index));
            } else {
                return Ok(expression);
            }
        }
        Err(EvaluationError::new("The language expression is nested too deeply."))
    }

    fn call(&mut self, depth: usize) -> Result<Expression, EvaluationError> {
        let function = self.name().unwrap_or_default();
        self.require('(')?;
        let mut arguments = Vec::new();
        self.skip_blanks();
        if self.take(')') {
            return Ok(Expression::Call { function, arguments });
        }
        loop {
            arguments.push(self.expression(depth + 1)?);
            self.skip_blanks();
            if self.take(')') {
                return Ok(Expression::Call { function, arguments });
            }
            self.require(',')?;
        }
    }

    fn text(&mut self) -> Result<Expression, EvaluationError> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            if character != '\'' {
                text.push(character);
            } else if characters.next_if(|(_, next)| *next == '\'').is_some() {
                text.push('\'');
            } else {
                self.rest = &self.rest[at + 1..];
                return Ok(Expression::Text(text));
            }
        }
        Err(self.unexpected("the ' that ends the text"))
    }

    fn number(&mut self) -> Result<Expression, EvaluationError> {
        let sign = usize::from(self.rest.starts_with('-'));
        let digits = self.rest[sign..].bytes().take_while(u8::is_ascii_digit).count();
        let number = self.rest[..sign + digits].parse().map_err(|_| self.unexpected("a number"))?;
        self.rest = &self.rest[sign + digits..];
        Ok(Expression::Number(number))
    }

    fn name(&mut self) -> Option<String> {
        let length = self.rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name = self.rest[..length].to_owned();
        self.rest = &self.rest[length..];
        (!name.is_empty()).then_some(name)
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn require(&mut self, wanted: char) -> Result<(), EvaluationError> {
        self.skip_blanks();
        if self.take(wanted) { Ok(()) } else { Err(self.unexpected(&format!("'{wanted}'"))) }
    }

    fn unexpected(&self, wanted: &str) -> EvaluationError {
        let found = self.rest.chars().next().map_or_else(|| "the end".to_owned(), |found| format!("'{found}'"));
        EvaluationError::new(format!(
            "Unable to parse language expression '{}': expected {wanted} and found {found}.",
            self.source
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn expression(text: &str) -> Expression {
        match read(text) {
            Ok(Text::Expression(expression)) => expression,
            other => panic!("{text} is {other:?}"),
        }
    }

    #[test]
    fn text_without_brackets_is_plain() {
        for text in ["", "a", "[a", "a]", "x[concat('a')]", "[concat('a')] "] {
            assert_eq!(read(text), Ok(Text::Plain(text.to_owned())));
        }
        assert_eq!(read("[[concat('a')]"), Ok(Text::Plain("[concat('a')]".to_owned())));
    }

    #[test]
    fn parses_nested_calls_members_and_indexes() {
        let call = |function: &str, arguments| Expression::Call { function: function.to_owned(), arguments };
        let text = |text: &str| Expression::Text(text.to_owned());
        assert_eq!(
            expression("[ concat( 'it''s' , -12 ) ]"),
            call("concat", vec![text("it's"), Expression::Number(-12)])
        );
        let group = Expression::Member(Box::new(call("resourceGroup", Vec::new())), "location".to_owned());
        assert_eq!(expression("[resourceGroup().location]"), group);
        let split = call("split", vec![text("a/b"), text("/")]);
        assert_eq!(
            expression("[split('a/b','/')[0]]"),
            Expression::Index(Box::new(split), Box::new(Expression::Number(0)))
        );
    }

    #[test]
    fn reports_invalid_expressions() {
        for text in ["[]", "[concat(]", "[concat('a']", "[concat('a',)]", "['a' 'b']", "[a]", "[1-]", "[-]"] {
            let EvaluationError(sentence) = read(text).expect_err(text);
            assert!(sentence.starts_with("Unable to parse language expression"), "{sentence}");
        }
        let deep = format!("[{}'a'{}]", "concat(".repeat(200), ")".repeat(200));
        assert!(read(&deep).is_err());
    }

    proptest! {
        #[test]
        fn parsing_any_text_does_not_panic(text in "\\[[a-z'(),.\\[\\] 0-9é-]{0,40}\\]") {
            let _read = read(&text);
        }

        #[test]
        fn round_trips_every_quoted_string(text in any::<String>()) {
            let quoted = format!("['{}']", text.replace('\'', "''"));
            prop_assert_eq!(expression(&quoted), Expression::Text(text));
        }
    }
}
