//! Finds and reads the files that a gate includes.
//!
//! The files are walked in depth, in the order in which they are named, without recursion. What they
//! may cost together is what one file may cost.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use gonogo_kind::{Diagnostic, FileId, Node, NodeValue, Span};
use gonogo_model::GateFile;
use sha2::{Digest as _, Sha256};

use super::path::{IncludePath, Part, fits};
use crate::cycle;
use crate::reader::{Included, Reader};
use crate::source::{MAX_BYTES, Source, Sources, decode};
use crate::{characters, hidden_in, lint, tree};

/// The files of a gate.
#[derive(Debug)]
pub(crate) struct Gathered {
    /// The root of the gate file.
    pub(crate) main: Node,
    /// The roots of those that it includes, in the order in which they were read.
    pub(crate) included: Vec<Node>,
    /// All files with their digests, the gate file first.
    pub(crate) files: Vec<GateFile>,
    /// SHA-256 of the gate file, or over the list of digests.
    pub(crate) digest: String,
    /// Whether every file that is named was read; what is missing in the others may stand in it.
    pub(crate) whole: bool,
}

/// Reads a text as one tree, after everything in it that must not be shown is hidden.
pub(crate) fn tree_of(reader: &mut Reader<'_>, sources: &Sources, file: FileId) -> Option<Node> {
    let text = sources.get(file)?;
    if !hidden_in::lines(reader, text.text())
        || characters::reject(text, file, &mut reader.mistakes)
    {
        return None;
    }
    let root = tree::parse_after(&mut reader.spent, text, file, &mut reader.mistakes)?;
    if !hidden_in::literals(reader, &root) {
        return None;
    }
    lint::cut_by_comments(reader, &root, text);
    Some(root)
}

/// Reads the files that a gate file includes, and those that they include.
pub(crate) fn gather(
    reader: &mut Reader<'_>,
    sources: &mut Sources,
    source: &Source,
    main: Node,
) -> Gathered {
    let digest = hex(&Sha256::digest(source.text.as_bytes()));
    let mut gathered = Gathered {
        included: Vec::new(),
        files: vec![GateFile {
            file: source.name.clone(),
            digest: digest.clone(),
        }],
        digest,
        whole: true,
        main,
    };
    if gathered.main.get("include").is_none() {
        return gathered;
    }
    let base = folder(&source.base);
    let root = match (reader.inputs.includes.real_path)(base) {
        Ok(root) => root,
        Err(error) => {
            let message = format!("the folder of the gate file cannot be read: {error}");
            reader
                .mistakes
                .push(Diagnostic::global("config/unreadable_file", message));
            gathered.whole = false;
            return gathered;
        }
    };
    let name = Path::new(&source.name);
    let at = name.file_name().filter(|_| source.name != "-");
    let main_path = at.map(|at| base.join(at));
    let main_path = main_path.and_then(|path| (reader.inputs.includes.real_path)(&path).ok());
    let mut walk = Walk {
        reader,
        sources,
        shown: name.parent().map(Path::to_owned).unwrap_or_default(),
        base: base.to_owned(),
        root,
        files: vec![File {
            folder: PathBuf::new(),
            below: PathBuf::from(at.unwrap_or(name.as_os_str())),
            from: None,
        }],
        known: main_path.into_iter().map(|path| (path, 0)).collect(),
        pending: Vec::new(),
        bytes: source.text.len(),
        listed: 0,
    };
    walk.run(&mut gathered);
    gathered.digest = walk.digest(&gathered.files);
    gathered
}

/// A file that was read or is being read.
#[derive(Debug)]
struct File {
    /// Its folder and itself, from the gate's folder on.
    folder: PathBuf,
    below: PathBuf,
    /// The file that includes it, and where.
    from: Option<(usize, Span)>,
}

/// A file that is to be read.
#[derive(Debug)]
struct Pending {
    below: PathBuf,
    from: (usize, Span),
}

struct Walk<'w, 'a> {
    reader: &'w mut Reader<'a>,
    sources: &'w mut Sources,
    /// The gate's folder as it is shown, as it is read, and as it is.
    shown: PathBuf,
    base: PathBuf,
    root: PathBuf,
    files: Vec<File>,
    /// By the path without links.
    known: HashMap<PathBuf, usize>,
    pending: Vec<Pending>,
    bytes: usize,
    /// How many names of files were looked at for patterns.
    listed: usize,
}

impl Walk<'_, '_> {
    fn run(&mut self, gathered: &mut Gathered) {
        let main = gathered.main.get("include");
        gathered.whole &= main.is_none_or(|node| self.named(node, 0));
        while let Some(next) = self.pending.pop() {
            if self.files.len() > MAX_FILES || self.reader.mistakes.is_full() {
                self.too_many(next.from.1);
                gathered.whole = false;
                return;
            }
            let Some((root, digest)) = self.read(next) else {
                gathered.whole = false;
                continue;
            };
            gathered.files.push(digest);
            let at = self.files.len() - 1;
            if let Some(node) = root.get("include") {
                gathered.whole &= self.named(node, at);
            }
            gathered.included.push(root);
        }
    }

    /// Looks up what stands under an `include`; returns whether all of it can be read.
    fn named(&mut self, node: &Node, from: usize) -> bool {
        let items: &[Node] = match &node.value {
            NodeValue::List(items) if items.is_empty() => {
                self.reader.mistakes.push(
                    Diagnostic::error("config/empty_list", "`include` names nothing", node.span)
                        .hint("Leave the key out."),
                );
                return false;
            }
            NodeValue::List(items) => items,
            NodeValue::Scalar(_) | NodeValue::Map(_) => std::slice::from_ref(node),
        };
        let mut whole = true;
        let mut named = Vec::new();
        for item in items {
            if self.reader.mistakes.is_full() || named.len() > MAX_FILES {
                break;
            }
            let text = self
                .reader
                .literal_text(item, "the path of an included file");
            match text.and_then(|text| self.paths(&text, item.span, from)) {
                Some(paths) => named.extend(paths.into_iter().map(|below| Pending {
                    below,
                    from: (from, item.span),
                })),
                None => whole = false,
            }
        }
        // The last is read first.
        self.pending.extend(named.into_iter().rev());
        whole
    }

    /// Returns the files that a path or a pattern stands for, from the gate's folder on.
    fn paths(&mut self, text: &str, span: Span, from: usize) -> Option<Vec<PathBuf>> {
        let path = match IncludePath::parse(text) {
            Ok(path) => path,
            Err((why, hint)) => {
                let message = format!("`{}` {why}", text.escape_debug());
                self.reader
                    .mistakes
                    .push(Diagnostic::error("config/bad_include", message, span).hint(hint));
                return None;
            }
        };
        let mut found = vec![self.files.get(from)?.folder.clone()];
        for (at, part) in path.parts.iter().enumerate() {
            let mut further = Vec::new();
            for folder in found {
                match part {
                    Part::Name(name) => further.push(folder.join(name)),
                    Part::Pattern(pattern) => match self.list(&folder, pattern) {
                        Ok(names) => further.extend(names.iter().map(|name| folder.join(name))),
                        // Behind a pattern not everything is a folder.
                        Err(error) if at > 0 && is_no_folder(&error) => {}
                        Err(error) => {
                            let shown = self.show(&folder);
                            let message = format!("the folder `{shown}` cannot be read: {error}");
                            self.reader.mistakes.push(
                                Diagnostic::error("config/unreadable_file", message, span)
                                    .hint(RELATIVE),
                            );
                            return None;
                        }
                    },
                }
            }
            found = further;
            let mut before = path.parts.iter().take(at);
            if before.any(|part| matches!(part, Part::Pattern(_))) {
                found.retain(|path| self.is_there(path));
            }
        }
        if found.is_empty() {
            let message = format!("nothing matches `{text}`");
            self.reader.mistakes.push(
                Diagnostic::error("config/unmatched_include", message, span)
                    .hint("A pattern that matches nothing would leave out checks without a word."),
            );
            return None;
        }
        Some(found)
    }

    fn is_there(&self, below: &Path) -> bool {
        (self.reader.inputs.includes.real_path)(&self.base.join(below)).is_ok()
    }

    /// Returns the names in a folder that fit a pattern, sorted.
    fn list(&mut self, folder: &Path, pattern: &str) -> io::Result<Vec<String>> {
        let path = self.base.join(folder);
        let names = (self.reader.inputs.includes.list)(self::folder(&path))?;
        self.listed += names.len() + 1;
        if self.listed > MAX_LISTED {
            let message = format!("the patterns look through more than {MAX_LISTED} files");
            return Err(io::Error::other(message));
        }
        let mut names: Vec<String> = names;
        names.retain(|name| fits(pattern, name));
        names.sort();
        Ok(names)
    }

    /// Reads a file; nothing when it cannot be, which is told.
    fn read(&mut self, next: Pending) -> Option<(Node, GateFile)> {
        let shown = self.show(&next.below);
        let (from, span) = next.from;
        let real = self.resolve(&next.below, &shown, span)?;
        if let Some(first) = self.known.get(&real).copied() {
            self.again(first, from, span, &shown);
            return None;
        }
        let text = match self.text(&real) {
            Ok(text) => text,
            Err((code, why)) => {
                let message = format!("`{shown}` cannot be included: {why}");
                let hint = match code {
                    "config/not_utf8" => "Save the file as UTF-8.",
                    "config/too_large" => "A gate has at most 4 MiB, in all its files together.",
                    _ => RELATIVE,
                };
                self.reader
                    .mistakes
                    .push(Diagnostic::error(code, message, span).hint(hint));
                return None;
            }
        };
        let digest = hex(&Sha256::digest(text.as_bytes()));
        let folder = next.below.parent().map(Path::to_owned).unwrap_or_default();
        self.known.insert(real.clone(), self.files.len());
        self.reader.included.push(Included {
            name: shown.clone(),
            base: self.base.join(&folder),
            path: real,
            is_yaml: false,
        });
        self.files.push(File {
            folder,
            below: next.below,
            from: Some(next.from),
        });
        let file = self.sources.add(&shown, &text);
        let before = self.reader.mistakes.diagnostics().as_slice().len();
        let root = tree_of(self.reader, self.sources, file);
        if let Some(included) = self.reader.included.last_mut() {
            included.is_yaml = root.is_some();
        }
        let is_silent = before == self.reader.mistakes.diagnostics().as_slice().len();
        let is_empty = root.as_ref().map_or(is_silent, holds_nothing);
        if is_empty {
            let message = format!("`{shown}` holds nothing");
            self.reader.mistakes.push(
                Diagnostic::error("config/empty_file", message, span)
                    .hint("An included file has `version: 1` and, for example, `checks`."),
            );
            return None;
        }
        let file = GateFile {
            file: shown,
            digest,
        };
        Some((root?, file))
    }

    /// Returns the path of a file without links, if it is within the gate's folder.
    fn resolve(&mut self, below: &Path, shown: &str, span: Span) -> Option<PathBuf> {
        match (self.reader.inputs.includes.real_path)(&self.base.join(below)) {
            Ok(real) if real.starts_with(&self.root) => Some(real),
            Ok(_) => {
                let message =
                    format!("`{shown}` is behind a link that leads out of the gate's folder");
                self.reader.mistakes.push(
                    Diagnostic::error("config/bad_include", message, span)
                        .hint("A gate is read from its own folder alone: put the file there."),
                );
                None
            }
            Err(error) => {
                let message = format!("`{shown}` cannot be included: {error}");
                self.reader.mistakes.push(
                    Diagnostic::error("config/unreadable_file", message, span).hint(RELATIVE),
                );
                None
            }
        }
    }

    fn text(&mut self, real: &Path) -> Result<String, (&'static str, String)> {
        let bytes = (self.reader.inputs.includes.read)(real).map_err(|error| {
            let too_large = error.kind() == io::ErrorKind::FileTooLarge;
            let code = if too_large {
                "config/too_large"
            } else {
                "config/unreadable_file"
            };
            (code, error.to_string())
        })?;
        self.bytes += bytes.len();
        if self.bytes > MAX_BYTES {
            let why = "the files of the gate have more than 4 MiB together".to_owned();
            return Err(("config/too_large", why));
        }
        decode(bytes).map_err(|mistake| (mistake.code, mistake.message))
    }

    /// Tells of a file that is included again: by one that it includes, or at another place.
    fn again(&mut self, first: usize, from: usize, span: Span, shown: &str) {
        let mut path = vec![from];
        while let Some((from, _)) = path.last().and_then(|at| self.files.get(*at)?.from) {
            path.push(from);
        }
        if let Some(end) = path.iter().position(|at| *at == first) {
            path.truncate(end + 1);
            path.reverse();
            let names: Vec<String> = path
                .iter()
                .chain([&first])
                .filter_map(|at| Some(self.show(&self.files.get(*at)?.below)))
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = format!(
                "files include each other in a circle: {}",
                cycle::path(&names)
            );
            self.reader.mistakes.push(
                Diagnostic::error("config/include_loop", message, span)
                    .hint("Take one of these includes out."),
            );
            return;
        }
        let message = format!("`{shown}` is included already");
        let mut mistake = Diagnostic::error("config/included_twice", message, span).hint(
            "A file is part of a gate once: take one of the two out. Names that it declares are \
             known in all files.",
        );
        if let Some((_, place)) = self.files.get(first).and_then(|file| file.from) {
            mistake = mistake.related(place, "first here");
        }
        self.reader.mistakes.push(mistake);
    }

    fn too_many(&mut self, span: Span) {
        let message = format!("the gate includes more than {MAX_FILES} files");
        self.reader.mistakes.push(
            Diagnostic::error("config/too_large", message, span)
                .hint("Join some of them, or split the gate."),
        );
    }

    /// Returns the name of a file as it is shown.
    fn show(&self, below: &Path) -> String {
        self.shown.join(below).display().to_string()
    }

    /// Returns SHA-256 over what `sha256sum` prints of the files in the gate's folder.
    fn digest(&self, files: &[GateFile]) -> String {
        let by_name: BTreeMap<String, &Path> = self
            .files
            .iter()
            .skip(1)
            .map(|file| (self.show(&file.below), file.below.as_path()))
            .collect();
        let mut all = Sha256::new();
        for (at, file) in files.iter().enumerate() {
            let main = self.files.first().map(|main| main.below.as_path());
            let below = match at {
                0 => main,
                _ => by_name.get(&file.file).copied(),
            };
            let below = below.unwrap_or(Path::new("")).display();
            all.update(format!("{}  {below}\n", file.digest));
        }
        hex(&all.finalize())
    }
}

/// Returns whether a file says nothing at all; it would look as if its checks were there.
fn holds_nothing(root: &Node) -> bool {
    match &root.value {
        NodeValue::Map(entries) => entries.iter().all(|e| e.key.value == "version"),
        NodeValue::Scalar(scalar) => scalar.is_null(),
        NodeValue::List(_) => false,
    }
}

/// Returns a folder as the system names it: the one we are in has no empty name.
fn folder(path: &Path) -> &Path {
    if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    }
}

fn is_no_folder(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotADirectory | io::ErrorKind::NotFound
    )
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

const RELATIVE: &str = "Paths are relative to the folder of the file in which they stand.";
/// The most files that a gate includes.
const MAX_FILES: usize = 1_000;
/// The most names of files that patterns are compared with.
const MAX_LISTED: usize = 100_000;
