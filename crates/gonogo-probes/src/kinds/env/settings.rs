//! Where the settings are: the environment, or a file.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;

use gonogo_model::Fault;

use super::codes;

/// Settings by name.
pub(super) struct Settings(HashMap<String, String>);

impl Settings {
    /// Takes these names from gonogo's own environment.
    pub(super) fn of_environment<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let found = names.filter_map(|name| {
            let value = std::env::var_os(name)?;
            Some((name.to_owned(), value.to_string_lossy().into_owned()))
        });
        Self(found.collect())
    }

    /// Reads a file of lines `NAME=value`.
    pub(super) fn of_file(path: &Path) -> Result<Self, Fault> {
        let shown = path.display();
        let unreadable = |error: &std::io::Error| {
            Fault::new(
                codes::NO_FILE,
                format!("cannot read {shown}: {}", error.kind()),
            )
        };
        let file = std::fs::File::open(path).map_err(|error| unreadable(&error))?;
        if !file.metadata().is_ok_and(|meta| meta.is_file()) {
            return Err(Fault::new(codes::NO_FILE, format!("{shown} is no file")));
        }
        let mut text = Vec::new();
        file.take(MOST + 1)
            .read_to_end(&mut text)
            .map_err(|error| unreadable(&error))?;
        if text.len() as u64 > MOST {
            return Err(Fault::new(
                codes::TOO_LARGE,
                format!("{shown} is larger than 1 MiB"),
            ));
        }
        let mut settings = HashMap::new();
        for setting in dotenvy::from_read_iter(text.as_slice()) {
            // The words of the error hold the line, and the line may hold a secret.
            let (name, value) = setting.map_err(|_| {
                Fault::new(
                    codes::NOT_SETTINGS,
                    format!("{shown} holds a line that is not NAME=value"),
                )
            })?;
            settings.insert(name, value);
        }
        Ok(Self(settings))
    }

    /// Returns a setting that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.trim().is_empty())
    }
}

const MOST: u64 = 1 << 20;
