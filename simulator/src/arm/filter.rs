//! `$filter`: the part of OData that Azure's lists support.
//!
//! `properties/contentId eq 'x'`, `ne`, `and`, `or`, `not`, parentheses, `contains`, `substringof`, `startswith`,
//! `endswith`.

use serde_json::Value;

/// Limit for nested parentheses and `not`, so that a long query string does not overflow the stack.
const DEPTH_LIMIT: usize = 100;

/// A parsed filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    /// `path eq 'text'`; `equal` is false for `ne`.
    Equals {
        path: String,
        value: Value,
        equal: bool,
    },
    Text {
        function: Function,
        path: String,
        text: String,
    },
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Contains,
    StartsWith,
    EndsWith,
}

impl Filter {
    /// Parses a filter. The error names the first invalid token.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0 };
        let filter = parser.or()?;
        match parser.tokens.get(parser.next) {
            None => Ok(filter),
            Some(token) => Err(format!("unexpected '{token}'")),
        }
    }

    /// Whether the filter matches a document. As in OData, comparisons of text are case-sensitive.
    pub(crate) fn matches(&self, document: &Value) -> bool {
        match self {
            Self::Equals { path, value, equal } => (lookup(document, path) == value) == *equal,
            Self::Text { function, path, text } => {
                lookup(document, path).as_str().is_some_and(|found| match function {
                    Function::Contains => found.contains(text.as_str()),
                    Function::StartsWith => found.starts_with(text.as_str()),
                    Function::EndsWith => found.ends_with(text.as_str()),
                })
            }
            Self::And(left, right) => left.matches(document) && right.matches(document),
            Self::Or(left, right) => left.matches(document) || right.matches(document),
            Self::Not(inner) => !inner.matches(document),
        }
    }

    /// The properties that the filter mentions.
    pub(crate) fn paths(&self) -> Vec<&str> {
        match self {
            Self::Equals { path, .. } | Self::Text { path, .. } => vec![path],
            Self::And(left, right) | Self::Or(left, right) => [left.paths(), right.paths()].concat(),
            Self::Not(inner) => inner.paths(),
        }
    }
}

/// The value at a path such as `properties/support/tier`, or null.
pub(crate) fn lookup<'a>(document: &'a Value, path: &str) -> &'a Value {
    path.split('/').fold(document, |value, name| &value[name])
}

struct Parser {
    tokens: Vec<String>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn or(&mut self) -> Result<Filter, String> {
        let mut left = self.and()?;
        while self.take("or") {
            left = Filter::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Filter, String> {
        let mut left = self.term()?;
        while self.take("and") {
            left = Filter::And(Box::new(left), Box::new(self.term()?));
        }
        Ok(left)
    }

    fn term(&mut self) -> Result<Filter, String> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(format!("more than {DEPTH_LIMIT} levels"));
        }
        let term = self.nested_term();
        self.depth -= 1;
        term
    }

    fn nested_term(&mut self) -> Result<Filter, String> {
        if self.take("not") {
            return Ok(Filter::Not(Box::new(self.term()?)));
        }
        if self.take("(") {
            let inner = self.or()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let word = self.word()?;
        if word.eq_ignore_ascii_case("substringof") {
            return self.substring_of();
        }
        let function = match word.to_lowercase().as_str() {
            "contains" => Function::Contains,
            "startswith" => Function::StartsWith,
            "endswith" => Function::EndsWith,
            _ => return self.comparison(word),
        };
        self.expect("(")?;
        let path = self.word()?;
        self.expect(",")?;
        let Value::String(text) = self.literal()? else { return Err(format!("{word} needs a text")) };
        self.expect(")")?;
        Ok(Filter::Text { function, path, text })
    }

    /// `substringof('x', path)`, with the text first.
    fn substring_of(&mut self) -> Result<Filter, String> {
        self.expect("(")?;
        let Value::String(text) = self.literal()? else { return Err("substringof needs a text".to_owned()) };
        self.expect(",")?;
        let path = self.word()?;
        self.expect(")")?;
        Ok(Filter::Text { function: Function::Contains, path, text })
    }

    fn comparison(&mut self, path: String) -> Result<Filter, String> {
        let operator = self.word()?;
        let equal = match operator.to_lowercase().as_str() {
            "eq" => true,
            "ne" => false,
            _ => return Err(format!("unexpected operator '{operator}'")),
        };
        Ok(Filter::Equals { path, value: self.literal()?, equal })
    }

    fn literal(&mut self) -> Result<Value, String> {
        let token = self.word()?;
        if let Some(text) = token.strip_prefix('\'') {
            return Ok(Value::String(text.to_owned()));
        }
        // Strings are in single quotes only.
        let plain = serde_json::from_str(&token).ok().filter(|value: &Value| !value.is_string());
        plain.ok_or_else(|| format!("'{token}' is not a literal"))
    }

    fn word(&mut self) -> Result<String, String> {
        let token = self.tokens.get(self.next).ok_or("unexpected end")?;
        self.next += 1;
        Ok(token.clone())
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.tokens.get(self.next).is_some_and(|token| token.eq_ignore_ascii_case(wanted));
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        if self.take(wanted) { Ok(()) } else { Err(format!("expected '{wanted}'")) }
    }
}

/// Words, punctuation, and strings, which keep their opening quote.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | ',' => 1,
            '\'' => {
                let (literal, length) = quoted(rest)?;
                tokens.push(literal);
                rest = rest[length..].trim_start();
                continue;
            }
            _ => rest.find(|c: char| c.is_whitespace() || "(),'".contains(c)).unwrap_or(rest.len()),
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// The string at the start of `text`, with doubled quotes unescaped, and its length in the source.
fn quoted(text: &str) -> Result<(String, usize), String> {
    let mut literal = String::from("'");
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != '\'' {
            literal.push(character);
        } else if characters.next_if(|(_, next)| *next == '\'').is_some() {
            literal.push('\'');
        } else {
            return Ok((literal, at + 1));
        }
    }
    Err("a text without its closing quote".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(filter: &str) -> bool {
        let document = json!({"properties": {"contentId": "a.b", "displayName": "It's here", "isNew": "true"}});
        Filter::parse(filter).expect("a valid filter").matches(&document)
    }

    #[test]
    fn combines_comparisons_and_functions() {
        assert!(matches("properties/contentId eq 'a.b'"));
        assert!(matches("(properties/contentId eq 'a.b')"));
        assert!(!matches("properties/contentId eq 'A.B'"));
        assert!(matches("properties/contentId ne 'x' and contains(properties/displayName, 'It''s')"));
        assert!(matches("not (properties/isNew eq 'false') and (startswith(properties/contentId,'a') or 1 eq 2)"));
        assert!(matches("substringof('a', properties/contentId)"));
        let filter = Filter::parse("a eq 1 or not (startswith(b/c, 'x') and substringof('y', d))").expect("valid");
        assert_eq!(filter.paths(), ["a", "b/c", "d"]);
    }

    #[test]
    fn rejects_invalid_filters() {
        for text in ["", "properties/contentId", "a gt 1", "a eq \"x\"", "a eq 'x", "a eq 'x')", "contains(a, 1)"] {
            assert!(Filter::parse(text).is_err(), "{text}");
        }
        assert!(Filter::parse(&"(".repeat(60_000)).is_err());
    }
}
