//! Removes characters that a terminal does not show as text: control characters, escape sequences, and invisible
//! formatting.

/// Returns the text without these characters. Line feeds and tabs stay.
pub(super) fn remove(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' | '\t' => visible.push(character),
            // After a carriage return alone, the rest of the line would overwrite its beginning.
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    visible.push('\n');
                }
            }
            '\u{1b}' => skip_sequence(&mut characters),
            '\u{9b}' => skip_parameters(&mut characters),
            '\u{2028}' | '\u{2029}' => visible.push('\n'),
            hidden if is_hidden(hidden) => {}
            shown => visible.push(shown),
        }
    }
    visible
}

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Skips the rest of an escape sequence: `[` and parameters, a string such as a title or a link, or one character.
fn skip_sequence(characters: &mut Characters<'_>) {
    match characters.peek() {
        Some('[') => {
            characters.next();
            skip_parameters(characters);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            characters.next();
            skip_string(characters);
        }
        Some(' '..='/') => {
            while characters.next_if(|next| (' '..='/').contains(next)).is_some() {}
            characters.next_if(|next| ('0'..='~').contains(next));
        }
        Some('0'..='~') => drop(characters.next()),
        _ => {}
    }
}

/// Skips the parameters of a control sequence and its last character.
fn skip_parameters(characters: &mut Characters<'_>) {
    while characters.next_if(|next| (' '..='?').contains(next)).is_some() {}
    characters.next_if(|next| ('@'..='~').contains(next));
}

/// Skips a string up to its terminator, or up to the end of the line if there is no terminator.
fn skip_string(characters: &mut Characters<'_>) {
    while let Some(next) = characters.next_if(|next| *next != '\n') {
        match next {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' => {
                characters.next_if_eq(&'\\');
                return;
            }
            _ => {}
        }
    }
}

/// Whether a terminal interprets the character or shows nothing. Joiners are not hidden, because some scripts need
/// them.
fn is_hidden(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(
            character,
            '\u{61c}'                   // Arabic letter mark
            | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'   // line separators, embeddings and overrides of the direction
            | '\u{2060}'..='\u{206f}'   // isolates of the direction, invisible operators
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' // tags
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn removes_terminal_control_sequences() {
        for (text, visible) in [
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("\u{9b}2Jcleared", "cleared"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("\u{1b}]8;;https://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}(Bplain\u{1b}c", "plain"),
            ("\u{1b}Pq\u{1b}\\x", "x"),
            ("\u{1b}]0;no end\nnext", "\nnext"),
            ("over\u{8}\u{8}\u{8}\u{8}write\u{0}\u{7f}\u{85}", "overwrite"),
            ("admin\u{202e}gpj.exe\u{202c}", "admingpj.exe"),
            ("\u{202e}\u{200b}", ""),
            ("a\u{2066}b\u{2069}\u{200b}\u{feff}c", "abc"),
        ] {
            assert_eq!(remove(text), visible, "{text:?}");
        }
    }

    #[test]
    fn keeps_line_breaks_and_tabs() {
        assert_eq!(remove("a\r\nb\tc\nd"), "a\nb\tc\nd");
        assert_eq!(remove("Error: x\rAll is well"), "Error: x\nAll is well");
        assert_eq!(remove("a\u{2028}b"), "a\nb");
    }

    #[test]
    fn keeps_text_of_every_language() {
        let text = "Größe, 日本語, עברית, العربية, می\u{200c}خواهم, 👩\u{200d}💻";
        assert_eq!(remove(text), text);
    }

    proptest! {
        #[test]
        fn result_has_no_control_characters(text in any::<String>()) {
            prop_assert!(!remove(&text).chars().any(|left| left != '\n' && is_hidden(left)));
        }
    }
}
