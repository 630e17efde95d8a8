//! Breaks text into lines that fit a terminal.

/// The maximum width of a line, in characters.
const WIDTH: usize = 100;

/// Indents each line of the text by `indent`, and breaks long lines between words. Continuation lines keep the
/// indentation of their line. Longer words are not broken.
pub(super) fn wrap(text: &str, indent: &str) -> String {
    let mut wrapped = String::new();
    for line in text.lines() {
        let own = &line[..line.len() - line.trim_start().len()];
        let mut current = String::new();
        for word in line.split_whitespace() {
            let length = indent.len() + own.len() + current.chars().count() + 1 + word.chars().count();
            if !current.is_empty() && length > WIDTH {
                wrapped.push_str(format!("{indent}{own}{current}\n").as_str());
                current.clear();
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        wrapped.push_str(format!("{indent}{own}{current}").trim_end());
        wrapped.push('\n');
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_lines_between_words_and_keeps_indentation() {
        let words = "word ".repeat(30);
        let long = "x".repeat(120);

        let wrapped = wrap(&format!("{words}\n\n  - {words}\n{long}"), "  ");

        let lines: Vec<&str> = wrapped.lines().collect();
        assert!(lines.iter().all(|line| line.len() <= WIDTH || line.trim() == long), "{wrapped}");
        assert_eq!(lines[2], "", "{wrapped}");
        assert!(lines[3].starts_with("    - word") && lines[4].starts_with("    word"), "{wrapped}");
        assert_eq!(wrap("short", ""), "short\n");
    }
}
