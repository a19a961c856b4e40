//! The embedded tables: comment lines, a line of names, then rows.

/// The rows of an embedded table, each cell under its column's name.
pub(super) struct Rows<'t> {
    names: Vec<&'t str>,
    lines: std::str::Lines<'t>,
}

/// One row.
pub(super) struct Row<'t> {
    names: Vec<&'t str>,
    cells: Vec<&'t str>,
}

/// Reads a table.
pub(super) fn rows(text: &str) -> Rows<'_> {
    let mut lines = text.lines();
    let head = lines.by_ref().find(|line| !line.starts_with('#') && !line.is_empty()).unwrap_or_default();
    Rows { names: head.split('\t').collect(), lines }
}

impl<'t> Iterator for Rows<'t> {
    type Item = Row<'t>;

    fn next(&mut self) -> Option<Row<'t>> {
        let line = self.lines.by_ref().find(|line| !line.starts_with('#') && !line.is_empty())?;
        Some(Row { names: self.names.clone(), cells: line.split('\t').collect() })
    }
}

impl<'t> Row<'t> {
    /// The cell of this column; empty when the row has none.
    pub(super) fn get(&self, name: &str) -> &'t str {
        let index = self.names.iter().position(|known| *known == name);
        index.and_then(|index| self.cells.get(index)).copied().unwrap_or_default()
    }
}
