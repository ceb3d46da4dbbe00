//! Gate files that everybody on the machine may change: whoever does decides what GO means.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use gonogo_config::Loaded;
use gonogo_kind::Diagnostic;
use gonogo_model::CodeDecl;

use crate::gate_file::GateRequest;

/// The code of the warning.
pub(crate) const WRITABLE_BY_ALL: CodeDecl = CodeDecl::ours(
    "config/writable_by_all",
    "Everybody on this machine may change a file that the gate is read from.",
    "Take the right to write from others: chmod o-w FILE.",
)
.permanent();

/// Returns a warning for each file of a gate that everybody may change.
pub(crate) fn warnings(request: &GateRequest, loaded: &Loaded) -> Vec<Diagnostic> {
    let gate = (request.file != "-").then(|| PathBuf::from(&request.file));
    let given: Vec<PathBuf> = gate
        .into_iter()
        .chain(request.policies.iter().cloned())
        .chain(request.var_files.iter().cloned())
        .collect();
    let included = loaded
        .sources
        .names()
        .filter(|name| *name != "-" && !given.iter().any(|path| path == Path::new(name)))
        .map(PathBuf::from);
    let files: Vec<PathBuf> = given.iter().cloned().chain(included).collect();
    let told = files.iter().filter_map(|file| {
        let told = warning(file)?;
        let span = file.to_str().and_then(|name| loaded.sources.line(name, 1));
        Some(Diagnostic { span, ..told })
    });
    told.collect()
}

/// Returns the warning about one file, if it deserves one.
fn warning(file: &Path) -> Option<Diagnostic> {
    // A pipe of the shell or a file that is gone says nothing about who may write.
    let known = fs::metadata(file).ok().filter(fs::Metadata::is_file)?;
    let shown = file.display();
    let (message, hint) = if known.permissions().mode() & OTHERS_WRITE != 0 {
        (
            format!("everybody on this machine may change `{shown}`"),
            format!("Take the right to write from others: chmod o-w {shown}."),
        )
    } else {
        let real = fs::canonicalize(file).ok()?;
        let folder = real.parent()?;
        let mode = fs::metadata(folder).ok()?.permissions().mode();
        if mode & OTHERS_WRITE == 0 || mode & STICKY != 0 {
            return None;
        }
        (
            format!("everybody on this machine may replace `{shown}`: its folder is open to all"),
            format!(
                "Take the right to write from others: chmod o-w {}.",
                folder.display()
            ),
        )
    };
    let mistake = Diagnostic::global(WRITABLE_BY_ALL.code, message);
    Some(mistake.warning().hint(hint))
}

/// Others than the owner and the group may write.
const OTHERS_WRITE: u32 = 0o002;
/// In the folder, only the owner of a file may replace it: that is how `/tmp` is.
const STICKY: u32 = 0o1000;
