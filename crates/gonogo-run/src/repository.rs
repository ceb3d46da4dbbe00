//! What the git repository round a gate file says: read from its files, without a program and without a promise.

use std::path::{Path, PathBuf};

use crate::world::World;

/// Returns the branch that is checked out where a gate file stands; nothing where there is none.
pub(crate) fn branch(gate: &str, world: &World) -> Option<String> {
    let folder = match Path::new(gate).parent() {
        Some(folder) if gate != "-" && folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let folder = (world.real_path)(folder).ok()?;
    let read = |path: &Path| {
        let bytes = (world.read_included)(path).ok()?;
        String::from_utf8(bytes).ok()
    };
    folder
        .ancestors()
        .find_map(|folder| {
            let git = folder.join(".git");
            // In a worktree and in a submodule it is a file that says where the folder is.
            let inside = match read(&git) {
                Some(text) => folder.join(PathBuf::from(text.strip_prefix("gitdir: ")?.trim_end())),
                None => git,
            };
            let head = read(&inside.join("HEAD"))?;
            // A HEAD that is detached names a commit, and ends the search all the same.
            Some(head)
        })
        .and_then(|head| {
            let branch = head.trim_end().strip_prefix("ref: refs/heads/")?;
            (!branch.is_empty()).then(|| branch.to_owned())
        })
}

#[cfg(test)]
mod tests {
    use gonogo_testkit::folder::Folder;

    use super::*;

    /// Returns the branch that is told of `deploy/probes.yaml` in a folder with these files.
    fn told(files: &[(&str, &str)]) -> Option<String> {
        let folder = Folder::new("repository").unwrap();
        for (name, text) in files {
            let parent = folder.path().join(name).parent().unwrap().to_owned();
            std::fs::create_dir_all(parent).unwrap();
            folder.write(name, text).unwrap();
        }
        std::fs::create_dir_all(folder.path().join("deploy")).unwrap();
        let gate = folder.path().join("deploy/probes.yaml");
        branch(gate.to_str().unwrap(), &World::real())
    }

    #[test]
    fn the_branch_is_the_one_that_is_checked_out() {
        for (files, wanted) in [
            (
                &[(".git/HEAD", "ref: refs/heads/feature/cart\n")][..],
                Some("feature/cart"),
            ),
            (
                &[
                    ("deploy/.git", "gitdir: ../elsewhere/one\n"),
                    ("elsewhere/one/HEAD", "ref: refs/heads/one\n"),
                    (".git/HEAD", "ref: refs/heads/two\n"),
                ],
                Some("one"),
            ),
            (
                &[(".git/HEAD", "8c709bd0000000000000000000000000000000000\n")],
                None,
            ),
            (&[(".git/HEAD", "ref: refs/heads/\n")], None),
            (&[(".git/HEAD", "ref: refs/remotes/origin/main\n")], None),
            (&[(".git", "what?\n")], None),
            (&[(".git/HEAD/x", "no file")], None),
        ] {
            assert_eq!(told(files).as_deref(), wanted, "{files:?}");
        }
    }
}
