//! Text that somebody else wrote, a proxy's page for example, made fit for a message.

/// The text without its HTML tags; where one stood, a space.
pub(super) fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(character),
            _ => {}
        }
    }
    text
}

/// The text on one line, of at most `limit` characters.
pub(super) fn line(text: &str, limit: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_a_line_that_is_not_too_long() {
        let page = without_tags("<html><h1>Access\n denied</h1><p>äöü</p></html>");

        assert_eq!(line(&page, 100), "Access denied äöü");
        assert_eq!(line(&page, 15), "Access denied ä…");
    }
}
