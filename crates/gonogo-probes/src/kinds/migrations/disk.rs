//! The migrations that a release brings along, read from a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use gonogo_model::Fault;

use super::codes;
use super::compare::{Expected, Key};
use super::frameworks::Framework;

/// Reads every migration in a folder, in order.
///
/// # Errors
///
/// When the folder or a file of it cannot be read, or the tool would refuse it: a part of what is
/// expected would be missing, so nothing can be compared.
pub(super) fn read(folder: &Path, framework: &Framework) -> Result<Vec<Expected>, Fault> {
    let unreadable = |error: std::io::Error| {
        let message = format!("cannot read the folder {}: {error}", folder.display());
        Fault::new(codes::UNREADABLE_DIR, message)
    };
    let mut migrations: BTreeMap<Key, (String, Expected)> = BTreeMap::new();
    let mut budget = MAX_TOTAL;
    for (number, entry) in fs::read_dir(folder).map_err(unreadable)?.enumerate() {
        let entry = entry.map_err(unreadable)?;
        if number >= MAX_FILES {
            let message = format!(
                "the folder {} has more than {MAX_FILES} entries",
                folder.display()
            );
            return Err(Fault::new(codes::UNREADABLE_DIR, message));
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let bad = |why: String| Fault::new(codes::BAD_FILE, format!("{name}: {why}"));
        // What a link leads to counts, as it does for the tools.
        let metadata = fs::metadata(entry.path()).map_err(|error| bad(error.to_string()))?;
        if !metadata.is_file() || !(framework.is_migration)(&name).map_err(bad)? {
            continue;
        }
        let text = read_text(&entry.path(), &mut budget).map_err(bad)?;
        let expected = (framework.expected)(&name, &text).map_err(bad)?;
        if let Some((other, _)) = migrations.get(&expected.key) {
            let id = expected.key.id();
            return Err(bad(format!("it has the version {id}, and so has {other}")));
        }
        migrations.insert(expected.key.clone(), (name, expected));
    }
    Ok(migrations
        .into_values()
        .map(|(_, expected)| expected)
        .collect())
}

fn read_text(path: &Path, budget: &mut u64) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    file.take(*budget + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    *budget = budget
        .checked_sub(length)
        .ok_or_else(|| format!("the migrations have more than {} MiB", MAX_TOTAL >> 20))?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

const MAX_FILES: usize = 20_000;
const MAX_TOTAL: u64 = 64 << 20;
