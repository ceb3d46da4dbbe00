//! A headless Chromium, driven over its debugging pipe.
//!
//! The pipe is two named pipes that a shell gives the browser as descriptors 3 and 4: no port that
//! another program could reach, and no WebSocket. Messages are JSON, each ended by a NUL.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// A browser with one page, and everything that it reported.
pub(crate) struct Chromium {
    child: Child,
    folder: PathBuf,
    to: File,
    from: Receiver<Value>,
    last: u64,
    session: Option<String>,
    /// What the browser reported since the page was opened.
    pub(crate) events: Vec<Value>,
}

impl Chromium {
    /// Starts a browser with a profile of its own.
    pub(crate) fn start(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("chromium-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let pipes = [folder.join("in"), folder.join("out")];
        let made = Command::new("mkfifo").args(&pipes).status().unwrap();
        assert!(made.success(), "mkfifo");
        let child = Command::new("sh")
            .args(["-c", START, "sh"])
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The shell opens the pipes in this order too.
        let to = File::options().write(true).open(&pipes[0]).unwrap();
        let answers = BufReader::new(File::open(&pipes[1]).unwrap());
        let (sender, from) = channel();
        std::thread::spawn(move || {
            for message in answers.split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else {
                    return;
                };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut chromium = Self {
            child,
            folder,
            to,
            from,
            last: 0,
            session: None,
            events: Vec::new(),
        };
        chromium.attach();
        chromium
    }

    fn attach(&mut self) {
        let targets = self.call("Target.getTargets", &json!({}));
        let targets = targets["targetInfos"].as_array().unwrap();
        let page = targets
            .iter()
            .find(|target| target["type"] == "page")
            .unwrap();
        let asked = json!({"targetId": page["targetId"], "flatten": true});
        let session = self.call("Target.attachToTarget", &asked)["sessionId"]
            .as_str()
            .unwrap()
            .to_owned();
        self.session = Some(session);
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"] {
            self.call(&format!("{domain}.enable"), &json!({}));
        }
    }

    /// Opens a page and waits until it is loaded.
    pub(crate) fn open(&mut self, url: &str) {
        // An address that differs in its fragment only would load nothing.
        self.call("Page.navigate", &json!({"url": "about:blank"}));
        self.wait_for("Page.loadEventFired");
        self.events.clear();
        self.call("Page.navigate", &json!({"url": url}));
        self.wait_for("Page.loadEventFired");
    }

    /// Evaluates an expression, and waits when it is a promise.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", &asked);
        assert!(
            answer["exceptionDetails"].is_null(),
            "{expression}: {answer}"
        );
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    pub(crate) fn until(&mut self, expression: &str) {
        self.value(&format!(
            "new Promise((done) => {{ const look = () => ({expression}) ? done(true) : setTimeout(look, 5); look(); }})"
        ));
    }

    /// Presses a key, as a person would.
    pub(crate) fn press(&mut self, key: &str) {
        let text = match key {
            "Enter" => "\r",
            key if key.chars().count() == 1 => key,
            _ => "",
        };
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            _ => 0,
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let event =
                json!({"type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Gives the browser an order and waits for its answer.
    pub(crate) fn call(&mut self, method: &str, params: &Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to
            .write_all(format!("{message}\0").as_bytes())
            .unwrap();
        loop {
            let answer = self.next(method);
            if answer["id"] == self.last {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    fn wait_for(&mut self, event: &str) {
        loop {
            if let Some(at) = self.events.iter().position(|seen| seen["method"] == event) {
                self.events.remove(at);
                return;
            }
            let next = self.next(event);
            self.events.push(next);
        }
    }

    fn next(&mut self, what: &str) -> Value {
        let message = self.from.recv_timeout(PATIENCE);
        message.unwrap_or_else(|error| {
            panic!("{what}: Chromium says nothing ({error}); `cargo xtask packages` installs it")
        })
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let close = json!({"id": self.last + 1, "method": "Browser.close"});
        let asked = self.to.write_all(format!("{close}\0").as_bytes());
        if asked.is_err() || std::thread::panicking() {
            drop(self.child.kill());
        }
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

const START: &str = "exec chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage \
    --no-first-run --disable-background-networking --disable-component-update --remote-debugging-pipe \
    \"--user-data-dir=$1/profile\" about:blank 3<\"$1/in\" 4>\"$1/out\"";
/// A machine may be slow; a browser that is gone is noticed at once.
const PATIENCE: Duration = Duration::from_mins(2);
