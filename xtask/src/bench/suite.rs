//! What there is to measure, and the order in which it is done.

use super::stand::Stand;
use super::table::Table;
use super::{counts, databases, hostile, machine, many, reading, size, start, waiting};
use crate::shell::Failure;

/// One thing to measure.
struct Part {
    name: &'static str,
    what: &'static str,
    measure: fn(&Stand, &mut Table) -> Result<(), Failure>,
}

const PARTS: &[Part] = &[
    Part {
        name: "holes",
        what: "1,000 targets that drop every packet",
        measure: waiting::holes,
    },
    Part {
        name: "descriptors",
        what: "the same, and 1,000 healthy targets, with 256 descriptors",
        measure: waiting::descriptors,
    },
    Part {
        name: "slow",
        what: "1,000 targets that answer after 50 ms",
        measure: waiting::slow,
    },
    Part {
        name: "http",
        what: "1,000 and 10,000 HTTP checks",
        measure: many::http,
    },
    Part {
        name: "https",
        what: "1,000 HTTPS checks, with 1,000 certificates and with one",
        measure: many::https,
    },
    Part {
        name: "start",
        what: "from start to verdict: one check, --help, a mistake",
        measure: start::start,
    },
    Part {
        name: "lint",
        what: "reading gates of 1,000 and 10,000 checks",
        measure: reading::lint,
    },
    Part {
        name: "hostile",
        what: "reading files that want to hang, crash or fill the machine",
        measure: hostile::hostile,
    },
    Part {
        name: "counts",
        what: "instructions and system calls of a check",
        measure: counts::counts,
    },
    Part {
        name: "databases",
        what: "a PostgreSQL and a Redis check",
        measure: databases::databases,
    },
    Part {
        name: "size",
        what: "the size of the program",
        measure: size::size,
    },
];

/// Measures what is named, or everything, and prints one table.
pub(crate) fn run(names: &[&str]) -> Result<(), Failure> {
    for name in names {
        if !PARTS.iter().any(|part| part.name == *name) {
            return Err(Failure::new(format!("bench does not know `{name}`")).hint(help()));
        }
    }
    let stand = Stand::build()?;
    let mut table = Table::default();
    let began = std::time::Instant::now();
    for part in PARTS {
        if names.is_empty() || names.contains(&part.name) {
            eprintln!("measuring {}: {} ...", part.name, part.what);
            (part.measure)(&stand, &mut table)?;
        }
    }
    println!("{}\n", machine::describe()?);
    print!("{table}");
    println!("\nMeasured in {} s.", began.elapsed().as_secs());
    Ok(())
}

fn help() -> String {
    let mut text = "cargo xtask bench [NAME...], where NAME is one of\n".to_owned();
    for part in PARTS {
        text.push_str(&format!("  {:<12}  {}\n", part.name, part.what));
    }
    text
}
