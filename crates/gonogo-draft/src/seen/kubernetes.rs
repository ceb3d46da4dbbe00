//! Kubernetes manifests: probes of workloads, ports of services, certificates of ingresses.

use std::collections::BTreeSet;

use super::compose;
use super::health::clean_path;
use super::http_check;
use crate::folder::Folder;
use crate::names;
use crate::sketch::{Check, Place, Sketch};
use crate::yaml::{self, Yaml};

/// Looks at every manifest; services and workloads find each other over all files.
pub(super) fn look(folder: &Folder, sketch: &mut Sketch) {
    let mut objects = Vec::new();
    let mut left = MAX_MANIFESTS;
    for path in &folder.files {
        let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
        if !is_yaml || compose::is_compose(path) {
            continue;
        }
        if left == 0 {
            sketch.note(
                &Place::new(path, 0),
                "there are more YAML files than are read",
            );
            break;
        }
        left -= 1;
        let Some(text) = folder.read(path, sketch) else {
            continue;
        };
        read(path, &text, &mut objects, sketch);
    }
    let mut services: Vec<Service<'_>> = objects.iter().filter_map(Service::of).collect();
    for object in &objects {
        match object.kind() {
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Pod" => {
                workload(object, &mut services, sketch);
            }
            "Ingress" => ingress(object, sketch),
            _ => {}
        }
    }
    for service in &services {
        service.open_ports(sketch);
    }
}

fn read(path: &str, text: &str, objects: &mut Vec<Object>, sketch: &mut Sketch) {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    if !has("apiVersion:") || !has("kind:") {
        return;
    }
    let place = Place::new(path, 0);
    if text.contains("{{") {
        sketch.note(
            &place,
            "a template of manifests: render it and look at the result",
        );
        return;
    }
    let documents = match yaml::read(text) {
        Ok(documents) => documents,
        Err(why) => {
            sketch.note(&place, &why);
            return;
        }
    };
    let mut others = BTreeSet::new();
    for document in documents {
        let list = document.text_of("kind") == Some("List");
        let items = if list {
            document.get("items").map_or(&[][..], Yaml::items).to_vec()
        } else {
            vec![document]
        };
        for body in items {
            let object = Object {
                path: path.to_owned(),
                body,
            };
            if KNOWN.contains(&object.kind()) {
                objects.push(object);
            } else {
                others.insert(object.kind().to_owned());
            }
        }
    }
    if !others.is_empty() {
        let others: Vec<String> = others.into_iter().collect();
        sketch.note(
            &place,
            &format!("{}: nothing to look at", others.join(", ")),
        );
    }
}

struct Object {
    path: String,
    body: Yaml,
}

impl Object {
    fn kind(&self) -> &str {
        self.body.text_of("kind").unwrap_or_default()
    }

    fn name(&self) -> &str {
        let name = self.body.at(&["metadata", "name"]).and_then(Yaml::text);
        name.unwrap_or("unnamed")
    }

    fn namespace(&self) -> &str {
        let name = self.body.at(&["metadata", "namespace"]);
        name.and_then(Yaml::text).unwrap_or_default()
    }

    fn place(&self, node: &Yaml) -> Place {
        Place::new(&self.path, node.line)
    }

    /// Returns the template of the pods, or the pod itself.
    fn pod(&self) -> Option<&Yaml> {
        match self.kind() {
            "Pod" => Some(&self.body),
            _ => self.body.at(&["spec", "template"]),
        }
    }
}

/// A service, and which of its ports are looked at already.
struct Service<'o> {
    object: &'o Object,
    covered: BTreeSet<u16>,
}

impl<'o> Service<'o> {
    fn of(object: &'o Object) -> Option<Self> {
        (object.kind() == "Service").then(|| Self {
            object,
            covered: BTreeSet::new(),
        })
    }

    fn ports(&self) -> &'o [Yaml] {
        let ports = self.object.body.at(&["spec", "ports"]);
        ports.map_or(&[], Yaml::items)
    }

    /// Returns whether the service leads to pods with these labels.
    fn selects(&self, object: &Object, labels: Option<&Yaml>) -> bool {
        let selector = self.object.body.at(&["spec", "selector"]);
        let selector = selector.map_or(&[][..], Yaml::entries);
        let label = |key: &str| labels.and_then(|labels| labels.text_of(key));
        self.object.namespace() == object.namespace()
            && !selector.is_empty()
            && selector.iter().all(|entry| {
                entry
                    .value
                    .text()
                    .is_some_and(|text| label(&entry.key) == Some(text))
            })
    }

    /// Returns the port under which a port of the container is reached.
    fn port_to(&self, number: u16, port_name: Option<&str>) -> Option<u16> {
        let port = self.ports().iter().find(|port| {
            let target = port.text_of("targetPort").or_else(|| port.text_of("port"));
            target.is_some_and(|target| target.parse() == Ok(number) || Some(target) == port_name)
        })?;
        port.text_of("port")?.parse().ok()
    }

    fn open_ports(&self, sketch: &mut Sketch) {
        if self.object.body.at(&["spec", "type"]).and_then(Yaml::text) == Some("ExternalName") {
            let place = self.object.place(&self.object.body);
            sketch.note(
                &place,
                &format!("service {}: an external name", self.object.name()),
            );
            return;
        }
        for port in self.ports() {
            let (place, name) = (self.object.place(port), self.object.name());
            let number = port
                .text_of("port")
                .and_then(|text| text.parse::<u16>().ok());
            let is_tcp = port.text_of("protocol").is_none_or(|p| p == "TCP");
            match number.filter(|_| is_tcp) {
                Some(number) if self.covered.contains(&number) => {}
                Some(number) => {
                    let address = format!("{}:{number}", host(self.object, sketch));
                    let check = Check::new(name, "tcp", "address", address);
                    let at = sketch.add(check.from(&place, &format!("service {name}, its port")));
                    sketch.stands_for(format!("{name}:{number}"), at);
                }
                None => sketch.note(&place, &format!("service {name}: a port that is not TCP")),
            }
        }
    }
}

/// Returns the variable for where an object is reached.
fn host(object: &Object, sketch: &mut Sketch) -> String {
    let namespace = match object.namespace() {
        "" => "NAMESPACE",
        namespace => namespace,
    };
    let remark = format!("inside the cluster {}.{namespace}.svc", object.name());
    sketch.var_with(&names::environment(object.name(), "_HOST"), &remark)
}

fn workload(object: &Object, services: &mut [Service<'_>], sketch: &mut Sketch) {
    let Some(pod) = object.pod() else { return };
    let labels = pod.at(&["metadata", "labels"]);
    let containers = pod.at(&["spec", "containers"]).map_or(&[][..], Yaml::items);
    for container in containers {
        let wish = match containers.len() {
            1 => object.name().to_owned(),
            _ => format!(
                "{}-{}",
                object.name(),
                container.text_of("name").unwrap_or("container")
            ),
        };
        let probes: Vec<(&str, &Yaml)> = ["readinessProbe", "livenessProbe", "startupProbe"]
            .into_iter()
            .filter_map(|name| Some((name, container.get(name)?)))
            .collect();
        let place = object.place(container);
        let Some(((name, probe), others)) = probes.split_first() else {
            let words = format!("{} {wish}: no readinessProbe", object.kind());
            sketch.note(&place, &words);
            continue;
        };
        let service = services
            .iter_mut()
            .find(|service| service.selects(object, labels));
        let look = Look {
            object,
            container,
            wish: &wish,
        };
        look.probe(name, probe, service, sketch);
        for (name, other) in others {
            if action(other) != action(probe) {
                let words =
                    format!("{wish}: its {name}; the check asks what its readinessProbe asks");
                sketch.note(&object.place(other), &words);
            }
        }
    }
}

/// Returns what a probe does, to compare it.
fn action(probe: &Yaml) -> Option<(String, String, String)> {
    let text = |node: &Yaml, key: &str| node.text_of(key).unwrap_or_default().to_owned();
    let entry = probe
        .entries()
        .iter()
        .find(|e| ["httpGet", "tcpSocket", "grpc", "exec"].contains(&e.key.as_str()))?;
    Some((
        entry.key.clone(),
        text(&entry.value, "path"),
        text(&entry.value, "port"),
    ))
}

struct Look<'o> {
    object: &'o Object,
    container: &'o Yaml,
    wish: &'o str,
}

impl Look<'_> {
    fn probe(
        &self,
        name: &str,
        probe: &Yaml,
        service: Option<&mut Service<'_>>,
        sketch: &mut Sketch,
    ) {
        let place = self.object.place(probe);
        let words = format!("{} {}, its {name}", self.object.kind(), self.wish);
        let found = ["httpGet", "tcpSocket", "grpc"]
            .into_iter()
            .find_map(|key| Some((key, probe.get(key)?)));
        let Some((key, target)) = found else {
            sketch.note(
                &place,
                &format!("{words} runs a command inside the container"),
            );
            return;
        };
        if target.get("host").is_some() {
            sketch.note(&place, &format!("{words} asks another host"));
            return;
        }
        let Some((number, port_name)) = self.port(target.text_of("port").unwrap_or_default())
        else {
            sketch.note(
                &place,
                &format!("{words} names a port that the container does not have"),
            );
            return;
        };
        let reached = service.and_then(|service| {
            let port = service.port_to(number, port_name)?;
            service.covered.insert(port);
            Some((service.object, port))
        });
        let (reached_by, port) = reached.unwrap_or((self.object, number));
        let address = format!("{}:{port}", host(reached_by, sketch));
        let check = if key == "httpGet" {
            let scheme = target
                .text_of("scheme")
                .unwrap_or("HTTP")
                .to_ascii_lowercase();
            let scheme = if scheme == "https" { "https" } else { "http" };
            let path = clean_path(target.text_of("path").unwrap_or("/"));
            http_check(self.wish, format!("{scheme}://{address}{path}"))
        } else {
            Check::new(self.wish, "tcp", "address", address)
        };
        let at = sketch.add(check.from(&place, &words));
        sketch.stands_for(format!("{}:{port}", reached_by.name()), at);
        if key == "grpc" {
            sketch.note(
                &place,
                &format!("{words} speaks gRPC; the check looks at its port only"),
            );
        }
        if target.get("httpHeaders").is_some() {
            sketch.note(
                &place,
                &format!("{words} sends headers, which are left out"),
            );
        }
    }

    /// Returns the number and the name of a port of the container.
    fn port(&self, text: &str) -> Option<(u16, Option<&str>)> {
        let ports = self.container.get("ports").map_or(&[][..], Yaml::items);
        let number = |port: &Yaml| port.text_of("containerPort")?.parse::<u16>().ok();
        match text.parse::<u16>() {
            Ok(wanted) => {
                let named = ports.iter().find(|port| number(port) == Some(wanted));
                Some((wanted, named.and_then(|port| port.text_of("name"))))
            }
            Err(_) => {
                let named = ports
                    .iter()
                    .find(|port| port.text_of("name") == Some(text))?;
                Some((number(named)?, named.text_of("name")))
            }
        }
    }
}

fn ingress(object: &Object, sketch: &mut Sketch) {
    let list = |way: &[&str]| object.body.at(way).map_or(&[][..], Yaml::items);
    let mut secured = BTreeSet::new();
    for entry in list(&["spec", "tls"]) {
        for host in entry.get("hosts").map_or(&[][..], Yaml::items) {
            let (place, name) = (object.place(host), host.text().unwrap_or_default());
            secured.insert(name.to_owned());
            let words = format!("ingress {}, tls", object.name());
            if !is_host(name) {
                sketch.note(&place, &format!("{words}: {name} is not one name"));
                continue;
            }
            let host = sketch.var(&names::environment(name, "_HOST"), Some(name));
            let check =
                Check::of_certificate(&format!("{name}-certificate"), format!("{host}:443"));
            sketch.add(check.from(&place, &words));
        }
    }
    for rule in list(&["spec", "rules"]) {
        if let Some(host) = rule.text_of("host").filter(|host| !secured.contains(*host)) {
            let words = format!("ingress {}: {host} has no tls", object.name());
            sketch.note(&object.place(rule), &words);
        }
    }
}

fn is_host(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.contains('.')
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
}

const KNOWN: [&str; 7] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Pod",
    "Service",
    "Ingress",
];
const MAX_MANIFESTS: usize = 300;
