//! Who waits for whom: checks and groups as nodes, needs and memberships as edges.

use std::collections::HashMap;

use gonogo_kind::manifest::Manifest;
use gonogo_model::{Id, PlanSummary};

use crate::plan_error::PlanError;

/// What an id of a gate stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// A check, by its place.
    Check(usize),
    /// A group, by its place.
    Group(usize),
}

/// What the ids of a manifest stand for; places are those of the manifest.
#[derive(Debug)]
pub(crate) struct Names<'m> {
    nodes: HashMap<&'m Id, Node>,
    members: Vec<Vec<usize>>,
}

impl<'m> Names<'m> {
    pub(crate) fn of(manifest: &'m Manifest) -> Self {
        let groups = manifest.groups.iter().enumerate();
        let checks = manifest.checks.iter().enumerate();
        let nodes: HashMap<&Id, Node> = groups
            .map(|(i, group)| (&group.id, Node::Group(i)))
            .chain(checks.map(|(i, check)| (&check.id, Node::Check(i))))
            .collect();
        let mut members = vec![Vec::new(); manifest.groups.len()];
        for (i, check) in manifest.checks.iter().enumerate() {
            if let Some(Node::Group(group)) = check.group.as_ref().and_then(|id| nodes.get(id)) {
                members[*group].push(i);
            }
        }
        Self { nodes, members }
    }

    pub(crate) fn node(&self, id: &Id) -> Option<Node> {
        self.nodes.get(id).copied()
    }

    pub(crate) fn members(&self, group: usize) -> &[usize] {
        &self.members[group]
    }
}

/// The edges of a plan; places are those of the plan.
#[derive(Debug)]
pub(crate) struct Graph {
    /// What each check needs.
    pub(crate) needs: Vec<Vec<Node>>,
    /// The checks that need each check.
    pub(crate) dependents: Vec<Vec<usize>>,
    /// The checks that need each group.
    pub(crate) group_dependents: Vec<Vec<usize>>,
    /// The group of each check.
    pub(crate) group_of: Vec<Option<usize>>,
    /// The members of each group.
    pub(crate) members: Vec<Vec<usize>>,
}

impl Graph {
    /// Returns the graph of a plan.
    ///
    /// # Errors
    ///
    /// [`PlanError::Dangling`] and [`PlanError::Cycle`]; reading the gate file finds both earlier, but
    /// a run that waits for ever must be impossible from here on.
    pub(crate) fn of(summary: &PlanSummary) -> Result<Self, PlanError> {
        let mut nodes: HashMap<&Id, Node> = HashMap::new();
        let mut members = Vec::with_capacity(summary.groups.len());
        let mut group_of = vec![None; summary.checks.len()];
        for (i, group) in summary.groups.iter().enumerate() {
            nodes.insert(&group.id, Node::Group(i));
            members.push(group.members.iter().map(|m| m.as_usize()).collect());
            for member in &group.members {
                group_of[member.as_usize()] = Some(i);
            }
        }
        for (i, check) in summary.checks.iter().enumerate() {
            nodes.insert(&check.id, Node::Check(i));
        }
        let mut needs = Vec::with_capacity(summary.checks.len());
        let mut dependents = vec![Vec::new(); summary.checks.len()];
        let mut group_dependents = vec![Vec::new(); summary.groups.len()];
        for (i, check) in summary.checks.iter().enumerate() {
            let mut of_check: Vec<Node> = Vec::with_capacity(check.needs.len());
            for need in &check.needs {
                let node = *nodes.get(need).ok_or_else(|| PlanError::Dangling {
                    check: check.id.clone(),
                    need: need.clone(),
                })?;
                if !of_check.contains(&node) {
                    of_check.push(node);
                    match node {
                        Node::Check(of) => dependents[of].push(i),
                        Node::Group(of) => group_dependents[of].push(i),
                    }
                }
            }
            needs.push(of_check);
        }
        let graph = Self {
            needs,
            dependents,
            group_dependents,
            group_of,
            members,
        };
        match graph.circle() {
            None => Ok(graph),
            Some(circle) => {
                let id = |node: &Node| match *node {
                    Node::Check(i) => summary.checks[i].id.clone(),
                    Node::Group(i) => summary.groups[i].id.clone(),
                };
                let ids = circle.iter().map(id).collect();
                Err(PlanError::Cycle { ids })
            }
        }
    }

    /// Returns what a node waits for.
    fn waits_for(&self, node: Node) -> Vec<Node> {
        match node {
            Node::Check(i) => self.needs[i].clone(),
            Node::Group(i) => self.members[i].iter().map(|&m| Node::Check(m)).collect(),
        }
    }

    /// Finds nodes that wait for each other in a circle, each for the next.
    ///
    /// Depth-first with a stack of its own: a chain may be as long as a gate has checks.
    fn circle(&self) -> Option<Vec<Node>> {
        let mut done: HashMap<Node, bool> = HashMap::new();
        let checks = (0..self.needs.len()).map(Node::Check);
        for start in checks.chain((0..self.members.len()).map(Node::Group)) {
            if done.contains_key(&start) {
                continue;
            }
            done.insert(start, false);
            let mut path = vec![(start, self.waits_for(start).into_iter())];
            while let Some((node, rest)) = path.last_mut() {
                match rest.next() {
                    None => {
                        done.insert(*node, true);
                        path.pop();
                    }
                    Some(next) => match done.get(&next) {
                        Some(true) => {}
                        Some(false) => {
                            let nodes = path.iter().map(|(node, _)| *node);
                            return Some(nodes.skip_while(|node| *node != next).collect());
                        }
                        None => {
                            done.insert(next, false);
                            path.push((next, self.waits_for(next).into_iter()));
                        }
                    },
                }
            }
        }
        None
    }
}
