//! Gate files that want to hang, crash or fill the machine: what `gonogo lint` makes of each.
//!
//! Every one ends with exit code 2, within a second and 64 MiB.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::stand::{Stand, figure, runs};
use super::table::{Goal, Table};
use crate::shell::Failure;

/// Reads each of them three times.
pub(super) fn hostile(stand: &Stand, table: &mut Table) -> Result<(), Failure> {
    for (what, text) in cases() {
        let gate = stand.write("hostile.yaml", &text)?;
        tell(stand, table, what, &gate)?;
    }
    for (what, gate) in folders(stand)? {
        tell(stand, table, what, &gate)?;
    }
    for (what, text) in late() {
        let gate = stand.write("late.yaml", &text)?;
        let what = format!("`check` of {what}");
        let costs = runs(3, || {
            stand.gonogo(&[OsStr::new("check"), gate.as_os_str()], 2)
        })
        .map_err(|failure| Failure::new(format!("{what}: {failure}")))?;
        add(table, &what, &costs, true);
    }
    let gate = stand.write("chain.yaml", &chain(20_000))?;
    let costs = runs(3, || {
        stand.gonogo(&[OsStr::new("lint"), gate.as_os_str()], 0)
    })?;
    let what = "no mistake: 20,000 checks, each of which needs the one before";
    add(table, what, &costs, false);
    Ok(())
}

fn tell(stand: &Stand, table: &mut Table, what: &str, gate: &Path) -> Result<(), Failure> {
    let costs = runs(3, || {
        stand.gonogo(&[OsStr::new("lint"), gate.as_os_str()], 2)
    })
    .map_err(|failure| Failure::new(format!("{what}: {failure}")))?;
    add(table, what, &costs, true);
    Ok(())
}

fn add(table: &mut Table, what: &str, costs: &[super::stand::Cost], limited: bool) {
    let goal = |most| {
        if limited {
            Goal::AtMost(most)
        } else {
            Goal::None
        }
    };
    table.add(
        format!("{what}: processor"),
        figure(costs, |cost| cost.processor * 1e3),
        "ms",
        goal(1_000.0),
    );
    table.add(
        format!("{what}: peak memory"),
        figure(costs, |cost| cost.peak),
        "MiB",
        goal(64.0),
    );
}

/// Files of up to 4 MiB.
#[expect(clippy::too_many_lines, reason = "a table of files")]
fn cases() -> Vec<(&'static str, String)> {
    let full = |piece: &str| piece.repeat(FULL / piece.len());
    let long = "x".repeat(FULL - 200);
    let million = "x".repeat(1 << 20);
    vec![
        ("4 MiB of one plain text", long.clone()),
        (
            "4 MiB of one title",
            checks(&format!("  a: {{ tcp: \"x:1\", titel: {long} }}\n")),
        ),
        ("4 MiB of a quote that stays open", format!("a: \"{long}")),
        ("4 MiB of `[`", full("[")),
        ("4 MiB of `{a: `", full("{a: ")),
        ("4 MiB of `- `", full("- ")),
        ("4 MiB of `? `", full("? ")),
        ("4 MiB of lines `- `", full("- \n")),
        ("4 MiB of `[],`", format!("[{}", full("[],"))),
        ("4 MiB of lines `- [x]`", full("- [x]\n")),
        ("4 MiB of lines `- {a: x}`", full("- {a: x}\n")),
        ("4 MiB of lines `a:`", full("a:\n")),
        (
            "500 passwords of 8 KB",
            numbered(500, |n| {
                format!("- http://u:{}{n}@h/\n", "p4sswo:".repeat(1_170))
            }),
        ),
        (
            "one password of 4 MiB",
            format!("a: http://u:{}@h/\n", "p4sswo:".repeat((FULL - 200) / 7)),
        ),
        (
            "4 MiB of anchors",
            numbered(FULL / 14, |n| format!("- &a{n} x\n")),
        ),
        ("4 MiB of one anchor", full("- &a x\n")),
        ("4 MiB of aliases without an anchor", full("- *a\n")),
        ("4 MiB of tags", full("- !!x y\n")),
        ("4 MiB of `!`", full("!")),
        ("4 MiB of block texts", full("- |\n  x\n")),
        (
            "4 MiB of one block text",
            format!("a: |\n{}", "  x\n".repeat((FULL - 200) / 4)),
        ),
        ("4 MiB of comments", full("# x\n")),
        ("4 MiB of line ends", full("\n")),
        ("4 MiB of spaces", full(" ")),
        ("4 MiB of tabs", full("\t")),
        ("4 MiB of documents", full("--- x\n")),
        (
            "4 MiB of escapes",
            format!("a: \"{}\"", "\\x41".repeat((FULL - 200) / 4)),
        ),
        ("4 MiB of hidden characters", full("\u{202e}")),
        (
            "4 MiB of URLs with passwords",
            numbered(FULL / 40, |n| format!("- http://u:password{n}@h/\n")),
        ),
        ("4 MiB of `x://u:p@`, one line", full("x://u:p@")),
        ("aliases that multiply tenfold, 20 times", bomb()),
        (
            "10,000 aliases to a text of 1 MiB",
            format!("a: &a {million}\nb: [{}]\n", "*a, ".repeat(10_000)),
        ),
        (
            "maps of one key, 63 deep, many times",
            full(&format!("- {}1{}\n", "{a: ".repeat(62), "}".repeat(62))),
        ),
        (
            "20,000 checks with a mistake each",
            checks(&numbered(20_000, |n| {
                format!("  c{n}: {{ tpc: \"x:1\", banana: 2 }}\n")
            })),
        ),
        (
            "20,000 checks without a kind",
            checks(&numbered(20_000, |n| format!("  c{n}: {{ title: x }}\n"))),
        ),
        ("20,001 checks", chain(20_001)),
        (
            "20,000 needs that are misspelt",
            checks(&numbered(20_000, |n| {
                format!("  c{n:05}: {{ tcp: \"x:1\", needs: [d{n:05}] }}\n")
            })),
        ),
        (
            "a circle of 20,000",
            checks(&numbered(20_000, |n| {
                format!(
                    "  c{n}: {{ tcp: \"x:1\", needs: [c{}] }}\n",
                    (n + 1) % 20_000
                )
            })),
        ),
        (
            "5,000 checks with a regular expression each that cannot be",
            checks(&numbered(5_000, |n| {
                format!(
                    "  c{n}: {{ http: http://x, expect: {{ body: {{ matches: '(((({n}' }} }} }}\n"
                )
            })),
        ),
        (
            "regular expressions that would be large",
            checks(&numbered(2_000, |n| {
                format!(
                    "  c{n}: {{ http: http://x, expect: {{ body: {{ matches: '((a{{{n}}}){{1000}}){{1000}}' }} }} }}\n"
                )
            })),
        ),
        (
            "one regular expression of 4 MiB",
            checks(&format!(
                "  c: {{ http: http://x, expect: {{ body: {{ matches: '{}' }} }} }}\n",
                "(".repeat(FULL - 200)
            )),
        ),
        (
            "10,000 JSONPaths that cannot be",
            checks(&format!(
                "  c: {{ http: http://x, expect: {{ json: {{ {} }} }} }}\n",
                numbered(10_000, |n| format!("'$.a[?@.b{n} >': 1, "))
            )),
        ),
        (
            "one JSONPath of 4 MiB",
            checks(&format!(
                "  c: {{ http: http://x, expect: {{ json: {{ '${}': 1 }} }} }}\n",
                "[?@".repeat((FULL - 200) / 3)
            )),
        ),
        (
            "30,000 matchers that cannot be, in one map",
            checks(&format!(
                "  c: {{ http: http://x, expect: {{ json: {{ {} }} }} }}\n",
                numbered(30_000, |n| format!("$.p{n}: 010, "))
            )),
        ),
        (
            "numbers of great size",
            checks(&numbered(5_000, |n| {
                format!(
                    "  c{n}: {{ http: http://x, timeout: 1e999999999s, expect: {{ status: 1e99999999{n}..1, duration: over 1e9999999{n}d }} }}\n"
                )
            })),
        ),
        (
            "one number of 4 MiB",
            checks(&format!(
                "  c: {{ http: http://x, expect: {{ status: {}x }} }}\n",
                "9".repeat(FULL - 200)
            )),
        ),
        (
            "1 MiB of a variable, 1,000 times",
            format!(
                "version: 1\ngate: g\nvars: {{ a: {million} }}\nchecks:\n{}",
                numbered(1_000, |n| format!(
                    "  c{n}: {{ tcp: \"x:1\", title: \"${{a}}\" }}\n"
                ))
            ),
        ),
        (
            "4 MiB of `${`",
            checks(&format!(
                "  c: {{ tcp: \"x:1\", title: '{}' }}\n",
                "${".repeat((FULL - 200) / 2)
            )),
        ),
        (
            "4 MiB of `${x}`",
            checks(&format!(
                "  c: {{ tcp: \"x:1\", title: '{}' }}\n",
                "${x}".repeat((FULL - 200) / 4)
            )),
        ),
        ("5,000 instances, twice, each needing all", each()),
        (
            "5,000 instances of a long command",
            checks(&format!(
                "  a: {{ each: [{}], command: [{}] }}\n",
                numbered(5_000, |n| format!("n{n}, ")),
                "x, ".repeat(5_000)
            )),
        ),
        (
            "one id of 4 MiB",
            checks(&format!("  ? {long}\n  : {{ tcp: \"x:1\" }}\n")),
        ),
        (
            "20,000 ids that are none",
            checks(&numbered(20_000, |n| {
                format!("  C{n}!: {{ tcp: \"x:1\" }}\n")
            })),
        ),
        (
            "10,000 passwords",
            checks(&numbered(10_000, |n| {
                format!("  c{n}: {{ postgres: \"postgres://u:password{n}@h/d\" }}\n")
            })),
        ),
        (
            "a template that extends itself, and 5,000 in a circle",
            format!(
                "version: 1\ngate: g\ntemplates:\n  own: {{ extends: own }}\n{}checks:\n  a: {{ extends: [own, t0], tcp: \"x:1\" }}\n",
                numbered(5_000, |n| format!(
                    "  t{n}: {{ extends: t{} }}\n",
                    (n + 1) % 5_000
                ))
            ),
        ),
        (
            "templates that double, 60 times",
            format!(
                "version: 1\ngate: g\ntemplates:\n  t0: {{ owner: me }}\n{}checks:\n  a: {{ extends: t60 }}\n",
                (1..=60).fold(String::new(), |mut text, n| {
                    let _written =
                        writeln!(text, "  t{n}: {{ extends: [t{}, t{}] }}", n - 1, n - 1);
                    text
                })
            ),
        ),
        (
            "templates in a diamond, 200 high",
            format!(
                "version: 1\ngate: g\ntemplates:\n  l0: {{ owner: me }}\n  r0: {{ owner: me }}\n{}checks:\n  a: {{ extends: [l200, r200] }}\n",
                (1..=200).fold(String::new(), |mut text, n| {
                    let _written = writeln!(
                        text,
                        "  l{n}: {{ extends: [l{0}, r{0}] }}\n  r{n}: {{ extends: [l{0}, r{0}] }}",
                        n - 1
                    );
                    text
                })
            ),
        ),
        (
            "2,000 checks that extend a template of 2,000 keys",
            format!(
                "version: 1\ngate: g\ntemplates:\n  t: {{ http: {{ headers: {{ {} }} }} }}\nchecks:\n{}",
                numbered(2_000, |n| format!("h{n}: x, ")),
                numbered(2_000, |n| format!(
                    "  c{n}: {{ extends: t, http: http://x, nope: 1 }}\n"
                ))
            ),
        ),
        (
            "300 checks that extend a template of 2,000 keys, the last one wrong",
            format!(
                "version: 1\ngate: g\ntemplates:\n  t: {{ http: {{ headers: {{ {} }} }} }}\nchecks:\n{}  last: {{ tpc: x }}\n",
                numbered(2_000, |n| format!("h{n}: x, ")),
                numbered(300, |n| format!(
                    "  c{n}: {{ extends: t, http: http://x }}\n"
                ))
            ),
        ),
        (
            "20,000 checks that extend a template, the last one wrong",
            format!(
                "version: 1\ngate: g\ntemplates:\n  t: {{ owner: o, timeout: 2s, expect: {{ duration: under 1s, body: {{ contains: ok }} }} }}\nchecks:\n{}  last: {{ tpc: x }}\n",
                numbered(19_999, |n| format!(
                    "  c{n}: {{ extends: t, http: http://x/{n} }}\n"
                ))
            ),
        ),
        (
            "2,000 checks that extend a template of 1 MiB",
            format!(
                "version: 1\ngate: g\ntemplates:\n  t: {{ owner: {million} }}\nchecks:\n{}",
                numbered(2_000, |n| format!(
                    "  c{n}: {{ extends: t, tcp: \"x:1\" }}\n"
                ))
            ),
        ),
        (
            "5,000 instances of a text of 1 MiB",
            checks(&format!(
                "  a: {{ each: [{}], command: {{ argv: [cat], stdin: {million} }} }}\n",
                numbered(5_000, |n| format!("n{n}, "))
            )),
        ),
        ("as many checks as a file holds, the last one wrong", {
            let mut text = super::gates::rich(17_500);
            text.push_str("  last: { tpc: x }\n");
            text
        }),
        (
            "5,000 patterns that are just small enough",
            checks(&numbered(5_000, |n| {
                format!(
                    "  c{n}: {{ http: http://x, expect: {{ body: {{ matches: '[ab]{{9000}}{n}' }} }} }}\n"
                )
            })),
        ),
        (
            "5,000 patterns of many characters, in one check",
            checks(&format!(
                "  c: {{ http: http://x, expect: {{ json: {{ {} }} }} }}\n",
                numbered(5_000, |n| format!(
                    "$.p{n}: {{ matches: '\\w{{20}}{n}' }}, "
                ))
            )),
        ),
        (
            "conditions nested without end",
            checks(&numbered(200, |n| {
                format!(
                    "  c{n}: {{ http: http://x, assert: '{}status == {n}' }}\n",
                    "(".repeat(15_000)
                )
            })),
        ),
        (
            "one condition of 4 MiB",
            checks(&format!(
                "  c: {{ http: http://x, assert: 'status == 1{}' }}\n",
                " + 1".repeat((FULL - 200) / 4)
            )),
        ),
        (
            "1,000 environments with 1,000 checks that are wrong",
            format!(
                "version: 1\ngate: g\nvars: {{ host: x }}\nenvironments:\n{}checks:\n{}",
                numbered(1_000, |n| format!("  e{n}: {{ vars: {{ host: h{n} }} }}\n")),
                numbered(1_000, |n| format!("  c{n}: {{ tcp: \"${{host}}\" }}\n"))
            ),
        ),
        (
            "20,000 waivers for nobody",
            format!(
                "version: 1\ngate: g\nchecks:\n  a: {{ tcp: \"x:1\" }}\nwaivers:\n{}",
                numbered(20_000, |n| format!(
                    "  - {{ check: b{n}*, reason: r, owner: o, until: 2027-13-41 }}\n"
                ))
            ),
        ),
    ]
}

/// Files whose only mistake is found when all else was built.
fn late() -> Vec<(&'static str, String)> {
    vec![
        (
            "a circle of 20,000",
            checks(&numbered(20_000, |n| {
                format!(
                    "  c{n}: {{ tcp: \"x:1\", needs: [c{}] }}\n",
                    (n + 1) % 20_000
                )
            })),
        ),
        (
            "as many checks as a file holds, one need of them misspelt",
            format!("{}    needs: [nobody]\n", super::gates::rich(17_500)),
        ),
    ]
}

/// Gates that include other files.
fn folders(stand: &Stand) -> Result<Vec<(&'static str, PathBuf)>, Failure> {
    let first = "version: 1\ngate: g\ninclude: [i0.yaml]\nchecks:\n  a: { tcp: \"x:1\" }\n";
    let include = |names: &str| format!("version: 1\ninclude: [{names}]\n");
    stand.write("i0.yaml", &include("i1.yaml"))?;
    stand.write("i1.yaml", &include("i0.yaml"))?;
    let circle = stand.write("include-circle.yaml", first)?;
    for n in 0..500 {
        stand.write(&format!("n{n}.yaml"), &include(&format!("n{}.yaml", n + 1)))?;
    }
    let long = stand.write("include-chain.yaml", &first.replace("i0", "n0"))?;
    for n in 0..60 {
        let next = format!("l{0}.yaml, r{0}.yaml", n + 1);
        stand.write(&format!("l{n}.yaml"), &include(&next))?;
        stand.write(&format!("r{n}.yaml"), &include(&next))?;
    }
    let diamond = stand.write("include-diamond.yaml", &first.replace("i0", "l0"))?;
    let big = format!("version: 1\nvars:\n  a: {}\n", "x".repeat(FULL - 200));
    for n in 0..20 {
        stand.write(&format!("big{n}.yaml"), &big)?;
    }
    let all: Vec<String> = (0..20).map(|n| format!("big{n}.yaml")).collect();
    let many = stand.write(
        "include-big.yaml",
        &first.replace("i0.yaml", &all.join(", ")),
    )?;
    Ok(vec![
        ("two files that include each other", circle),
        (
            "500 files, each including the next, the last one missing",
            long,
        ),
        ("60 pairs of files, each including the next pair", diamond),
        ("20 files of 4 MiB", many),
    ])
}

fn checks(text: &str) -> String {
    format!("version: 1\ngate: g\nchecks:\n{text}")
}

fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn chain(count: usize) -> String {
    let line = |n: usize| match n {
        0 => "  c0: { tcp: \"x:1\" }\n".to_owned(),
        n => format!("  c{n}: {{ tcp: \"x:1\", needs: [c{}] }}\n", n - 1),
    };
    checks(&numbered(count, line))
}

fn bomb() -> String {
    let mut text = format!("a0: &a0 [{}]\n", "x, ".repeat(10));
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _written = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    text
}

fn each() -> String {
    let names = numbered(5_000, |n| format!("n{n}, "));
    checks(&format!(
        "  a: {{ each: [{names}], tcp: \"x:1\" }}\n  b: {{ each: [{names}], tcp: \"x:1\", needs: [a] }}\n"
    ))
}

/// As large as a gate file may be.
const FULL: usize = 4 << 20;
