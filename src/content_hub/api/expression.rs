//! The few template expressions that say what a resource of a solution's template is called.
//!
//! `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',variables('x'))]` and the like. Resource Manager knows
//! a hundred functions more; where one of them stands, the text is not known here, and nobody guesses.

use serde_json::Value;

/// How deep variables may refer to each other.
const DEPTH_LIMIT: usize = 16;

/// What expressions refer to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    /// The template's `variables`.
    pub(crate) variables: &'a Value,
    /// Parameters that are known, by name.
    pub(crate) parameters: &'a [(&'a str, &'a str)],
}

impl Scope<'_> {
    /// The text that a text of the template stands for; none where that takes more than is known here.
    pub(crate) fn text(&self, text: &str) -> Option<String> {
        self.resolve(text, 0)
    }

    fn resolve(&self, text: &str, depth: usize) -> Option<String> {
        if depth > DEPTH_LIMIT {
            return None;
        }
        if let Some(literal) = text.strip_prefix("[[") {
            return Some(format!("[{literal}"));
        }
        let Some(expression) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
            return Some(text.to_owned());
        };
        let mut reader = Reader { scope: self, rest: expression, depth };
        let value = reader.expression()?;
        reader.rest.trim().is_empty().then_some(value)
    }

    fn call(&self, function: &str, arguments: &[String], depth: usize) -> Option<String> {
        match (function.to_ascii_lowercase().as_str(), arguments) {
            ("concat", parts) => Some(parts.concat()),
            ("tolower", [text]) => Some(text.to_lowercase()),
            ("parameters", [name]) => {
                let known = self.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                known.map(|(_, value)| (*value).to_owned())
            }
            ("variables", [name]) => {
                let variables = self.variables.as_object()?;
                let (_, value) = variables.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
                self.resolve(value.as_str()?, depth + 1)
            }
            _ => None,
        }
    }
}

/// Reads an expression from the left.
struct Reader<'a> {
    scope: &'a Scope<'a>,
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    /// `'text'`, or `name(argument, …)`.
    fn expression(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('\'') {
            return self.literal();
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric())?;
        let (function, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix('(')?;
        let mut arguments = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(')') {
                self.rest = rest;
                return self.scope.call(function, &arguments, self.depth);
            }
            if !arguments.is_empty() {
                self.rest = self.rest.strip_prefix(',')?;
            }
            self.depth += 1;
            if self.depth > DEPTH_LIMIT * 4 {
                return None;
            }
            arguments.push(self.expression()?);
        }
    }

    /// A quote inside is doubled.
    fn literal(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut rest = self.rest.strip_prefix('\'')?;
        loop {
            let (part, after) = rest.split_once('\'')?;
            text.push_str(part);
            match after.strip_prefix('\'') {
                Some(after) => {
                    text.push('\'');
                    rest = after;
                }
                None => {
                    self.rest = after;
                    return Some(text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn text(text: &str) -> Option<String> {
        let variables = json!({"id": "Card", "_id": "[variables('id')]", "loop": "[variables('loop')]", "n": 5});
        Scope { variables: &variables, parameters: &[("workspace", "law-soc")] }.text(text)
    }

    #[test]
    fn names_as_solutions_write_them_are_read() {
        let name = "[concat(parameters('workspace'),'/Microsoft.SecurityInsights/', variables('_ID'))]";

        assert_eq!(text(name).as_deref(), Some("law-soc/Microsoft.SecurityInsights/Card"));
        assert_eq!(text("plain").as_deref(), Some("plain"));
        assert_eq!(text("[[not an expression]").as_deref(), Some("[not an expression]"));
        assert_eq!(text("[toLower('It''s')]").as_deref(), Some("it's"));
    }

    #[test]
    fn what_takes_more_is_not_guessed() {
        for unknown in [
            "[uniqueString('a')]",
            "[concat('a', resourceGroup().name)]",
            "[parameters('other')]",
            "[variables('loop')]",
            "[variables('n')]",
            "[concat('a')",
            "[concat('a'))]",
            "['a",
            "[]",
            "[concat('a' 'b')]",
        ] {
            let read = text(unknown);
            assert!(read.is_none() || read.as_deref() == Some(unknown), "{unknown}: {read:?}");
        }
        assert_eq!(text("[uniqueString('a')]"), None);
        assert_eq!(text("[variables('loop')]"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(expression in "\\[?[a-z(),' \\[\\]]{0,40}\\]?") {
            let _ = text(&expression);
        }

        #[test]
        fn literals_come_back(literal in "[a-z' ]{0,12}") {
            let expression = format!("['{}']", literal.replace('\'', "''"));
            prop_assert_eq!(text(&expression), Some(literal));
        }
    }
}
