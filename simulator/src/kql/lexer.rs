//! Splits a query into tokens.

use super::error::{KqlError, Position};
use super::literal;
use super::value::Value;

/// A token and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) text: String,
    pub(super) position: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A name or a word of the language.
    Word,
    /// `['name']`, which is never a word of the language.
    QuotedName,
    Literal(Value),
    /// An operator or a bracket.
    Symbol,
    End,
}

/// Longer symbols first, so that `==` is not `=`.
const SYMBOLS: &[&str] = &[
    "==", "!=", "<=", ">=", "=~", "!~", "..", "|", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/",
    "%", ";", "!", ":", "{", "}", "~",
];

/// Words whose argument is a literal that is not quoted.
const LITERALS: &[&str] = &["datetime", "timespan", "time", "dynamic"];

/// All tokens; the last one is [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, KqlError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next()?;
        let is_end = token.kind == TokenKind::End;
        tokens.push(token);
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Result<Token, KqlError> {
        self.skip_blanks();
        let (start, rest) = (self.at, self.rest());
        let Some(first) = rest.chars().next() else {
            return Ok(Token { kind: TokenKind::End, text: "<EOF>".to_owned(), position: self.position(start) });
        };
        let kind = if first.is_ascii_alphabetic() || first == '_' || first == '$' {
            self.word()?
        } else if first.is_ascii_digit() {
            self.number()?
        } else if matches!(first, '"' | '\'') || rest.starts_with("@\"") || rest.starts_with("@'") {
            TokenKind::Literal(Value::String(self.string()?))
        } else if rest.starts_with("['") || rest.starts_with("[\"") {
            return self.quoted_name();
        } else {
            let symbol =
                SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).ok_or_else(|| self.error(start, 1))?;
            self.at += symbol.len();
            TokenKind::Symbol
        };
        Ok(Token { kind, text: self.text[start..self.at].to_owned(), position: self.position(start) })
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn position(&self, at: usize) -> Position {
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, pos: before[line_start..].chars().count() }
    }

    fn error(&self, at: usize, length: usize) -> KqlError {
        let token = self.text[at..].chars().take(length).collect();
        KqlError::Syntax { position: self.position(at), token }
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let skipped = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else {
                rest.len() - rest.trim_start().len()
            };
            if skipped == 0 {
                return;
            }
            self.at += skipped;
        }
    }

    fn take_while(&mut self, accepts: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|character| !accepts(character)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// A name, or a literal such as `datetime(2026-01-15)`.
    fn word(&mut self) -> Result<TokenKind, KqlError> {
        let start = self.at;
        let word = self.take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '$'));
        let argument = self.rest().strip_prefix('(').filter(|_| LITERALS.contains(&word));
        let Some(argument) = argument else { return Ok(TokenKind::Word) };
        let length = closing_bracket(argument).ok_or_else(|| self.error(start, word.len() + 1))?;
        self.at += length + 2;
        let argument = &argument[..length];
        let value = match word {
            _ if argument.trim() == "null" => Some(Value::Null),
            "datetime" => literal::date_time(argument).map(Value::DateTime),
            "dynamic" => serde_json::from_str(argument).ok().map(Value::Dynamic),
            _ => literal::timespan(argument).map(Value::TimeSpan),
        };
        value.map(TokenKind::Literal).ok_or_else(|| self.error(start, word.len() + length + 2))
    }

    /// `12`, `1.5`, `7d`
    fn number(&mut self) -> Result<TokenKind, KqlError> {
        let start = self.at;
        self.take_while(|character| character.is_ascii_digit());
        let fraction =
            self.rest().strip_prefix('.').is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()));
        if fraction {
            self.at += 1;
            self.take_while(|character| character.is_ascii_digit());
        }
        let digits = &self.text[start..self.at];
        let unit = self.take_while(|character| character.is_ascii_alphanumeric());
        let all = &self.text[start..self.at];
        let value = match (unit.is_empty(), fraction) {
            (true, true) => digits.parse().ok().map(Value::Real),
            (true, false) => digits.parse().ok().map(Value::Long),
            (false, _) => literal::timespan(all).map(Value::TimeSpan),
        };
        value.map(TokenKind::Literal).ok_or_else(|| self.error(start, all.len()))
    }

    /// `"text"`, `'text'`, with escapes; `@"text"` without.
    fn string(&mut self) -> Result<String, KqlError> {
        let start = self.at;
        let rest = self.rest();
        let (is_verbatim, body) = rest.strip_prefix('@').map_or((false, rest), |body| (true, body));
        let Some(quote) = body.chars().next() else { return Err(self.error(start, 1)) };
        let mut text = String::new();
        let mut characters = body.char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' if !is_verbatim => text.push(match characters.next() {
                    Some((_, 'n')) => '\n',
                    Some((_, 't')) => '\t',
                    Some((_, 'r')) => '\r',
                    Some((_, escaped @ ('\\' | '"' | '\''))) => escaped,
                    _ => return Err(self.error(start, at + 1)),
                }),
                // In a verbatim text, two quotes are one.
                _ if character == quote && is_verbatim && characters.next_if(|(_, next)| *next == quote).is_some() => {
                    text.push(quote);
                }
                _ if character == quote => {
                    self.at += usize::from(is_verbatim) + at + 1;
                    return Ok(text);
                }
                '\n' if !is_verbatim => break,
                _ => text.push(character),
            }
        }
        Err(self.error(start, 1))
    }

    /// `['a name']`
    fn quoted_name(&mut self) -> Result<Token, KqlError> {
        let position = self.position(self.at);
        self.at += 1;
        let text = self.string()?;
        if !self.rest().starts_with(']') {
            return Err(self.error(self.at, 1));
        }
        self.at += 1;
        Ok(Token { kind: TokenKind::QuotedName, text, position })
    }
}

/// Where the bracket closes that was opened before `text`. Brackets in quotes do not count.
fn closing_bracket(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return Some(at),
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
    }
    None
}
