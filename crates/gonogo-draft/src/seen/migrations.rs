//! Folders of migrations: sqlx becomes a check, other tools are told by name.

use std::collections::BTreeMap;

use crate::folder::{Folder, name, parent};
use crate::sketch::{Check, Place, Sketch};

/// Looks at every folder; `gate_dir` leads from the gate file to the folder that is looked at.
pub(super) fn look(folder: &Folder, gate_dir: &str, sketch: &mut Sketch) {
    let mut by_folder: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in &folder.files {
        by_folder.entry(parent(path)).or_default().push(path);
    }
    let mut others: BTreeMap<&'static str, (usize, String)> = BTreeMap::new();
    for (path, files) in &by_folder {
        let Some(tool) = tool(folder, path, files, sketch) else {
            continue;
        };
        if tool == SQLX {
            add(path, gate_dir, sketch);
        } else {
            let known = others
                .entry(tool)
                .or_insert_with(|| (0, (*path).to_owned()));
            known.0 += 1;
        }
    }
    for (tool, (count, first)) in others {
        let more = match count {
            1 => String::new(),
            count => format!(" (and {} more folders)", count - 1),
        };
        let words = format!("migrations of {tool}{more}; the kind `migrations` reads sqlx so far");
        sketch.note(&Place::new(&first, 0), &words);
    }
}

fn add(path: &str, gate_dir: &str, sketch: &mut Sketch) {
    let known = sketch.checks.iter().find(|check| check.kind == "postgres");
    let known = known.and_then(|check| Some((check.id.clone(), check.fields.first()?.1.clone())));
    let (needs, url) = match known {
        Some((id, url)) => (vec![id], url),
        None => (Vec::new(), sketch.secret("DATABASE_URL")),
    };
    let dir = if gate_dir.is_empty() {
        path.to_owned()
    } else {
        format!("{gate_dir}/{path}")
    };
    let mut check = Check::new("migrations", "migrations", "url", url).from(
        &Place::new(path, 0),
        "a folder of migrations as sqlx writes them",
    );
    check.fields.push(("tool", "sqlx".to_owned()));
    check.fields.push(("dir", crate::scalar::literal(&dir)));
    check.needs = needs;
    sketch.add(check);
}

/// Returns whose migrations a folder holds, if it holds any.
fn tool(folder: &Folder, path: &str, files: &[&str], sketch: &mut Sketch) -> Option<&'static str> {
    let own = name(path);
    let any = |fits: &dyn Fn(&str) -> bool| files.iter().any(|file| fits(name(file)));
    let is_folder = own.to_ascii_lowercase().contains("migrat") || own == "migrate";
    if any(&|file| file == "alembic.ini") {
        return Some("Alembic");
    }
    if any(&|file| file.starts_with("V") && file.contains("__") && file.ends_with(".sql")) {
        return Some("Flyway or refinery");
    }
    let inside = parent(path);
    if any(&|file| file == "migration.sql") && name(inside) == "migrations" {
        return Some("Prisma");
    }
    if any(&|file| file == "up.sql") && name(inside) == "migrations" {
        return Some("Diesel");
    }
    if own == "migrate" && any(&|file| is_numbered(file, ".rb")) {
        return Some("Rails");
    }
    if any(&|file| file.starts_with("db.changelog")) {
        return Some("Liquibase");
    }
    if !is_folder {
        return None;
    }
    if any(&|file| is_numbered(file, ".py")) {
        return Some("Django");
    }
    if any(&|file| is_numbered(file, ".js") || is_numbered(file, ".ts")) {
        return Some("Knex, Sequelize or TypeORM");
    }
    let first = files.iter().find(|file| is_numbered(name(file), ".sql"))?;
    let text = folder.read(first, sketch)?;
    if text.contains("-- +goose") {
        return Some("goose");
    }
    if text.contains("-- migrate:up") {
        return Some("dbmate");
    }
    let has = |file: &str| folder.files.iter().any(|known| name(known) == file);
    if has("go.mod") && !has("Cargo.toml") {
        return Some("golang-migrate");
    }
    Some(SQLX)
}

/// Returns whether a name is `20260101_words.sql` or the like.
fn is_numbered(file: &str, ending: &str) -> bool {
    let Some(stem) = file.strip_suffix(ending) else {
        return false;
    };
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && stem.as_bytes().get(digits) == Some(&b'_')
}

const SQLX: &str = "sqlx";
