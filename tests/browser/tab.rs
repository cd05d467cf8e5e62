//! One tab with cookies of its own: what it opens, what it shows, what it heard.
//!
//! Promises: scripts of the checks run in a world of their own, which the page's policy does not reach and the page does not see.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::chromium::Chromium;

/// The world that the checks' scripts run in.
const OURS: &str = "checks";

/// A tab.
pub(crate) struct Tab<'a> {
    chromium: &'a mut Chromium,
    session: String,
    frame: String,
    origin: String,
}

/// A tab that another stands before, still open.
pub(crate) struct Left {
    session: String,
    frame: String,
    origin: String,
}

impl Left {
    /// The tab again.
    pub(crate) fn tab(self, chromium: &mut Chromium) -> Tab<'_> {
        let Self { session, frame, origin } = self;
        Tab { chromium, session, frame, origin }
    }
}

/// What the browser heard while it showed a page.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// The status of the page itself.
    pub(crate) status: u64,
    /// Whatever should not have been.
    pub(crate) complaints: Vec<String>,
}

impl<'a> Tab<'a> {
    /// Opens an empty tab; `script` is there on every page, for the checks.
    pub(crate) fn open(chromium: &'a mut Chromium, origin: &str, script: &str) -> Self {
        let context = chromium.call(None, "Target.createBrowserContext", json!({}))["browserContextId"].clone();
        let blank = json!({ "url": "about:blank", "browserContextId": context });
        let target = chromium.call(None, "Target.createTarget", blank)["targetId"].clone();
        let attached = chromium.call(None, "Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let mut tab = Self { chromium, session, frame: String::new(), origin: origin.to_owned() };
        for domain in ["Page", "Runtime", "Network", "Log", "Audits"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        // The certificate is one of the tests' own; journeys prove it with a client that knows their authority.
        tab.call("Security.setIgnoreCertificateErrors", json!({ "ignore": true }));
        tab.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script, "worldName": OURS }));
        let frames = tab.call("Page.getFrameTree", json!({}));
        frames["frameTree"]["frame"]["id"].as_str().unwrap().clone_into(&mut tab.frame);
        tab
    }

    /// Leaves the tab open behind others, signed in as it is.
    pub(crate) fn left(self) -> Left {
        let Self { session, frame, origin, .. } = self;
        Left { session, frame, origin }
    }

    /// Sends a command to the tab.
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.chromium.call(Some(&self.session), method, parameters)
    }

    /// Opens a path of the register and gives what was heard.
    pub(crate) fn go(&mut self, path: &str) -> Heard {
        self.chromium.events();
        let url = format!("{}{path}", self.origin);
        self.call("Page.navigate", json!({ "url": url }));
        self.loaded();
        self.heard()
    }

    /// Waits until a page that was asked for is there.
    pub(crate) fn loaded(&mut self) {
        self.chromium.wait_for(&self.session, "Page.loadEventFired");
    }

    /// What a script of the checks gives; a promise is waited for.
    pub(crate) fn run(&mut self, script: &str) -> Value {
        let world = json!({ "frameId": self.frame, "worldName": OURS });
        let context = self.call("Page.createIsolatedWorld", world)["executionContextId"].clone();
        self.evaluated(json!({ "expression": script, "contextId": context }))
    }

    /// The same in the page's own world.
    pub(crate) fn run_as_page(&mut self, script: &str) -> Value {
        self.evaluated(json!({ "expression": script }))
    }

    /// The lines that a script of the checks gives.
    pub(crate) fn lines(&mut self, script: &str) -> Vec<String> {
        let given = self.run(script);
        let lines = given.as_array().unwrap_or_else(|| panic!("{script} gave {given}"));
        lines.iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }

    /// Presses and releases a key that has a name.
    pub(crate) fn press(&mut self, key: &str, code: u8) {
        let mut event = json!({ "type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code });
        if key == "Enter" {
            event["text"] = "\r".into();
        }
        self.call("Input.dispatchKeyEvent", event);
        let event = json!({ "type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code });
        self.call("Input.dispatchKeyEvent", event);
    }

    /// Light or dark.
    pub(crate) fn scheme(&mut self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.call("Emulation.setEmulatedMedia", json!({ "features": [feature] }));
    }

    /// How wide the window is, CSS pixels.
    pub(crate) fn width(&mut self, width: u32) {
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// The whole page as a PNG.
    pub(crate) fn screenshot(&mut self) -> Vec<u8> {
        let taken = self.call("Page.captureScreenshot", json!({ "format": "png", "captureBeyondViewport": true }));
        STANDARD.decode(taken["data"].as_str().unwrap()).unwrap()
    }

    /// Follows a link to a file by Enter, and waits until it lies in a folder.
    pub(crate) fn fetched(&mut self, selector: &str, folder: &Path) {
        self.call("Page.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": folder }));
        self.run(&format!("document.querySelector({}).focus()", json!(selector)));
        self.press("Enter", 13);
        while self.chromium.wait_for(&self.session, "Page.downloadProgress")["state"] != "completed" {}
    }

    /// What was heard since this was asked last.
    pub(crate) fn heard(&mut self) -> Heard {
        let mut heard = Heard::default();
        for event in self.chromium.events() {
            self.hear(&mut heard, event["method"].as_str().unwrap_or_default(), &event["params"]);
        }
        heard
    }

    fn hear(&self, heard: &mut Heard, method: &str, told: &Value) {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let complaint = match method {
            "Network.responseReceived" if told["type"] == "Document" => {
                heard.status = told["response"]["status"].as_u64().unwrap_or_default();
                return;
            }
            "Network.requestWillBeSent" => {
                let url = text(&told["request"]["url"]);
                // The browser's own signs on form fields are addresses that hold their content.
                let own = ["about:", "data:"].iter().any(|scheme| url.starts_with(scheme))
                    || url.starts_with(&format!("{}/", self.origin));
                if own {
                    return;
                }
                format!("foreign request: {url}")
            }
            // The status says the same of the page itself.
            "Log.entryAdded" if told["entry"]["source"] == "network" && heard.status >= 400 => return,
            // Hints of how a browser fills in forms.
            "Log.entryAdded" if told["entry"]["level"] == "verbose" => return,
            "Log.entryAdded" => format!("log: {}", text(&told["entry"]["text"])),
            "Runtime.consoleAPICalled" => format!("console: {}", told["args"]),
            "Runtime.exceptionThrown" => format!("exception: {}", told["exceptionDetails"]["text"]),
            "Page.javascriptDialogOpening" => format!("dialog: {}", text(&told["message"])),
            "Audits.issueAdded" => format!("issue: {}", told["issue"]["code"]),
            _ => return,
        };
        heard.complaints.push(complaint);
    }

    fn evaluated(&mut self, mut parameters: Value) -> Value {
        parameters["awaitPromise"] = true.into();
        parameters["returnByValue"] = true.into();
        let mut given = self.call("Runtime.evaluate", parameters);
        assert!(given.get("exceptionDetails").is_none(), "a script failed: {}", given["exceptionDetails"]);
        given["result"]["value"].take()
    }
}
