//! `gonogo man`: a page for each command, one at a time or all into a folder.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;

use gonogo_tests::Gonogo;

#[test]
fn a_page_is_printed_for_each_command_and_none_for_what_is_none() {
    for (arguments, title) in [
        (&["man"][..], ".TH gonogo 1 "),
        (&["man", "check"], ".TH gonogo-check 1 "),
        (&["man", "run", "show"], ".TH gonogo-run-show 1 "),
    ] {
        let run = Gonogo::new(arguments).run();
        let found = run.stdout.lines().find(|line| line.starts_with(".TH"));
        assert!(
            found.is_some_and(|line| line.starts_with(title)),
            "{arguments:?}: {found:?}"
        );
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    }
    for (arguments, said) in [
        (
            &["man", "chekc"][..],
            "error[config/unknown_command]: `gonogo` has no command `chekc`\n  = help: Did you mean `check`?\n",
        ),
        (
            &["man", "run", "everything"],
            "error[config/unknown_command]: `run` has no command `everything`\n  = help: `gonogo --help` lists the commands.\n",
        ),
        (
            // It is for the house alone.
            &["man", "reference"],
            "error[config/unknown_command]: `gonogo` has no command `reference`\n  = help: `gonogo --help` lists the commands.\n",
        ),
    ] {
        let run = Gonogo::new(arguments).run();
        assert_eq!(
            (run.code, run.stdout.as_str(), run.stderr.as_str()),
            (Some(2), "", said)
        );
    }
}

#[test]
fn the_pages_of_all_commands_go_into_a_folder_whole_or_exit_4_says_why_not() {
    let gonogo = Gonogo::new(&["man", "--folder", "share/man"]);
    let folder = gonogo.folder().join("share/man");
    let run = gonogo.run();
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (Some(0), "", "")
    );
    let mut pages: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    // The commands are those that the reference lists, each with a heading of its own.
    let listed = include_str!("../../docs/reference/cli.md");
    let mut wanted: Vec<String> = listed
        .lines()
        .filter_map(|line| line.trim_start_matches('#').strip_prefix(" `gonogo"))
        .map(|rest| {
            let words = rest.trim_end_matches('`').replace(' ', "-");
            format!("gonogo{words}.1")
        })
        .collect();
    wanted.sort();
    assert_eq!(pages, wanted);

    let run = Gonogo::new(&["man", "--folder", "taken"])
        .file("taken", "")
        .run();
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (
            Some(4),
            "",
            "error[output/unwritable]: taken: File exists (os error 17)\n"
        )
    );
}
