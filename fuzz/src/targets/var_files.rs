//! Files of variables: `--var-file`.

use std::path::PathBuf;

use gonogo_config::{Source, decode, read_var_file};

use super::Target;
use crate::behaviour::Behaviour;

pub(super) const TARGET: Target = Target {
    name: "var_files",
    what: "files of variables",
    check,
    words: &[
        "host: ", "release", "1.10", "010", "no", "[a]", "{ a: b }", "${x}", "&a ", "*a", "|\n  ",
        ">", "!!str ", "---\n", "...", "<<: ", "\"", "'", "#", " #", "~", "? ", ": ", "- ",
    ],
    tries: 3_000,
};

fn check(input: &[u8]) -> Behaviour {
    let Ok(text) = decode(input) else {
        return Behaviour::of("bytes");
    };
    let source = Source {
        name: "vars.yaml".to_owned(),
        text,
        base: PathBuf::from("."),
    };
    match read_var_file(&source) {
        Ok(vars) => {
            assert!(vars.iter().all(|(name, _, _)| !name.is_empty()));
            Behaviour::of(vars.len())
        }
        Err(mistakes) => {
            assert!(
                !mistakes.chars().any(|c| c.is_control() && c != '\n'),
                "{mistakes:?}"
            );
            let codes: Vec<&str> = mistakes
                .lines()
                .filter(|l| l.starts_with("error["))
                .collect();
            let codes: Vec<&str> = codes.iter().filter_map(|l| l.split(']').next()).collect();
            Behaviour::of(codes)
        }
    }
}
