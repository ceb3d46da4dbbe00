//! Collects the items of lists inside lists, each list in as much memory as it needs.
//!
//! A list that grows by itself has room for four items at first, and for up to twice as many as it gets. Most lists of
//! a gate are short: their items lie on one pile until their number is known.

/// The items of all short lists that are open, those of the innermost on top.
#[derive(Debug)]
pub(crate) struct Pile<T> {
    items: Vec<T>,
}

/// A list that is open.
#[derive(Debug)]
pub(crate) struct Growing<T> {
    /// Where its items begin on the pile.
    first: usize,
    /// All of its items, once there are many.
    own: Vec<T>,
}

impl<T> Pile<T> {
    pub(crate) const fn new() -> Self {
        Self { items: Vec::new() }
    }

    /// Opens a list, inside those that are open.
    pub(crate) const fn open(&self) -> Growing<T> {
        Growing {
            first: self.items.len(),
            own: Vec::new(),
        }
    }

    /// Adds an item to the innermost list.
    pub(crate) fn push(&mut self, list: &mut Growing<T>, item: T) {
        if list.own.is_empty() {
            self.items.push(item);
            if self.items.len() - list.first > MANY {
                list.own = self.items.split_off(list.first);
            }
        } else {
            list.own.push(item);
        }
    }

    /// Closes the innermost list.
    pub(crate) fn close(&mut self, mut list: Growing<T>) -> Vec<T> {
        if list.own.is_empty() {
            let count = self.items.len().saturating_sub(list.first);
            let mut items = Vec::with_capacity(count);
            items.extend(self.items.drain(list.first..));
            return items;
        }
        list.own.shrink_to_fit();
        list.own
    }
}

/// A list with more items has memory of its own.
const MANY: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_gets_its_own_items_and_no_more_room() {
        let mut pile = Pile::new();
        let mut outer = pile.open();
        for number in 0..100 {
            pile.push(&mut outer, number);
            let mut inner = pile.open();
            for item in 0..number {
                pile.push(&mut inner, 1_000 + item);
            }
            let inner = pile.close(inner);
            assert_eq!(inner, (1_000..1_000 + number).collect::<Vec<_>>());
            assert_eq!(inner.capacity(), inner.len());
        }
        assert_eq!(pile.close(outer), (0..100).collect::<Vec<_>>());
        assert!(pile.items.is_empty());
    }
}
