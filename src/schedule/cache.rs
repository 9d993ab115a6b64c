//! A cache: recently used values by name, in a limited amount of memory.
//!
//! It has two generations. A value that is used moves to the young one. When that is full, it becomes the old one, and
//! the previous old one is dropped. So recently used values are kept, and nothing has to be sorted by age.

use std::collections::BTreeMap;

/// An upper bound for the memory of an entry besides its own weight (the node in the map and smaller parts), in bytes.
const OVERHEAD: usize = 256;

/// Values by name, with a limit on their total weight in bytes.
#[derive(Debug)]
pub struct Cache<V> {
    young: BTreeMap<Box<str>, Weighted<V>>,
    old: BTreeMap<Box<str>, Weighted<V>>,
    young_weight: usize,
    /// The limit on the weight of one generation.
    limit: usize,
}

#[derive(Debug)]
struct Weighted<V> {
    value: V,
    weight: usize,
}

impl<V> Cache<V> {
    /// A cache that holds at most `limit` bytes; with 0, it holds nothing.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            young: BTreeMap::new(),
            old: BTreeMap::new(),
            young_weight: 0,
            limit: limit / 2,
        }
    }

    /// The value with this name. It counts as used now.
    pub fn get(&mut self, name: &str) -> Option<&mut V> {
        if !self.old.is_empty()
            && !self.young.contains_key(name)
            && let Some((name, weighed)) = self.old.remove_entry(name)
        {
            self.insert(name, weighed);
        }
        self.young.get_mut(name).map(|weighed| &mut weighed.value)
    }

    /// Stores a value of `weight` bytes, unless it is too large for the cache.
    pub fn put(&mut self, name: &str, value: V, weight: usize) {
        let weight = weight.saturating_add(name.len()).saturating_add(OVERHEAD);
        self.forget(name);
        if weight <= self.limit {
            self.insert(name.into(), Weighted { value, weight });
        }
    }

    /// Removes a value.
    pub fn forget(&mut self, name: &str) {
        self.old.remove(name);
        if let Some(weighed) = self.young.remove(name) {
            self.young_weight = self.young_weight.saturating_sub(weighed.weight);
        }
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
        self.young_weight = 0;
    }

    fn insert(&mut self, name: Box<str>, weighed: Weighted<V>) {
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
    fn small() -> Cache<u32> {
        Cache::new(4 * (OVERHEAD + 1))
    }

    #[test]
    fn what_was_put_is_found_until_it_is_removed() {
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
    fn a_used_value_outlives_an_unused_one() {
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
        let mut recent = Cache::new(10_000);
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
        let mut nothing = Cache::new(0);
        nothing.put("a", 1, 0);
        assert_eq!(nothing.get("a"), None);
    }
}
