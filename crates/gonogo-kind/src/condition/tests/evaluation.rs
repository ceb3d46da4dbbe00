//! What conditions come to.

use super::*;

/// Conditions over [`observed`] that hold.
const HOLD: &[&str] = &[
    // Comparing.
    "status == 503",
    "status != 200",
    "status >= 500 && status < 600",
    "status == 503u",
    "status == 0x1F7",
    "status > -1",
    "503 == status",
    "status == 503.0",
    "status < 503.5",
    "status in [500, 502, 503]",
    "value > 1.5",
    "value == 1.90",
    "value < 2",
    "value != 2",
    "!(value == 2)",
    "secure",
    "!!secure",
    "secure == true",
    "secure != false",
    "body != ''",
    "role == 'primary'",
    "role in ['primary', 'replica']",
    // Numbers are exact.
    "0.1 + 0.2 == 0.3 && secure",
    "1.9 > 1.5 && secure",
    "value + 0.1 == 2.0",
    "value * 10 == 19",
    "value - 1.9 == 0",
    "0.1 * 3.0 == 0.3 && secure",
    "1.0 / 3.0 * 3.0 == 1.0 && secure",
    "1.0 / 3.0 + 1.0 / 3.0 + 1.0 / 3.0 == 1.0 && secure",
    "json.big == 12345678901234567891",
    "json.big != 12345678901234567890",
    "json.big > 12345678901234567890",
    "9007199254740993 != 9007199254740992 && secure",
    "9007199254740993.0 != 9007199254740992.0 && secure",
    "18446744073709551615u + 1 == 18446744073709551616 && secure",
    "9223372036854775807 + 1 == 9223372036854775808 && secure",
    "1e400 > 1e399 && secure",
    "1e-400 < 1e-399 && secure",
    "2.0 / 3.0 < 0.6666666666666666666666667 && secure",
    "2.0 / 3.0 > 0.6666666666666666666666666 && secure",
    "7.0 / 2.0 == 3.5 && secure",
    "1.0 / 8 == 0.125 && secure",
    "-7 % 3 == -1 && secure",
    "7 % -3 == 1 && secure",
    "7 % 3 == 1 && secure",
    "json.failed / json.total == 0.8",
    "json.failed / json.total < percent(80.01)",
    "1 + 2 * 3 == 7 && secure",
    "(1 + 2) * 3 == 9 && secure",
    "10 - 4 - 3 == 3 && secure",
    "-(1) == -1 && secure",
    "--1 == 1 && secure",
    "- status == -503",
    "1.5e3 == 1500 && secure",
    ".5 == 0.5 && secure",
    // Quantities.
    "duration == duration('120ms')",
    "duration < duration(\"500ms\")",
    "duration <= milliseconds(120)",
    "duration > seconds(0.1)",
    "duration * 2 == duration('240ms')",
    "duration / 2 < seconds(1)",
    "duration + timing.connect == duration('125ms')",
    "timing.connect < duration",
    "duration / timing.connect == 24",
    "expires_in == days(30)",
    "expires_in >= days(30)",
    "expires_in == duration('720h')",
    "expires_in > days(29.9)",
    "expires_in == hours(720)",
    "expires_in - days(1) < days(30)",
    "expires_in == minutes(43200)",
    "body_size == kib(2)",
    "body_size < mib(1)",
    "body_size == bytes(2048)",
    "body_size > kb(2)",
    "body_size < gib(2)",
    "body_size < gb(1) && body_size < tb(1) && body_size < tib(1) && body_size < mb(1)",
    "body_size * 2 == kib(4)",
    "used <= percent(80)",
    "used == 0.8",
    "used < percent(80.0001)",
    "used == percent(80)",
    "percent(80) * body_size < kib(2)",
    "server >= '15.4'",
    "server < '16'",
    "server == '15.10'",
    "server > '15.9'",
    "server != version('15.1')",
    "'15.4' < server",
    "server in ['15.10', '16.1']",
    "not_after > timestamp('2026-12-31T00:00:00Z')",
    "not_after - timestamp('2027-01-01T00:00:00Z') == days(30)",
    "not_after + days(1) == timestamp('2027-02-01T00:00:00Z')",
    "not_after - hours(24) < not_after + seconds(1)",
    "int(not_after) == 1801353600",
    "timestamp(1801353600) == not_after",
    "not_after == timestamp('2027-01-31T01:00:00+01:00')",
    // Texts.
    "body.contains('ready')",
    "body.startsWith('all')",
    "body.endsWith('ve')",
    "body.matches('rea.y')",
    "matches(body, r'\\bis\\b')",
    "size(body) == 19",
    "body.size() == 19",
    "body + '!' == 'all is ready, na\\u00efve!'",
    "'a' < 'b' && secure",
    "body == \"all is ready, na\\xefve\"",
    "body == '''all is ready, na\u{ef}ve'''",
    "'\\141' == 'a' && secure",
    "r'\\n' != '\\n' && secure",
    "R\"\\\" == '\\\\' && secure",
    "'it\\'s' == \"it's\" && secure",
    "'\\U0001F600' == '\u{1F600}' && secure",
    "\"\"\"a\nb\"\"\" == 'a\\nb' && secure",
    "!body.contains('error')",
    // Lists, maps and headers.
    "size(answers) == 2",
    "answers[0] == '10.0.0.1'",
    "'10.0.0.2' in answers",
    "!('10.0.0.3' in answers)",
    "answers == ['10.0.0.1', '10.0.0.2']",
    "answers != ['10.0.0.2', '10.0.0.1']",
    "answers.all(a, a.startsWith('10.'))",
    "answers.exists(a, a.endsWith('.2'))",
    "answers.exists_one(a, a.endsWith('.2'))",
    "size(answers.filter(a, a != '10.0.0.1')) == 1",
    "answers.map(a, size(a)) == [8, 8]",
    "answers.map(a, a.endsWith('1'), a + '!') == ['10.0.0.1!']",
    "answers + ['x'] == ['10.0.0.1', '10.0.0.2', 'x']",
    "labels.env == 'prod'",
    "labels['env'] == 'prod'",
    "has(labels.env)",
    "!has(labels.zone)",
    "'env' in labels",
    "size(labels) == 1",
    "labels.all(k, k == 'env')",
    "labels == {'env': 'prod'}",
    "headers['content-type'] == 'application/json'",
    "headers['CONTENT-TYPE'].startsWith('application')",
    "'content-type' in headers",
    "!('x-none' in headers)",
    "headers.values('set-cookie') == ['a=1', 'b=2']",
    "size(headers.values('none')) == 0",
    "has(headers['content-type'])",
    "{'a': 1, 'b': 2}['b'] == 2 && secure",
    "{1: 'a', true: 'b'}[1] == 'a' && secure",
    "[1, 2, 3][2] == 3 && secure",
    "[[1], [2]][1][0] == 2 && secure",
    "1 in {1: 'x'} && secure",
    "[1, 2,] == [1, 2] && secure",
    // JSON.
    "json.status == 'ok'",
    "json.db.connected",
    "json.db.connected == true",
    "json['db']['lag'] < 1",
    "json.count == 5",
    "json.count + 1 == 6",
    "json.count > 4 && json.count < 6",
    "json.none == null",
    "json.status != null",
    "has(json.db.lag)",
    "!has(json.db.other)",
    "has(json.none)",
    "json.items[1].name == 'b'",
    "size(json.items) == 2",
    "json.items.exists(i, !i.ok)",
    "!json.items.all(i, i.ok)",
    "json.items.filter(i, i.ok).all(i, i.name == 'a')",
    "json.items.map(i, i.name) == ['a', 'b']",
    "size(json.empty) == 0",
    "size(json.empty) == 0 || json.empty.all(e, e.ok)",
    "int(json.replicas) == 3",
    "double(json.replicas) / 2 == 1.5",
    "json['a-b'] == 1",
    "'db' in json",
    "json.items.all(i, json.items.exists(j, j.name == i.name))",
    "rows[0].id == 1",
    "size(rows) == 2",
    "rows.all(r, r.id > 0)",
    "json.status in ['ok', 'fine']",
    "json.count in [1, 5]",
    "json.count in ['x', 5]",
    "string(json.count) == '5'",
    // Choosing, and conversions.
    "(secure ? 1 : 2) == 1",
    "secure ? true : status == 200",
    "status == 503 ? role == 'primary' : false",
    "string(status) == '503'",
    "string(value) == '1.9'",
    "string(secure) == 'true'",
    "string(server) == '15.10'",
    "string(duration) == '0.12s'",
    "int(value) == 1",
    "int(-1.9) == -1 && secure",
    "int('42') == 42 && secure",
    "int(7.0 / 2.0) == 3 && secure",
    "uint(value) == 1",
    "double('1.50') == 1.5 && secure",
    "bool('true') && secure",
    "double(used) == 0.8",
    // A part that decides does so beside one that fails.
    "secure || 1.0 / (status - 503) > 0.0",
    "1.0 / (value - 1.9) > 0.0 || secure",
    "json.missing == 1 || secure",
    "!(json.missing == 1 && !secure)",
    "// a comment\nsecure // another",
    // Variables.
    "vars.host.endsWith('.example.com') && secure",
    "int(vars.replicas) == json.count - 2",
];

/// Conditions over [`observed`] that do not hold, and what is said.
const FAIL: &[(&str, &str)] = &[
    ("status == 200", "status 503"),
    (
        "status < 500 && duration < duration('500ms')",
        "status 503, duration 120ms",
    ),
    ("status < 500 && status < 600", "status 503"),
    ("json.db.connected == false", "json.db.connected true"),
    (
        "json.items[0].ok && json.items[1].ok",
        "json.items[0].ok true, json.items[1].ok false",
    ),
    ("timing.connect > seconds(1)", "timing.connect 5ms"),
    (
        "headers['content-type'] == 'x'",
        "headers['content-type'] application/json",
    ),
    ("used < 0.5", "used 80%"),
    (
        "body.contains('error')",
        "body \"all is ready, na\u{ef}ve\"",
    ),
    (
        "answers == ['10.0.0.2', '10.0.0.1']",
        "answers [10.0.0.1, 10.0.0.2]",
    ),
    (
        "1.0 / (status - 503) > 0.0",
        "`1.0 / (status - 503)`: division by zero (status 503)",
    ),
    ("json.missing == 1", "`json` has no `missing`"),
    ("json.db.missing.deeper == 1", "`json.db` has no `missing`"),
    (
        "json.status.deeper == 1",
        "`json.status` is ok (text), which has no members",
    ),
    ("!(json.missing == 1)", "`json` has no `missing`"),
    ("json.missing != 1", "`json` has no `missing`"),
    (
        "json.count == '5'",
        "`json.count == '5'` compares 5 (a number) with \"5\" (text), which `==` cannot do (json.count 5)",
    ),
    (
        "json.count != '5'",
        "`json.count != '5'` compares 5 (a number) with \"5\" (text), which `!=` cannot do (json.count 5)",
    ),
    (
        "json.status > 3",
        "`json.status > 3` compares ok (text) with 3 (a number), which `>` cannot do (json.status ok)",
    ),
    (
        "json.status",
        "it comes to ok (text), and not to true or false",
    ),
    (
        "json.status && secure",
        "`json.status` is ok (text), and not true or false (json.status ok, secure true)",
    ),
    (
        "json.empty.all(e, e.ok)",
        "`json.empty` is empty, and `all` over nothing proves nothing (json.empty [])",
    ),
    (
        "!json.empty.exists(e, e.bad)",
        "`json.empty` is empty, and `exists` over nothing proves nothing (json.empty [])",
    ),
    (
        "json.empty.exists_one(e, e.bad)",
        "`json.empty` is empty, and `exists_one` over nothing proves nothing (json.empty [])",
    ),
    (
        "json.items.filter(i, i.name == 'c').all(i, i.ok)",
        "`json.items.filter(i, i.name == 'c')` is empty, and `all` over nothing proves nothing (json.items [{ name: a, ok: true }, { name: b, ok: false }])",
    ),
    (
        "json.items.all(i, i.age > 3)",
        "`i` has no `age` (json.items [{ name: a, ok: true }, { name: b, ok: false }])",
    ),
    ("json.items[2].ok", "`json.items` has 2 parts and none at 2"),
    (
        "json.items[-1].ok",
        "`json.items` has 2 parts and none at -1",
    ),
    ("answers[5] == 'x'", "`answers` has 2 parts and none at 5"),
    (
        "headers['set-cookie'] == 'a=1'",
        "`headers` has 2 values of `set-cookie` where one is wanted: see `headers.values(\"set-cookie\")`",
    ),
    ("headers.server == 'nginx'", "`headers` has no `server`"),
    (
        "1.0 / (value - 1.9) > 0.0",
        "`1.0 / (value - 1.9)`: division by zero (value 1.9)",
    ),
    (
        "status % (status - 503) == 0",
        "`status % (status - 503)`: division by zero (status 503)",
    ),
    (
        "int(json.status) == 1",
        "`int(json.status)`: a number is written in digits, such as 200 or 0.5 (json.status ok)",
    ),
    (
        "duration(json.status) > seconds(1)",
        "`duration(json.status)`: a duration is a number and a unit, such as 500ms, 30s, 1h30m or 14d (json.status ok)",
    ),
    (
        "used < json.share",
        "`used < json.share` compares 80% (a ratio) with 80 (a number), which `<` cannot do (used 80%, json.share 80)",
    ),
    (
        "server > json.status",
        "`server > json.status` compares 15.10 (a version) with ok (text), which `>` cannot do (server 15.10, json.status ok)",
    ),
    (
        "duration < json.count",
        "`duration < json.count` compares 120ms (a duration) with 5 (a number), which `<` cannot do (duration 120ms, json.count 5)",
    ),
    (
        "json.items == json.db",
        "`json.items == json.db` compares a list of 2 with a map of 2, which `==` cannot do (json.items [{ name: a, ok: true }, { name: b, ok: false }], json.db { connected: true, lag: 0.5 })",
    ),
    (
        "json.count in ['a', 'b']",
        "`json.count in ['a', 'b']` compares 5 (a number) with a list of 2, which `in` cannot do (json.count 5)",
    ),
    (
        "'a' in json.count",
        "`'a' in json.count` compares a (text) with 5 (a number), which `in` cannot do (json.count 5)",
    ),
    (
        "vars.elsewhere == 'x' || status == 200",
        "a variable has no value",
    ),
];

#[test]
fn what_holds() {
    let otherwise = HOLD.iter().filter_map(|text| match ask(text) {
        Tested::Holds { .. } => None,
        other => Some(format!("{text}: {other:?}")),
    });
    assert_eq!(otherwise.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn what_does_not_hold_says_what_was_found() {
    let asked = FAIL.iter().map(|(text, _)| match ask(text) {
        Tested::Fails { got } => (*text, got),
        other => (*text, format!("{other:?}")),
    });
    let expected = FAIL.iter().map(|(text, told)| (*text, (*told).to_owned()));
    let unlike = asked
        .zip(expected)
        .filter(|(asked, expected)| asked != expected);
    assert_eq!(unlike.collect::<Vec<_>>(), Vec::new());
}

#[test]
fn an_absent_or_unreadable_fact_decides_before_evaluation() {
    use gonogo_model::codes;
    let with = |name: &'static str, reading: Reading| {
        let mut facts = observed();
        facts.insert(name, reading);
        facts
    };
    let absent = with("body", Reading::Absent);
    assert_eq!(
        ask_about("secure || body == 'x'", &absent),
        Tested::Fails {
            got: "body is absent".to_owned()
        }
    );
    let unreadable = with(
        "body",
        Reading::Unreadable {
            code: codes::engine::MISSING_FACT.into(),
            message: "no body".to_owned(),
        },
    );
    assert_eq!(
        ask_about("secure || body == 'x'", &unreadable),
        Tested::Unreadable {
            fact: "body",
            code: codes::engine::MISSING_FACT.into(),
            message: "no body".to_owned(),
        }
    );
    assert!(matches!(
        ask_about("secure", &unreadable),
        Tested::Holds { .. }
    ));
}

#[test]
fn conditions_over_variables() {
    for (text, answer) in [
        ("host == 'db.example.com'", Ok(Some(true))),
        ("vars.host.startsWith('api')", Ok(Some(false))),
        ("int(replicas) > 2", Ok(Some(true))),
        ("replicas == '3' && host != ''", Ok(Some(true))),
        ("elsewhere == 'x'", Ok(None)),
        ("elsewhere == 'x' && host == ''", Ok(Some(false))),
        (
            "int(host) > 2",
            Err("`int(host)`: a number is written in digits, such as 200 or 0.5".to_owned()),
        ),
        ("host.matches('^db')", Ok(Some(true))),
        ("replicas in ['1', '3']", Ok(Some(true))),
    ] {
        assert_eq!(read_when(text).unwrap().decide(), answer, "{text}");
    }
}

#[test]
fn a_condition_names_the_facts_that_it_reads() {
    let condition =
        read("status < 500 && json.a == 1 && status > 1 && timing.connect < days(1)").unwrap();
    let names: Vec<&str> = condition.facts().iter().map(|fact| fact.name).collect();
    assert_eq!(names, ["status", "json", "timing.connect"]);
}
