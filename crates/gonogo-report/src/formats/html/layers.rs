//! A layered layout: what must come first stands further left, and lines cross seldom.

use std::collections::VecDeque;

/// Returns the parts of a graph that no edge joins, each as its nodes in their order.
pub(super) fn parts(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); count];
    for &(from, to) in edges {
        for (one, other) in [(from, to), (to, from)] {
            if let Some(near) = near.get_mut(one) {
                near.push(other);
            }
        }
    }
    let mut parts = Vec::new();
    let mut seen = vec![false; count];
    for start in 0..count {
        let mut part = Vec::new();
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            if let Some(seen) = seen.get_mut(node).filter(|seen| !**seen) {
                *seen = true;
                part.push(node);
                open.extend(near.get(node).into_iter().flatten());
            }
        }
        part.sort_unstable();
        parts.extend((!part.is_empty()).then_some(part));
    }
    parts
}

/// Where each node stands: its layer, and its place in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) places: Vec<(usize, usize)>,
    /// How many nodes each layer has.
    pub(super) sizes: Vec<usize>,
}

/// Lays out `count` nodes; an edge leads from what comes first to what waits for it.
///
/// A record that was read from a file may hold a cycle: its nodes stand in the layer that is reached.
pub(super) fn layers(count: usize, edges: &[(usize, usize)]) -> Layout {
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); count];
    for &(from, to) in edges {
        if let (Some(after), Some(before)) = (after.get_mut(from), before.get_mut(to)) {
            after.push(to);
            before.push(from);
        }
    }
    let layer = longest_paths(&after, &before);
    let deepest = layer.iter().copied().max().map_or(0, |deepest| deepest + 1);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); deepest];
    for (node, layer) in layer.iter().enumerate() {
        if let Some(row) = rows.get_mut(*layer) {
            row.push(node);
        }
    }
    let mut order = vec![0; count];
    number(&rows, &mut order);
    for sweep in 0..SWEEPS {
        let neighbours = if sweep % 2 == 0 { &before } else { &after };
        for row in &mut rows {
            sort(row, neighbours, &order);
            number(std::slice::from_ref(row), &mut order);
        }
    }
    Layout {
        places: layer.into_iter().zip(order).collect(),
        sizes: rows.iter().map(Vec::len).collect(),
    }
}

fn longest_paths(after: &[Vec<usize>], before: &[Vec<usize>]) -> Vec<usize> {
    let mut layer = vec![0; after.len()];
    let mut waiting: Vec<usize> = before.iter().map(Vec::len).collect();
    let free = |(node, waiting): (usize, &usize)| (*waiting == 0).then_some(node);
    let mut ready: VecDeque<usize> = waiting.iter().enumerate().filter_map(free).collect();
    while let Some(node) = ready.pop_front() {
        let next = layer.get(node).map_or(0, |layer: &usize| layer + 1);
        for &to in after.get(node).into_iter().flatten() {
            if let Some(layer) = layer.get_mut(to) {
                *layer = next.max(*layer);
            }
            if let Some(waiting) = waiting.get_mut(to) {
                *waiting -= 1;
                if *waiting == 0 {
                    ready.push_back(to);
                }
            }
        }
    }
    layer
}

/// Puts each node near the middle of its neighbours; what has none keeps its place.
fn sort(row: &mut [usize], neighbours: &[Vec<usize>], order: &[usize]) {
    #[expect(clippy::cast_precision_loss, reason = "places in a drawing")]
    let middle = |node: &usize| {
        let near = neighbours.get(*node).map_or(&[][..], Vec::as_slice);
        let places: Vec<usize> = near.iter().filter_map(|n| order.get(*n).copied()).collect();
        match places.len() {
            0 => order.get(*node).copied().unwrap_or(0) as f64,
            count => places.iter().sum::<usize>() as f64 / count as f64,
        }
    };
    row.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
}

fn number(rows: &[Vec<usize>], order: &mut [usize]) {
    for row in rows {
        for (place, node) in row.iter().enumerate() {
            if let Some(order) = order.get_mut(*node) {
                *order = place;
            }
        }
    }
}

const SWEEPS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_stands_right_of_everything_that_it_waits_for() {
        let layout = layers(5, &[(0, 1), (1, 2), (0, 2), (3, 2)]);
        let layer: Vec<usize> = layout.places.iter().map(|(layer, _)| *layer).collect();
        assert_eq!(layer, [0, 1, 2, 0, 0]);
        assert_eq!(layout.sizes, [3, 1, 1]);
    }

    #[test]
    fn lines_that_need_not_cross_do_not() {
        let layout = layers(4, &[(0, 3), (1, 2)]);
        assert_eq!(layout.places, [(0, 0), (0, 1), (1, 1), (1, 0)]);
    }

    #[test]
    fn parts_are_what_no_edge_joins() {
        let parts = parts(5, &[(0, 3), (3, 1), (2, 9)]);
        assert_eq!(parts, [vec![0, 1, 3], vec![2], vec![4]]);
    }

    #[test]
    fn a_cycle_ends() {
        let layout = layers(3, &[(0, 1), (1, 2), (2, 1), (7, 0)]);
        assert_eq!(layout.places.len(), 3);
    }
}
