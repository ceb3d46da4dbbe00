//! From the text of INFO to facts: pure.

use gonogo_model::{Decimal, Observation, Reading, Value, Version};
use jiff::Timestamp;
use redis::InfoDict;

use super::codes;

/// What INFO says.
pub(super) struct Info {
    fields: InfoDict,
}

impl Info {
    /// Reads the text of INFO; lines that are no field are left out.
    pub(super) fn new(text: &str) -> Self {
        Self {
            fields: InfoDict::new(text),
        }
    }

    /// Returns whether the server is loading its data set.
    pub(super) fn is_loading(&self) -> bool {
        self.text("loading").as_deref() == Some("1")
    }

    /// Returns whether the server is a node of a cluster.
    pub(super) fn is_cluster(&self) -> bool {
        self.text("redis_mode").as_deref() == Some("cluster")
    }

    /// Records every fact that INFO gives; `now` is our clock, for servers that do not tell theirs.
    pub(super) fn record(&self, database: u32, now: Timestamp, observation: &mut Observation) {
        self.record_server(observation);
        self.record_clients(observation);
        self.record_memory(database, observation);
        self.record_replication(observation);
        self.record_persistence(now, observation);
    }

    fn record_server(&self, observation: &mut Observation) {
        let mode = self.text("redis_mode");
        let role = match (mode.as_deref(), self.text("role").as_deref()) {
            (Some("sentinel"), _) => known("sentinel"),
            (_, Some("master")) => known("primary"),
            (_, Some("slave")) => known("replica"),
            (_, Some(other)) => garbled("role", other),
            (_, None) => Reading::Absent,
        };
        observation.set("role", role);
        let mode = match mode.as_deref() {
            Some(word @ ("standalone" | "cluster" | "sentinel")) => known(word),
            Some(other) => garbled("redis_mode", other),
            None => Reading::Absent,
        };
        observation.set("mode", mode);
        let version = self
            .text("valkey_version")
            .or_else(|| self.text("redis_version"));
        let version = match version {
            None => Reading::Absent,
            Some(text) => Version::parse(&text).map_or_else(
                || garbled("redis_version", &text),
                |v| Value::Version(v).into(),
            ),
        };
        observation.set("version", version);
        let uptime = self.number("uptime_in_seconds").reading(Value::Duration);
        observation.set("uptime", uptime);
        observation.set("loading", self.flag("loading", "1", "0"));
        let watched = self.number("sentinel_masters").reading(Value::Integer);
        observation.set("sentinel_primaries", watched);
    }

    fn record_clients(&self, observation: &mut Observation) {
        let (clients, most) = (self.number("connected_clients"), self.number("maxclients"));
        observation.set("clients_used", share(&clients, &most));
        observation.set("clients", clients.reading(Value::Integer));
        observation.set("clients_max", most.reading(Value::Integer));
        for (fact, field) in [
            ("blocked_clients", "blocked_clients"),
            ("rejected_connections", "rejected_connections"),
            ("evicted_keys", "evicted_keys"),
        ] {
            observation.set(fact, self.number(field).reading(Value::Integer));
        }
    }

    fn record_memory(&self, database: u32, observation: &mut Observation) {
        let used = self.number("used_memory");
        // Zero means that there is no limit.
        let most = match self.number("maxmemory") {
            Number::Known(0) => Number::Absent,
            other => other,
        };
        observation.set("memory_ratio", share(&used, &most));
        observation.set("memory_used", used.reading(Value::Size));
        observation.set("memory_max", most.reading(Value::Size));
        let policy = self.text("maxmemory_policy");
        observation.set(
            "eviction_policy",
            policy.map_or(Reading::Absent, |p| known(&p)),
        );
        observation.set("keys", self.keys(database));
        let hits = self.number("keyspace_hits");
        let lookups = match (&hits, self.number("keyspace_misses")) {
            (Number::Known(hits), Number::Known(misses)) => {
                Number::Known(hits.saturating_add(misses))
            }
            (_, misses) => misses,
        };
        observation.set("hit_ratio", share(&hits, &lookups));
    }

    /// A database without keys has no line; a server without data (a sentinel) has no section.
    fn keys(&self, database: u32) -> Reading {
        let name = format!("db{database}");
        match self.text(&name) {
            Some(line) => match number(&name, part(&line, "keys")) {
                Number::Absent => garbled(&name, &line),
                keys => keys.reading(Value::Integer),
            },
            None if self.fields.contains_key(&"used_memory") && !self.is_sentinel() => {
                Value::integer(0).into()
            }
            None => Reading::Absent,
        }
    }

    fn is_sentinel(&self) -> bool {
        self.text("redis_mode").as_deref() == Some("sentinel")
    }

    fn record_replication(&self, observation: &mut Observation) {
        observation.set("read_only", self.flag("slave_read_only", "1", "0"));
        let link = match self.text("master_link_status").as_deref() {
            Some(word @ ("up" | "down")) => known(word),
            Some(other) => garbled("master_link_status", other),
            None => Reading::Absent,
        };
        observation.set("replication_link", link);
        let replicas = self.replicas();
        let online = replicas.iter().filter(|r| r.online).count();
        let counted = match self.number("connected_slaves") {
            Number::Known(_) => Value::integer(u64::try_from(online).unwrap_or(u64::MAX)).into(),
            Number::Absent => Reading::Absent,
            Number::Garbled(reading) => reading,
        };
        observation.set("replicas", counted);
        let lag = if self.text("role").as_deref() == Some("slave") {
            self.silence_of_primary()
        } else {
            slowest(&replicas, |r| r.lag.clone(), "lag", Value::Duration)
        };
        observation.set("replication_lag", lag);
        let behind = match self.number("master_repl_offset") {
            Number::Known(offset) if self.text("role").as_deref() == Some("master") => {
                let behind = |r: &Replica| match r.offset {
                    Number::Known(seen) => Number::Known(offset.saturating_sub(seen)),
                    ref other => other.clone(),
                };
                slowest(&replicas, behind, "offset", Value::Size)
            }
            Number::Garbled(reading) => reading,
            Number::Known(_) | Number::Absent => Reading::Absent,
        };
        observation.set("replication_behind", behind);
    }

    fn silence_of_primary(&self) -> Reading {
        // -1 while the link is down.
        match self.text("master_last_io_seconds_ago").as_deref() {
            Some("-1") | None => Reading::Absent,
            Some(_) => self
                .number("master_last_io_seconds_ago")
                .reading(Value::Duration),
        }
    }

    fn replicas(&self) -> Vec<Replica> {
        (0..MOST_REPLICAS)
            .map_while(|i| self.text(&format!("slave{i}")))
            .map(|line| Replica {
                online: part(&line, "state") == Some("online"),
                lag: number("lag", part(&line, "lag")),
                offset: number("offset", part(&line, "offset")),
            })
            .collect()
    }

    fn record_persistence(&self, now: Timestamp, observation: &mut Observation) {
        for (fact, field) in [
            ("rdb_last_save_ok", "rdb_last_bgsave_status"),
            ("aof_last_write_ok", "aof_last_write_status"),
            ("aof_last_rewrite_ok", "aof_last_bgrewrite_status"),
        ] {
            observation.set(fact, self.flag(field, "ok", "err"));
        }
        observation.set("aof_enabled", self.flag("aof_enabled", "1", "0"));
        let changes = self.number("rdb_changes_since_last_save");
        observation.set("rdb_changes", changes.reading(Value::Integer));
        observation.set("rdb_last_save_age", self.age_of_save(now));
    }

    /// Returns how old the last snapshot is, by the server's own clock where it tells it.
    ///
    /// A server that has just started gives its start as the time of the last snapshot, and one that
    /// never makes any does so for ever: that is no snapshot.
    fn age_of_save(&self, now: Timestamp) -> Reading {
        let saved = match self.number("rdb_last_save_time") {
            Number::Known(saved) => saved,
            other => return other.reading(Value::Duration),
        };
        let clock = match self.number("server_time_usec") {
            Number::Known(micros) => micros / 1_000_000,
            Number::Absent | Number::Garbled(_) => u64::try_from(now.as_second()).unwrap_or(0),
        };
        let never = match (self.number("rdb_saves"), self.number("uptime_in_seconds")) {
            (Number::Known(saves), _) => saves == 0,
            // Before Redis 7 only the start gives it away, and the start is rounded.
            (_, Number::Known(uptime)) => saved <= clock.saturating_sub(uptime).saturating_add(2),
            (_, Number::Absent | Number::Garbled(_)) => true,
        };
        if never || saved == 0 {
            return Reading::Absent;
        }
        Value::Duration(clock.saturating_sub(saved).into()).into()
    }

    fn text(&self, field: &str) -> Option<String> {
        self.fields.get(field)
    }

    fn number(&self, field: &str) -> Number {
        number(field, self.text(field).as_deref())
    }

    fn flag(&self, field: &str, yes: &str, no: &str) -> Reading {
        match self.text(field) {
            None => Reading::Absent,
            Some(text) if text == yes => Value::Boolean(true).into(),
            Some(text) if text == no => Value::Boolean(false).into(),
            Some(text) => garbled(field, &text),
        }
    }
}

/// Records what `CLUSTER INFO` says, and returns whether the cluster is said to fail.
pub(super) fn record_cluster(text: &str, observation: &mut Observation) -> bool {
    let info = Info::new(text);
    let state = info.text("cluster_state");
    let reading = match state.as_deref() {
        Some(word @ ("ok" | "fail")) => known(word),
        Some(other) => garbled("cluster_state", other),
        None => Reading::Absent,
    };
    observation.set("cluster_state", reading);
    for (fact, field) in [
        ("cluster_slots_assigned", "cluster_slots_assigned"),
        ("cluster_slots_failed", "cluster_slots_fail"),
    ] {
        observation.set(fact, info.number(field).reading(Value::Integer));
    }
    state.as_deref() != Some("ok")
}

/// A replica as its primary sees it.
struct Replica {
    online: bool,
    lag: Number,
    offset: Number,
}

/// A whole number of INFO.
#[derive(Debug, Clone, PartialEq)]
enum Number {
    Known(u64),
    Absent,
    Garbled(Reading),
}

impl Number {
    fn reading(self, make: impl FnOnce(Decimal) -> Value) -> Reading {
        match self {
            Self::Known(number) => make(number.into()).into(),
            Self::Absent => Reading::Absent,
            Self::Garbled(reading) => reading,
        }
    }
}

fn number(field: &str, text: Option<&str>) -> Number {
    match text {
        None => Number::Absent,
        Some(text) => text
            .parse()
            .map_or_else(|_| Number::Garbled(garbled(field, text)), Number::Known),
    }
}

/// Returns a part of the whole; nothing of nothing is absent, never a number.
fn share(part: &Number, whole: &Number) -> Reading {
    match (part, whole) {
        (Number::Known(part), Number::Known(whole)) => Decimal::ratio(*part, *whole, 6)
            .map_or(Reading::Absent, |ratio| Value::Ratio(ratio).into()),
        (Number::Garbled(reading), _) | (_, Number::Garbled(reading)) => reading.clone(),
        (Number::Absent, _) | (_, Number::Absent) => Reading::Absent,
    }
}

/// Returns the greatest number of all replicas; one that does not tell makes it unreadable.
fn slowest(
    replicas: &[Replica],
    of: impl Fn(&Replica) -> Number,
    field: &str,
    make: impl FnOnce(Decimal) -> Value,
) -> Reading {
    let mut most = None;
    for replica in replicas {
        match of(replica) {
            Number::Known(number) => most = most.max(Some(number)),
            Number::Absent => return garbled(field, ""),
            Number::Garbled(reading) => return reading,
        }
    }
    most.map_or(Reading::Absent, |most: u64| make(most.into()).into())
}

/// Returns one value of a line such as `keys=3,expires=0`.
fn part<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    line.split(',')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

fn known(word: &str) -> Reading {
    Value::text(word).into()
}

fn garbled(field: &str, text: &str) -> Reading {
    let text: String = text.chars().take(80).collect();
    Reading::Unreadable {
        code: codes::BAD_INFO.into(),
        message: format!("INFO says `{field}:{text}`, which cannot be understood"),
    }
}

/// More than any server has; a hostile one must not make us count for ever.
const MOST_REPLICAS: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Observation {
        let mut observation = Observation::default();
        Info::new(text).record(0, Timestamp::UNIX_EPOCH, &mut observation);
        observation
    }

    fn duration(seconds: u64) -> Reading {
        Value::Duration(seconds.into()).into()
    }

    #[test]
    fn a_snapshot_is_as_old_as_the_server_says() {
        let clock = "server_time_usec:1000000000000000\n";
        let cases = [
            // Saved after the start, by the server's own clock.
            (
                "rdb_last_save_time:999999000\nrdb_saves:1\nuptime_in_seconds:5000",
                duration(1000),
            ),
            // What it gives without a snapshot is the time of its start.
            (
                "rdb_last_save_time:999995000\nrdb_saves:0\nuptime_in_seconds:5000",
                Reading::Absent,
            ),
            // Before Redis 7 nobody counts the snapshots.
            (
                "rdb_last_save_time:999995001\nuptime_in_seconds:5000",
                Reading::Absent,
            ),
            (
                "rdb_last_save_time:999999000\nuptime_in_seconds:5000",
                duration(1000),
            ),
            ("rdb_last_save_time:999999000", Reading::Absent),
            ("uptime_in_seconds:5000", Reading::Absent),
        ];
        for (text, age) in cases {
            let observation = facts(&format!("{clock}{text}"));
            assert_eq!(observation.get("rdb_last_save_age"), Some(&age), "{text}");
        }
    }

    #[test]
    fn the_slowest_replica_counts() {
        let text = "role:master\nconnected_slaves:3\nmaster_repl_offset:1000\n\
                    slave0:ip=a,port=1,state=online,offset=990,lag=1\n\
                    slave1:ip=b,port=1,state=online,offset=400,lag=7\n\
                    slave2:ip=c,port=1,state=wait_bgsave,offset=1000,lag=0\n";
        let observation = facts(text);
        assert_eq!(observation.get("replicas"), Some(&Value::integer(2).into()));
        assert_eq!(observation.get("replication_lag"), Some(&duration(7)));
        assert_eq!(
            observation.get("replication_behind"),
            Some(&Value::size(600).into())
        );
    }

    #[test]
    fn valkey_tells_its_own_version() {
        let observation = facts("redis_version:7.2.4\nvalkey_version:8.1.0\n");
        let version = Version::parse("8.1.0").map(|v| Value::Version(v).into());
        assert_eq!(observation.get("version"), version.as_ref());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(?s).{0,400}") {
            facts(&text);
            record_cluster(&text, &mut Observation::default());
        }

        #[test]
        fn no_number_makes_the_reader_panic(
            field in proptest::sample::select(NUMBERS.to_vec()),
            number in "-?[0-9]{1,25}",
        ) {
            facts(&format!("role:master\nuptime_in_seconds:9\nserver_time_usec:5\n{field}:{number}\n"));
        }
    }

    const NUMBERS: &[&str] = &[
        "rdb_last_save_time",
        "rdb_saves",
        "uptime_in_seconds",
        "server_time_usec",
        "maxmemory",
        "used_memory",
        "keyspace_hits",
        "master_repl_offset",
        "master_last_io_seconds_ago",
        "connected_slaves",
    ];
}
