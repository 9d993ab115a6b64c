//! What was used lately, by name, in bounded memory. For a [`Tree`](super::Tree) that need not look twice.
//!
//! Two generations: what is used moves to the young one; when that is full, it becomes the old one, and the old one is
//! forgotten. So nothing that is used within a generation's time is lost, and nothing has to be sorted by age.

use std::collections::BTreeMap;

/// What one entry costs besides its own weight: its place in the map and its smaller parts, in bytes, generously.
const OVERHEAD: usize = 256;

/// Values by name, with a limit on their weight in bytes.
#[derive(Debug)]
pub struct Recent<V> {
    young: BTreeMap<Box<str>, Weighed<V>>,
    old: BTreeMap<Box<str>, Weighed<V>>,
    young_weight: usize,
    /// Of one generation.
    limit: usize,
}

#[derive(Debug)]
struct Weighed<V> {
    value: V,
    weight: usize,
}

impl<V> Recent<V> {
    /// Holds `limit` bytes at most; with 0, nothing.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            young: BTreeMap::new(),
            old: BTreeMap::new(),
            young_weight: 0,
            limit: limit / 2,
        }
    }

    /// The value of that name, which now counts as used.
    pub fn get(&mut self, name: &str) -> Option<&mut V> {
        if !self.old.is_empty()
            && !self.young.contains_key(name)
            && let Some((name, weighed)) = self.old.remove_entry(name)
        {
            self.insert(name, weighed);
        }
        self.young.get_mut(name).map(|weighed| &mut weighed.value)
    }

    /// Remembers a value of so many bytes, if it is not too large to be remembered at all.
    pub fn put(&mut self, name: &str, value: V, weight: usize) {
        let weight = weight.saturating_add(name.len()).saturating_add(OVERHEAD);
        self.forget(name);
        if weight <= self.limit {
            self.insert(name.into(), Weighed { value, weight });
        }
    }

    /// Forgets a value.
    pub fn forget(&mut self, name: &str) {
        self.old.remove(name);
        if let Some(weighed) = self.young.remove(name) {
            self.young_weight = self.young_weight.saturating_sub(weighed.weight);
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
        self.young_weight = 0;
    }

    fn insert(&mut self, name: Box<str>, weighed: Weighed<V>) {
        if self.young_weight.saturating_add(weighed.weight) > self.limit {
            self.old = std::mem::take(&mut self.young);
            self.young_weight = 0;
        }
        self.young_weight = self.young_weight.saturating_add(weighed.weight);
        self.young.insert(name, weighed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Room for two entries of weight 0 in each generation.
    fn small() -> Recent<u32> {
        Recent::new(4 * (OVERHEAD + 1))
    }

    #[test]
    fn what_was_put_is_found_until_it_is_forgotten() {
        let mut recent = small();
        recent.put("a", 1, 0);
        assert_eq!(recent.get("a"), Some(&mut 1));
        recent.put("a", 2, 0);
        assert_eq!(recent.get("a"), Some(&mut 2));
        recent.forget("a");
        assert_eq!(recent.get("a"), None);
        recent.put("a", 3, 0);
        recent.clear();
        assert_eq!(recent.get("a"), None);
    }

    #[test]
    fn what_is_used_outlives_what_is_not() {
        let mut recent = small();
        for (number, name) in ["a", "b", "c", "d", "e", "f"].into_iter().enumerate() {
            recent.put(name, u32::try_from(number).unwrap(), 0);
            assert!(recent.get("a").is_some(), "a is used all the time, at {name}");
        }
        assert_eq!(recent.get("b"), None);
        assert_eq!(recent.get("c"), None);
    }

    #[test]
    fn a_generation_is_filled_to_its_limit() {
        let mut recent = small();
        for name in ["a", "b", "c"] {
            recent.put(name, 1, 0);
        }
        assert!(recent.get("a").is_some(), "two fit beside the newest");
    }

    #[test]
    fn the_limit_holds_whatever_is_put() {
        let mut recent = Recent::new(10_000);
        for number in 0..10_000_usize {
            recent.put(&number.to_string(), number, number % 700);
            recent.get(&(number / 2).to_string());
            let weight: usize = [&recent.young, &recent.old]
                .iter()
                .flat_map(|generation| generation.values())
                .map(|weighed| weighed.weight)
                .sum();
            assert!(weight <= 10_000, "{weight} after {number}");
        }
        recent.put("large", 0, 5_000);
        assert_eq!(recent.get("large"), None);
        let mut nothing = Recent::new(0);
        nothing.put("a", 1, 0);
        assert_eq!(nothing.get("a"), None);
    }
}
