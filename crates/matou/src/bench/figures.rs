//! Medians and the table they are shown in.

/// The middle of the values; of an even number, the lower of the two in the middle.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

/// The value below which `part` of the sorted values lie.
pub(super) fn percentile(sorted: &[u32], part: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let index = ((sorted.len() as f64 * part).ceil() as usize).saturating_sub(1).min(last);
    sorted.get(index).copied().map_or(0.0, f64::from)
}

/// A Markdown table of what was measured, against what, and the ratio that was asked for.
#[derive(Default)]
pub(super) struct Table(Vec<[String; 5]>);

impl Table {
    /// A figure with the figure it is compared with.
    pub(super) fn ratio(&mut self, what: &str, figure: f64, unit: &str, against: (&str, f64), wanted: f64) {
        let ratio = figure / against.1.max(f64::MIN_POSITIVE);
        let verdict = if ratio >= wanted { "yes" } else { "**no**" };
        self.0.push([
            what.to_owned(),
            format!("{figure:.0} {unit}"),
            format!("{} {:.0} {unit}", against.0, against.1),
            format!("{ratio:.2} (wanted {wanted:.2})"),
            verdict.to_owned(),
        ]);
    }

    /// A figure with its own bound.
    pub(super) fn below(&mut self, what: &str, figure: f64, bound: f64, unit: &str) {
        let verdict = if figure < bound { "yes" } else { "**no**" };
        self.0.push([
            what.to_owned(),
            format!("{figure:.1} {unit}"),
            "–".to_owned(),
            format!("under {bound:.0} {unit}"),
            verdict.to_owned(),
        ]);
    }

    /// A figure in milliseconds, in hundredths, with its own bound.
    pub(super) fn below_millis(&mut self, what: &str, figure: f64, bound: f64) {
        let verdict = if figure < bound { "yes" } else { "**no**" };
        let bound = format!("under {bound:.2} ms");
        self.0.push([what.to_owned(), format!("{figure:.2} ms"), "–".to_owned(), bound, verdict.to_owned()]);
    }

    /// A figure to know, with nothing wanted of it.
    pub(super) fn note(&mut self, what: &str, figure: f64, unit: &str) {
        let plain = || "–".to_owned();
        self.0.push([what.to_owned(), format!("{figure:.0} {unit}"), plain(), plain(), plain()]);
    }

    /// The table as text.
    pub(super) fn show(&self) -> String {
        let mut text =
            String::from("| what | figure | compared with | ratio or bound | met |\n|---|---|---|---|---|\n");
        for row in &self.0 {
            text.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middles_and_tails() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.0);
        assert_eq!(median(vec![]), 0.0);
        let sorted: Vec<u32> = (1..=100).collect();
        assert_eq!((percentile(&sorted, 0.5), percentile(&sorted, 0.99)), (50.0, 99.0));
        assert_eq!(percentile(&[7], 0.99), 7.0);
    }
}
