//! The blocks of code in the pages of the documentation, for tests that what is shown is what is printed.

/// A block of code of a page.
pub struct Block {
    /// `sh`, for example; empty for output.
    pub language: String,
    /// Its lines, each with its end.
    pub text: String,
    /// Whether it comes directly after another block, without a text between them.
    pub follows: bool,
}

/// The text of a page, named by its path in the repository.
pub fn text(page: &str) -> String {
    std::fs::read_to_string(xtask::root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// The blocks of a page, except those that are indented.
pub fn blocks(page: &str) -> Vec<Block> {
    let text = text(page);
    let parts: Vec<_> = text.split("\n```").collect();
    // Blocks and the texts between them alternate.
    let block = |pair: &[&str]| {
        let (language, text) = pair[1].split_once('\n')?;
        Some(Block {
            language: language.to_owned(),
            text: format!("{text}\n"),
            follows: pair[0].is_empty(),
        })
    };
    parts.chunks_exact(2).filter_map(block).collect()
}

/// The first shown line that is not printed, or not in this order; `...` stands for any lines.
/// Shown lines that begin with one of `others` are not compared.
pub fn first_missing(shown: &str, printed: &str, others: &[&str]) -> Option<String> {
    let mut lines = printed.lines();
    let is_left_out = |line: &&str| line.trim() != "..." && !line.is_empty();
    let mut shown = shown.lines().filter(is_left_out);
    let is_others = |line: &str| others.iter().any(|start| line.starts_with(start));
    shown
        .find(|line| !is_others(line) && !lines.any(|printed| printed == *line))
        .map(str::to_owned)
}
