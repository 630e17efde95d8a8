//! Evaluates the template expressions that solutions use in resource names.
//!
//! An example is `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',variables('x'))]`. Resource Manager
//! has about a hundred more functions. Expressions that use them are not evaluated.

use serde_json::Value;

/// The maximum depth of references between variables.
const DEPTH_LIMIT: usize = 16;

/// The variables and parameters that an expression can refer to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    /// The template's `variables`.
    pub(crate) variables: &'a Value,
    /// The names and values of the known parameters.
    pub(crate) parameters: &'a [(&'a str, &'a str)],
}

impl Scope<'_> {
    /// Evaluates a string of the template; `None` if the expression is invalid or not supported.
    pub(crate) fn evaluate(&self, text: &str) -> Option<String> {
        self.evaluate_at(text, 0)
    }

    fn evaluate_at(&self, text: &str, depth: usize) -> Option<String> {
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
                self.evaluate_at(value.as_str()?, depth + 1)
            }
            _ => None,
        }
    }
}

/// Parses and evaluates an expression from left to right.
struct Reader<'a> {
    scope: &'a Scope<'a>,
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    /// Reads `'text'` or `name(argument, …)`.
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

    /// Reads `'text'`. A doubled quote stands for one quote.
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
        let variables = json!({"id": "Page", "_id": "[variables('id')]", "loop": "[variables('loop')]", "n": 5});
        Scope { variables: &variables, parameters: &[("workspace", "law-soc")] }.evaluate(text)
    }

    #[test]
    fn evaluates_the_names_that_solutions_use() {
        let name = "[concat(parameters('workspace'),'/Microsoft.SecurityInsights/', variables('_ID'))]";

        assert_eq!(text(name).as_deref(), Some("law-soc/Microsoft.SecurityInsights/Page"));
        assert_eq!(text("plain").as_deref(), Some("plain"));
        assert_eq!(text("[[not an expression]").as_deref(), Some("[not an expression]"));
        assert_eq!(text("[toLower('It''s')]").as_deref(), Some("it's"));
    }

    #[test]
    fn does_not_evaluate_unsupported_expressions() {
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
        fn arbitrary_expressions_do_not_panic(expression in "\\[?[a-z(),' \\[\\]]{0,40}\\]?") {
            let _ = text(&expression);
        }

        #[test]
        fn literals_evaluate_to_their_text(literal in "[a-z' ]{0,12}") {
            let expression = format!("['{}']", literal.replace('\'', "''"));
            prop_assert_eq!(text(&expression), Some(literal));
        }
    }
}
