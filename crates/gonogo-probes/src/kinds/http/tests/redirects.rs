//! Where redirects are followed, where they are not, and what goes along.

use gonogo_kind::{Node, flow};
use gonogo_testkit::ca::Ca;
use gonogo_testkit::tls;
use hyper::header::{HeaderMap, HeaderValue, LOCATION};
use hyper::{Method, StatusCode};
use proptest::prelude::*;
use url::Url;

use super::super::redirect::{Hop, Way};
use super::*;

fn to(status: &str, location: &str) -> Vec<Step> {
    answer(response(
        status,
        &[&format!("Location: {location}")],
        b"elsewhere",
    ))
}

fn following(url: &str, most: &str) -> Look {
    http(url).field("follow", Node::plain(most))
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    let server = Scripted::start(to("301 Moved Permanently", "/new")).unwrap();
    let (judged, observation) = http(&server.url("/old")).judge().await;
    let (outcome, code, message) = told(&judged);
    assert_eq!((outcome, code), (Outcome::Failed, "engine/expectation"));
    assert_eq!(message, "status is 301, expected 200..299");
    assert_eq!(text(&observation, "location"), server.url("/new"));
    assert_eq!(text(&observation, "body"), "elsewhere");
    let note = format!(
        "the answer redirects to {}; `follow` says how many redirects a check follows, and the default is none",
        server.url("/new")
    );
    assert!(observation.notes.contains(&note), "{:?}", observation.notes);
    assert_eq!(server.requests().len(), 1);

    let wanted = look("http", &[("url", &server.url("/old"))])
        .expect("status", "301")
        .expect("location", &server.url("/new"));
    assert_eq!(told(&wanted.judge().await.0), (Outcome::Passed, "", ""));
}

#[tokio::test]
async fn redirects_are_followed_as_far_as_allowed() {
    let server = Scripted::start_with(|_| {
        vec![
            to("302 Found", "/2"),
            to("307 Temporary Redirect", "3?a=b#part"),
            answer(response("200 OK", &[], b"here")),
        ]
    })
    .unwrap();
    let (judged, observation) = following(&server.url("/1"), "2").judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    let way = [server.url("/2"), server.url("/3?a=b")];
    assert_eq!(
        observation.get("redirects"),
        Some(&Value::texts(way).into())
    );
    assert_eq!(observation.get("location"), Some(&Reading::Absent));
    assert_eq!(text(&observation, "body"), "here");
    let names: Vec<&str> = observation.phases.iter().map(|p| p.name.as_str()).collect();
    let hop = ["connect", "first_byte"];
    assert_eq!(names, [hop.as_slice(), &hop, &hop, &["transfer"]].concat());

    let server =
        Scripted::start_with(|_| (0..9).map(|n| to("302 Found", &format!("/{n}"))).collect())
            .unwrap();
    let (judged, observation) = following(&server.url("/"), "2").judge().await;
    let message = format!(
        "2 redirects were followed, and {} leads on to {}",
        server.url("/1"),
        server.url("/2")
    );
    assert_eq!(
        told(&judged),
        (Outcome::Failed, "http/redirect_limit", message.as_str())
    );
    assert_eq!(observation.get("status"), Some(&Value::integer(302).into()));
}

#[tokio::test]
async fn redirects_that_lead_nowhere_fail() {
    let port = |server: &Scripted, text: &str| text.replace("{url}", &server.url(""));
    for (script, code, message) in [
        (
            to("302 Found", "/"),
            "http/redirect_loop",
            "the redirects come back to {url}/",
        ),
        (
            answer(response("302 Found", &[], b"")),
            "http/redirect_location",
            "the redirect has no Location",
        ),
        (
            answer(response(
                "302 Found",
                &["Location: /a", "Location: /b"],
                b"",
            )),
            "http/redirect_location",
            "the redirect has more than one Location",
        ),
        (
            to("302 Found", "http://[::1"),
            "http/redirect_location",
            "the Location `http://[::1` is not a URL: invalid IPv6 address",
        ),
        (
            to("302 Found", &format!("/{}", "x".repeat(10_000))),
            "http/redirect_location",
            "the Location of the redirect has 10001 bytes",
        ),
        (
            to("302 Found", "file:///etc/passwd"),
            "http/redirect_refused",
            "{url}/ redirects to file:///etc/passwd: neither http nor https",
        ),
        (
            to("302 Found", "gopher://example.com/"),
            "http/redirect_refused",
            "{url}/ redirects to gopher://example.com/: neither http nor https",
        ),
    ] {
        let server = Scripted::start(script).unwrap();
        let (judged, _) = following(&server.url("/"), "5").judge().await;
        let message = port(&server, message);
        assert_eq!(told(&judged), (Outcome::Failed, code, message.as_str()));
    }
}

#[tokio::test]
async fn a_redirect_from_https_to_http_fails() {
    let ca = Ca::new();
    let issued = ca.leaf(&["127.0.0.1"]).issue();
    let server = tls::Setup::new(&issued)
        .alpn(&["http/1.1"])
        .answer(response(
            "301 Moved",
            &["Location: http://127.0.0.1:1/"],
            b"",
        ))
        .start()
        .unwrap();
    let url = format!("https://127.0.0.1:{}/", server.port());
    let (judged, _) = following(&url, "5").roots(&ca.root_pem()).judge().await;
    let message = format!("{url} redirects to http://127.0.0.1:1/: from https to http");
    assert_eq!(
        told(&judged),
        (Outcome::Failed, "http/redirect_downgrade", message.as_str())
    );
}

#[tokio::test]
async fn another_origin_gets_no_credentials() {
    let other = good(&[], b"here");
    let first = Scripted::start(to("302 Found", &other.url("/there"))).unwrap();
    let headers = flow::read(
        "{ Authorization: canary-1, Cookie: a=canary-2, X-Api-Key: canary-3, Host: canary-4, Accept: text/plain, User-Agent: test }",
    )
    .unwrap();
    let look = following(&first.url("/"), "1").field("headers", headers);
    assert_eq!(told(&look.judge().await.0), (Outcome::Passed, "", ""));
    let [request] = first.requests().try_into().unwrap();
    for number in 1..=4 {
        assert!(request.contains(&format!("canary-{number}")), "{request}");
    }
    let [request] = other.requests().try_into().unwrap();
    let port = other.port();
    assert_eq!(
        request,
        format!(
            "GET /there HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nuser-agent: test\r\naccept: text/plain\r\naccept-encoding: gzip\r\n\r\n"
        )
    );

    let userinfo = first.url("/").replace("http://", "http://user:canary-5@");
    let _seen = following(&userinfo, "1").judge().await;
    let requests = first.requests();
    let login = "authorization: Basic dXNlcjpjYW5hcnktNQ==";
    assert!(requests.last().unwrap().contains(login), "{requests:?}");
    assert!(!other.requests().last().unwrap().contains("authorization"));
}

#[tokio::test]
async fn a_body_goes_to_the_first_origin_only() {
    let sending = |url: &str| {
        following(url, "3")
            .field("method", Node::plain("POST"))
            .field("body", Node::plain("canary"))
    };
    // Seen by the browser's rules: 302 asks with GET, 307 asks the same again.
    for (status, again) in [
        ("302 Found", "GET /2"),
        ("303 See Other", "GET /2"),
        ("307 Temporary Redirect", "POST /2"),
        ("308 Permanent Redirect", "POST /2"),
    ] {
        let server =
            Scripted::start_with(|_| vec![to(status, "/2"), answer(response("200 OK", &[], b""))])
                .unwrap();
        let (judged, _) = sending(&server.url("/1")).judge().await;
        assert_eq!(told(&judged), (Outcome::Passed, "", ""));
        let [first, second] = server.requests().try_into().unwrap();
        assert!(
            first.starts_with("POST /1") && first.ends_with("canary"),
            "{first}"
        );
        assert!(second.starts_with(again), "{second}");
        assert_eq!(
            second.ends_with("canary"),
            again.starts_with("POST"),
            "{second}"
        );
    }
    let other = good(&[], b"");
    let server = Scripted::start(to("307 Temporary Redirect", &other.url("/"))).unwrap();
    let (judged, _) = sending(&server.url("/")).judge().await;
    let message = format!(
        "{} redirects to {}: the body of the check is for the first origin only",
        server.url("/"),
        other.url("/")
    );
    assert_eq!(
        told(&judged),
        (Outcome::Failed, "http/redirect_refused", message.as_str())
    );
    assert!(other.requests().is_empty());
}

#[test]
fn a_remote_server_sends_nobody_to_this_machine() {
    let from = |url: &str, location: &str| {
        let url = Url::parse(url).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_str(location).unwrap());
        let hop = Hop {
            url: url.clone(),
            method: Method::GET,
            sends_body: false,
            is_trusted: true,
        };
        let next = Way::new(&url, 1).next(&hop, StatusCode::FOUND, &headers);
        next.map(|hop| hop.unwrap().is_trusted)
            .map_err(|fault| fault.code.as_str().to_owned())
    };
    for location in [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:2375/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::1]/",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://localhost/",
        "http://admin.localhost./",
    ] {
        let refused = Err("http/redirect_refused".to_owned());
        assert_eq!(from("http://example.com/", location), refused, "{location}");
    }
    assert_eq!(
        from("http://127.0.0.1:1/", "http://127.0.0.1:2/"),
        Ok(false)
    );
    assert_eq!(
        from("http://example.com/", "https://example.com/"),
        Ok(false)
    );
    assert_eq!(from("http://example.com/", "//example.com:80/x"), Ok(true));
    assert_eq!(
        from("http://example.com/", "http://example.com@10.0.0.1/"),
        Ok(false)
    );
}

proptest! {
    #[test]
    fn no_location_makes_a_redirect_panic_or_leave_http(bytes in proptest::collection::vec(0x20_u8..=0xff, 0..60)) {
        let url = Url::parse("https://example.com/a").unwrap();
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&bytes) {
            headers.insert(LOCATION, value);
        }
        let hop = Hop {
            url: url.clone(),
            method: Method::GET,
            sends_body: false,
            is_trusted: true,
        };
        if let Ok(Some(next)) = Way::new(&url, 3).next(&hop, StatusCode::FOUND, &headers) {
            prop_assert_eq!(next.url.scheme(), "https");
            prop_assert_eq!(next.is_trusted, next.url.origin() == url.origin());
            prop_assert_eq!(next.url.username(), "");
        }
    }
}
