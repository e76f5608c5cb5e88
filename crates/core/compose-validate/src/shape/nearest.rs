//! The key that a mistyped one was meant to be.

/// The known name that differs least from a mistyped one, if it differs by little.
pub(super) fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let ranked = names.map(|name| (distance(&typed.to_lowercase(), name), name));
    let (distance, name) = ranked.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + typed.len() / 5).then_some(name)
}

/// How many letters must be put in, left out, changed or swapped with a neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<_>>()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let changed = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut best = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["image", "ports", "environment", "volumes"];
        assert_eq!(nearest("imgae", names.into_iter()), Some("image"));
        assert_eq!(
            nearest("enviroment", names.into_iter()),
            Some("environment")
        );
        assert_eq!(nearest("Ports", names.into_iter()), Some("ports"));
        assert_eq!(nearest("replicas", names.into_iter()), None);
    }
}
