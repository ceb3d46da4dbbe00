//! Ids, names of variables and names of the environment, made of what other files call things.

/// Returns an id made of a text: `My Service` is `my-service`.
pub(crate) fn id(text: &str) -> String {
    let mut id = String::new();
    for c in text.chars().take(MAX_ID) {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => id.push(c),
            '_' if !id.is_empty() => id.push('_'),
            _ if id.is_empty() || id.ends_with('-') => {}
            _ => id.push('-'),
        }
    }
    let id = id.trim_end_matches(['-', '_']);
    if id.is_empty() { "check" } else { id }.to_owned()
}

/// Returns the name of an environment variable made of a text and an ending: `my-api` is `MY_API_HOST`.
pub(crate) fn environment(text: &str, ending: &str) -> String {
    let mut name = id(text).to_ascii_uppercase().replace(['-', '.'], "_");
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("{}_{name}", ending.trim_start_matches('_'));
    }
    if !name.ends_with(ending) {
        name.push_str(ending);
    }
    name
}

/// Returns the name that a variable of the environment has in the gate.
pub(crate) fn variable(environment: &str) -> String {
    let lower = environment.to_ascii_lowercase();
    let name = lower.trim_start_matches('_');
    match name {
        "" => "value".to_owned(),
        "each" => "each_value".to_owned(),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("v_{name}"),
        name => name.to_owned(),
    }
}

/// Returns whether a text can name a variable of the environment.
pub(crate) fn is_environment(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_ID
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Returns a name that is not taken: the wished one, or the first of `name-2`, `name-3`, ...
pub(crate) fn unused(wish: &str, joint: char, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(wish) {
        return wish.to_owned();
    }
    (2_u32..)
        .map(|number| format!("{wish}{joint}{number}"))
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| wish.to_owned())
}

/// What is longer is cut.
const MAX_ID: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_where_they_stand() {
        for (text, made) in [
            ("My Service", "my-service"),
            ("_x_", "x"),
            ("caf\u{e9}!!", "caf"),
            ("\u{e9}", "check"),
            ("a..b", "a-b"),
        ] {
            assert_eq!(id(text), made);
        }
        assert_eq!(environment("my-api", "_HOST"), "MY_API_HOST");
        assert_eq!(environment("db_host", "_HOST"), "DB_HOST");
        assert_eq!(environment("10.0.0.7", "_HOST"), "HOST_10_0_0_7");
        assert_eq!(variable("_1ST_HOST"), "v_1st_host");
        assert_eq!(variable("EACH"), "each_value");
        assert_eq!(unused("a", '-', |n| n == "a" || n == "a-2"), "a-3");
    }
}
