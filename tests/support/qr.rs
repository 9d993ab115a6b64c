//! Reads a QR code that was drawn on a terminal, as a telephone would.

/// The text in a drawing of half blocks, in which light modules are drawn.
pub(crate) fn read(drawn: &str) -> String {
    let rows: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
    let is_dark = |x: usize, y: usize| match rows.get(y / 2).and_then(|row| row.get(x)) {
        Some('\u{2588}') => false,
        Some('\u{2580}') => !y.is_multiple_of(2),
        Some('\u{2584}') => y.is_multiple_of(2),
        _ => true,
    };
    // Without the four modules of the quiet zone on each side.
    let size = rows.first().expect("something is drawn").len() - 8;
    let grid = rqrr::SimpleGrid::from_func(size, |x, y| is_dark(x + 4, y + 4));
    rqrr::Grid::new(grid)
        .decode()
        .unwrap_or_else(|error| panic!("{error}:\n{drawn}"))
        .1
}
