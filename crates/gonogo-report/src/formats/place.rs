//! Where a run was made, so that paths can be told from the top of a repository.

use std::path::{Component, Path, PathBuf};

/// Where the paths of a report begin, and where those of the repository do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The top of the repository, absolute.
    pub root: &'a Path,
    /// The folder in which the run was made, absolute.
    pub folder: &'a Path,
}

impl Place<'_> {
    /// Returns a path as the repository has it, where it is known; otherwise as it is.
    pub(super) fn told(place: Option<Self>, path: &str) -> String {
        place.map_or_else(|| path.to_owned(), |place| place.path(path))
    }

    /// Returns a path as the repository has it; one outside of it stays as it is.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        let whole = straight(&self.folder.join(path));
        match whole.strip_prefix(straight(self.root)) {
            Ok(inside) if path != "-" => inside.to_string_lossy().into_owned(),
            Ok(_) | Err(_) => path.to_owned(),
        }
    }
}

/// Returns a path without dots, going by its words alone.
fn straight(path: &Path) -> PathBuf {
    let mut straight = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                straight.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => straight.push(part),
        }
    }
    straight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_at_the_top_of_the_repository() {
        let place = Place {
            root: Path::new("/shop"),
            folder: Path::new("/shop/deploy"),
        };
        for (given, told) in [
            ("probes.yaml", "deploy/probes.yaml"),
            ("./probes.yaml", "deploy/probes.yaml"),
            ("../probes.yaml", "probes.yaml"),
            ("/shop/gates/a.yaml", "gates/a.yaml"),
            ("/etc/probes.yaml", "/etc/probes.yaml"),
            ("../../probes.yaml", "../../probes.yaml"),
            ("-", "-"),
        ] {
            assert_eq!(place.path(given), told);
        }
    }
}
