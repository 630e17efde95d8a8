//! Splits a query into tokens.

use super::error::{KqlError, Position};
use super::literal;
use super::value::{Type, Value};

/// A token and its position.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    pub(super) position: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A name or a word of the language.
    Word,
    /// `['name']`, which is never a word of the language.
    QuotedName(String),
    Literal(Type, Value),
    /// An operator or a bracket.
    Symbol,
    End,
}

/// Longer symbols first, so that `==` is not `=`.
const SYMBOLS: &[&str] = &[
    "==", "!=", "<>", "<=", ">=", "=~", "!~", "..", "|", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-", "*",
    "/", "%", ";", "!", ":", "{", "}", "~",
];

/// The text of the last token in messages.
const END: &str = "<EOF>";

/// Type names that form a literal with the unquoted text in the parentheses after them, such as `int(7)`.
const TYPED: &[(&str, Type)] = &[
    ("bool", Type::Bool),
    ("boolean", Type::Bool),
    ("date", Type::DateTime),
    ("datetime", Type::DateTime),
    ("double", Type::Real),
    ("dynamic", Type::Dynamic),
    ("guid", Type::Guid),
    ("int", Type::Int),
    ("long", Type::Long),
    ("real", Type::Real),
    ("time", Type::TimeSpan),
    ("timespan", Type::TimeSpan),
    ("uniqueid", Type::Guid),
    ("uuid", Type::Guid),
];

/// All tokens; the last one is [`TokenKind::End`]. The time is proportional to the length of the text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, KqlError> {
    let mut lexer = Lexer { text, at: 0, start: 0, position: Position { line: 1, pos: 0 } };
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
    /// The start of the current token.
    start: usize,
    /// The line and position of `start`.
    position: Position,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Result<Token<'a>, KqlError> {
        self.skip_blanks();
        self.begin_token();
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(self.token(TokenKind::End, END)) };
        let kind = if rest.starts_with("```") || rest.starts_with("~~~") {
            return Err(self.not_simulated("texts of several lines"));
        } else if string_start(rest).is_some() {
            TokenKind::Literal(Type::String, Value::String(self.string()?))
        } else if first.is_ascii_alphabetic() || first == '_' || first == '$' {
            self.word()?
        } else if first.is_ascii_digit() {
            self.number()?
        } else if rest.starts_with("['") || rest.starts_with("[\"") {
            self.quoted_name()?
        } else {
            let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).ok_or_else(|| self.error(1))?;
            self.at += symbol.len();
            TokenKind::Symbol
        };
        Ok(self.token(kind, &self.text[self.start..self.at]))
    }

    fn token(&self, kind: TokenKind, text: &'a str) -> Token<'a> {
        Token { kind, text, position: self.position }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Starts a token. Counts lines and characters only since the last token, so that no character is counted twice.
    fn begin_token(&mut self) {
        for character in self.text[self.start..self.at].chars() {
            self.position = match character {
                '\n' => Position { line: self.position.line + 1, pos: 0 },
                _ => Position { pos: self.position.pos + 1, ..self.position },
            };
        }
        self.start = self.at;
    }

    /// A syntax error at the current token, which has `length` characters.
    fn error(&self, length: usize) -> KqlError {
        let token: String = self.text[self.start..].chars().take(length).collect();
        KqlError::Syntax { position: self.position, token: if token.is_empty() { END.to_owned() } else { token } }
    }

    fn not_simulated(&self, what: &str) -> KqlError {
        KqlError::not_simulated(self.position, &self.text[self.start..self.at], what)
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
        let word = self.take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '$'));
        let Some(argument) = self.rest().strip_prefix('(') else { return Ok(TokenKind::Word) };
        if word == "decimal" {
            return Err(self.not_simulated("the type decimal"));
        }
        let Some((_, kind)) = TYPED.iter().find(|(known, _)| *known == word) else { return Ok(TokenKind::Word) };
        let length = closing_bracket(argument).ok_or_else(|| self.error(word.len() + 1))?;
        self.at += length + 2;
        match literal::typed(*kind, &argument[..length]) {
            Some(value) => Ok(TokenKind::Literal(*kind, value)),
            // Azure accepts more datetime formats than the simulator, and more dynamic literals than JSON.
            None if *kind == Type::DateTime && argument[..length].contains(|it: char| it.is_ascii_digit()) => {
                Err(self.not_simulated("this form of a datetime"))
            }
            None if *kind == Type::Dynamic => Err(self.not_simulated("this literal of type dynamic")),
            None => Err(self.error(self.at - self.start)),
        }
    }

    /// `12`, `0x1F`, `1.5`, `1e5`, `7d`
    fn number(&mut self) -> Result<TokenKind, KqlError> {
        self.take_while(|character| character.is_ascii_digit());
        let has_fraction =
            self.rest().strip_prefix('.').is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()));
        if has_fraction {
            self.at += 1;
            self.take_while(|character| character.is_ascii_digit());
        }
        let unit = self.take_while(|character| character.is_ascii_alphanumeric());
        if matches!(unit, "e" | "E") && self.rest().starts_with(['+', '-']) {
            self.at += 1;
            self.take_while(|character| character.is_ascii_digit());
        }
        let all = &self.text[self.start..self.at];
        let value = match (unit.chars().next(), has_fraction) {
            (None, false) | (Some('x' | 'X'), false) => literal::typed(Type::Long, all).map(|it| (Type::Long, it)),
            (None, true) | (Some('e' | 'E'), _) => literal::typed(Type::Real, all).map(|it| (Type::Real, it)),
            _ => literal::typed(Type::TimeSpan, all).map(|it| (Type::TimeSpan, it)),
        };
        let (kind, value) = value.ok_or_else(|| self.error(all.len()))?;
        Ok(TokenKind::Literal(kind, value))
    }

    /// `"text"`, `'text'`, with escapes; `@"text"` without; `h"text"` is hidden in logs.
    fn string(&mut self) -> Result<String, KqlError> {
        let rest = self.rest();
        let quote_at = string_start(rest).ok_or_else(|| self.error(1))?;
        let is_verbatim = rest[..quote_at].ends_with('@');
        let mut characters = rest[quote_at..].char_indices().peekable();
        let quote = characters.next().map(|(_, quote)| quote);
        let mut text = String::new();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' if !is_verbatim => text.push(match characters.next() {
                    Some((_, 'n')) => '\n',
                    Some((_, 't')) => '\t',
                    Some((_, 'r')) => '\r',
                    Some((_, escaped @ ('\\' | '"' | '\''))) => escaped,
                    Some((_, 'a' | 'b' | 'f' | 'v' | 'u' | 'U' | 'x' | '0'..='9')) => {
                        return Err(self.not_simulated("this escape sequence"));
                    }
                    _ => return Err(self.error(at + 1)),
                }),
                // In a verbatim string, two quotes are one escaped quote.
                _ if Some(character) == quote && is_verbatim && characters.peek().map(|(_, next)| *next) == quote => {
                    characters.next();
                    text.push(character);
                }
                _ if Some(character) == quote => {
                    self.at += quote_at + at + 1;
                    return Ok(text);
                }
                '\n' if !is_verbatim => break,
                _ => text.push(character),
            }
        }
        Err(self.error(1))
    }

    /// `['a name']`
    fn quoted_name(&mut self) -> Result<TokenKind, KqlError> {
        self.at += 1;
        let name = self.string()?;
        if !self.rest().starts_with(']') {
            self.begin_token();
            return Err(self.error(1));
        }
        self.at += 1;
        Ok(TokenKind::QuotedName(name))
    }
}

/// The index of the opening quote, if `text` starts with a string.
fn string_start(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(['h', 'H']).unwrap_or(text);
    let rest = rest.strip_prefix('@').unwrap_or(rest);
    rest.starts_with(['"', '\'']).then(|| text.len() - rest.len())
}

/// The index of the parenthesis that closes the one before `text`. Parentheses in quotes do not count.
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
