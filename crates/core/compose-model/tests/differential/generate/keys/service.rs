//! The keys of a service.

use super::Form::{Entries, Items, One};
use super::{BYTES, Key, LABELS, NUMBER, SWITCH, key};

/// Keys with so much below them that a set is about one part of one of them, so that its files
/// meet.
pub const RICH: &[Key] = &[
    key(
        "build",
        &[
            One(&["./ctx", ".", "https://example.org/repo.git", "../other"]),
            Entries(&[
                "context: ./app",
                "dockerfile: Dockerfile.dev",
                "target: dev",
                "args: {A: 1}",
                "privileged: true",
            ]),
        ],
    ),
    key(
        "build",
        &[Entries(&[
            "args: {A: 1, B: two, C: }",
            "args: [A=3, D]",
            "args: {D: x}",
            "target: dev",
        ])],
    ),
    key(
        "build",
        &[Entries(&[
            "labels: {a: 1}",
            "labels: [a=2, b]",
            "labels: {b: x}",
            "no_cache: true",
            "pull: true",
        ])],
    ),
    key(
        "build",
        &[Entries(&[
            "extra_hosts: [\"h=1.1.1.1\", \"i:2.2.2.2\"]",
            "extra_hosts: {h: 1.1.1.1, j: [3.3.3.3, 4.4.4.4]}",
            "network: host",
        ])],
    ),
    key(
        "build",
        &[Entries(&[
            "tags: [\"t:1\", \"t:2\"]",
            "tags: [\"t:2\", \"t:3\"]",
            "cache_from: [a, b]",
            "cache_to: [c]",
            "platforms: [linux/amd64]",
            "entitlements: [network.host]",
        ])],
    ),
    key(
        "build",
        &[Entries(&[
            "secrets: [s1, {source: s2, target: t}]",
            "ssh: {default: }",
            "ssh: {key: ./id}",
            "ulimits: {nofile: 5}",
            "ulimits: {nproc: {soft: 1, hard: 2}}",
            "shm_size: 1m",
            "provenance: true",
            "sbom: false",
        ])],
    ),
    key(
        "build",
        &[Entries(&[
            "additional_contexts: {base: ./base, url: \"https://example.org/x\"}",
            "additional_contexts: [base=./other, img=docker-image://alpine]",
            "context: ./c",
        ])],
    ),
    key(
        "deploy",
        &[Entries(&[
            "replicas: 2",
            "mode: replicated",
            "endpoint_mode: vip",
            "labels: {a: 1, b: two}",
            "labels: [a=2, c]",
            "restart_policy: {condition: on-failure, delay: 5s}",
            "update_config: {parallelism: 2, order: start-first}",
            "rollback_config: {delay: 1s}",
        ])],
    ),
    key(
        "deploy",
        &[Entries(&[
            "placement: {constraints: [node.role == manager], max_replicas_per_node: 1}",
            "placement: {preferences: [{spread: node.labels.zone}]}",
            "placement: {constraints: [node.labels.a == b], preferences: [{spread: node.labels.rack}]}",
        ])],
    ),
    key(
        "deploy",
        &[Entries(&[
            "resources: {limits: {cpus: \"0.5\", memory: 50M}, reservations: {devices: [{capabilities: [gpu]}]}}",
            "resources: {reservations: {cpus: \"0.1\", devices: [{capabilities: [tpu], count: 2}, {capabilities: [x], device_ids: [a]}]}}",
            "resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]}}",
        ])],
    ),
    key(
        "healthcheck",
        &[Entries(&[
            "test: curl x",
            "test: [CMD, curl, y]",
            "test: [NONE]",
            "disable: true",
            "retries: 3",
        ])],
    ),
    key(
        "logging",
        &[Entries(&[
            "driver: json-file",
            "driver: syslog",
            "options: {max-size: 10m, max-file: 3}",
            "options: {max-size: 5m}",
        ])],
    ),
];

/// All others.
pub const PLAIN: &[Key] = &[
    key("annotations", LABELS),
    key("attach", SWITCH),
    key(
        "blkio_config",
        &[Entries(&[
            "weight: 300",
            "weight_device: [{path: /dev/sda, weight: 400}]",
            "device_read_bps: [{path: /dev/sdb, rate: 12mb}]",
        ])],
    ),
    key("cap_add", &[Items(&["ALL", "NET_ADMIN", "SYS_TIME"])]),
    key("cap_drop", &[Items(&["ALL", "NET_ADMIN", "SYS_TIME"])]),
    key("cgroup", &[One(&["host", "private"])]),
    key("cgroup_parent", &[One(&["m-a", "m-b"])]),
    key(
        "command",
        &[One(&["echo hi", "[echo, there]", "[]", "null", "\"\""])],
    ),
    key(
        "configs",
        &[Items(&[
            "c1",
            "c2",
            "{source: c1, target: /x}",
            "{source: c2, target: /x, mode: 0440}",
            "{source: c1, uid: \"1\"}",
        ])],
    ),
    key("container_name", &[One(&["first", "second"])]),
    key("cpu_count", NUMBER),
    key("cpu_percent", NUMBER),
    key("cpu_period", NUMBER),
    key("cpu_quota", NUMBER),
    key("cpu_rt_period", &[One(&["400us", "95000"])]),
    key("cpu_rt_runtime", &[One(&["400us", "95000"])]),
    key("cpu_shares", NUMBER),
    key("cpus", &[One(&["0.5", "\"1.5\"", "2"])]),
    key("cpuset", &[One(&["\"0\"", "0-1"])]),
    key(
        "credential_spec",
        &[Entries(&["file: my.json", "config: c1"])],
    ),
    key(
        "depends_on",
        &[
            Items(&["db", "api", "cache"]),
            Entries(&[
                "db: {condition: service_healthy}",
                "db: {condition: service_started, restart: true}",
                "api: {condition: service_completed_successfully, required: false}",
                "cache: {condition: service_healthy, required: true, restart: false}",
            ]),
        ],
    ),
    key(
        "develop",
        &[Entries(&[
            "watch: [{path: ./src, action: sync, target: /src, ignore: [a, b]}]",
            "watch: [{path: web, action: rebuild}, {path: ./x, action: sync+exec, target: /x, exec: {command: [go], environment: [A=1]}}]",
        ])],
    ),
    key(
        "device_cgroup_rules",
        &[One(&[
            "[\"c 1:1 mr\"]",
            "[\"c 1:2 mr\"]",
            "[\"c 1:3 mr\", \"c 1:4 mr\"]",
            "[\"c 1:5 mr\"]",
            "[\"c 1:6 mr\"]",
        ])],
    ),
    key(
        "devices",
        &[Items(&[
            "/dev/a",
            "\"/dev/a:/dev/b\"",
            "\"/dev/c:/dev/b:r\"",
            "{source: /dev/d, target: /dev/a, permissions: rw}",
            "{source: /dev/e, target: /dev/e}",
        ])],
    ),
    key(
        "dns",
        &[
            One(&["1.1.1.1", "8.8.8.8"]),
            Items(&["1.1.1.1", "8.8.8.8", "9.9.9.9", "\"\""]),
        ],
    ),
    key("dns_opt", &[Items(&["use-vc", "timeout=1", "timeout=2"])]),
    key(
        "dns_search",
        &[
            One(&["a.example", "b.example"]),
            Items(&["a.example", "b.example", "c.example"]),
        ],
    ),
    key("domainname", &[One(&["a.example", "b.example"])]),
    key(
        "entrypoint",
        &[One(&["/run.sh", "[/run.sh, -x]", "[]", "null"])],
    ),
    key(
        "env_file",
        &[
            One(&["a.env", "./a.env", "../b.env"]),
            Items(&[
                "a.env",
                "./a.env",
                "{path: a.env, required: false}",
                "{path: c.env, format: raw}",
                "sub/d.env",
            ]),
        ],
    ),
    key(
        "environment",
        &[
            Items(&["A=1", "A=2", "B", "C=x=y", "D=", "\"${E}=e\""]),
            Entries(&[
                "A: 1",
                "A: two",
                "B: ",
                "B: true",
                "C: 1.50",
                "D: \"\"",
                "F: 1e3",
                "G: 0x10",
                "H: \"${H:-x}\"",
            ]),
        ],
    ),
    key("expose", &[Items(&["80", "\"80\"", "\"81-83\"", "9000"])]),
    key(
        "external_links",
        &[One(&[
            "[redis]",
            "[\"db:mysql\"]",
            "[\"x:y\", z]",
            "[q]",
            "[r]",
        ])],
    ),
    key(
        "extra_hosts",
        &[
            Items(&["\"a:1.1.1.1\"", "\"a=1.1.1.1\"", "b=2.2.2.2", "\"b=[::1]\""]),
            Entries(&["a: 1.1.1.1", "b: [2.2.2.2, 3.3.3.3]", "c: \"::1\""]),
        ],
    ),
    key(
        "gpus",
        &[
            One(&["all"]),
            Items(&[
                "{driver: nvidia}",
                "{count: 2, capabilities: [gpu]}",
                "{device_ids: [a]}",
            ]),
        ],
    ),
    key(
        "group_add",
        &[One(&["[\"1\"]", "[1]", "[2, mail]", "[adm]", "[\"2\"]"])],
    ),
    key(
        "healthcheck",
        &[Entries(&[
            "test: curl x",
            "test: [CMD, curl, y]",
            "test: [NONE]",
            "interval: 5s",
            "interval: 1m30s",
            "timeout: 2s",
            "retries: 3",
            "start_period: 10s",
            "start_interval: 1s",
            "disable: true",
        ])],
    ),
    key("hostname", &[One(&["one", "two", "\"\""])]),
    key(
        "image",
        &[One(&[
            "redis",
            "redis:7",
            "\"${IMAGE:-redis:6.2.13}\"",
            "example.org:5000/x@sha256:0000",
        ])],
    ),
    key("init", SWITCH),
    key("ipc", &[One(&["host", "shareable"])]),
    key("isolation", &[One(&["default", "process"])]),
    key(
        "label_file",
        &[One(&["l.env", "sub/m.env"]), Items(&["l.env", "m.env"])],
    ),
    key("labels", LABELS),
    key("links", &[Items(&["db", "db:database", "cache"])]),
    key(
        "logging",
        &[Entries(&[
            "driver: json-file",
            "driver: syslog",
            "options: {max-size: 10m, max-file: 3}",
            "options: {max-size: 5m, tag: x}",
        ])],
    ),
    key(
        "mac_address",
        &[One(&["02:42:ac:11:65:43", "02:42:ac:11:65:44"])],
    ),
    key("mem_limit", BYTES),
    key("mem_reservation", BYTES),
    key("mem_swappiness", NUMBER),
    key("memswap_limit", BYTES),
    key(
        "models",
        &[
            Items(&["m1", "m2"]),
            Entries(&[
                "m1: {endpoint_var: URL}",
                "m2: {model_var: NAME}",
                "m1: {model_var: X}",
            ]),
        ],
    ),
    key("network_mode", &[One(&["host", "none", "service:db"])]),
    key(
        "networks",
        &[
            Items(&["n1", "n2", "default"]),
            Entries(&[
                "n1: ",
                "n1: {aliases: [a, b]}",
                "n1: {aliases: [b, c], ipv4_address: 10.0.0.2}",
                "n2: {link_local_ips: [169.254.0.1], priority: 1}",
                "n2: {link_local_ips: [169.254.0.1, 169.254.0.2], gw_priority: 1, mac_address: 02:42:ac:11:65:43}",
            ]),
        ],
    ),
    key("oom_kill_disable", SWITCH),
    key("oom_score_adj", &[One(&["500", "-500"])]),
    key("pid", &[One(&["host", "null", "service:db"])]),
    key("pids_limit", NUMBER),
    key("platform", &[One(&["linux/amd64", "linux/arm64"])]),
    key(
        "ports",
        &[Items(&[
            "80",
            "\"8080:80\"",
            "\"8080:81\"",
            "\"8081:80\"",
            "\"127.0.0.1:8080:80\"",
            "\"0.0.0.0:8080:80\"",
            "\"8080:80/udp\"",
            "\"8000-8002:80-82\"",
            "\"8001:81\"",
            "\"8000-8010:80\"",
            "\"7-11\"",
            "\"[::1]:90:91\"",
            "{target: 80, published: \"8080\", mode: host, name: web}",
            "{target: 80, published: 8080}",
            "{target: \"80\", published: \"8080\", app_protocol: http}",
            "{target: 53, protocol: udp}",
            "{target: 80, published: \"8080\", host_ip: 127.0.0.1}",
            "\"${PORT}:80\"",
            "\"${PORT:-8080}:80\"",
        ])],
    ),
    key(
        "post_start",
        &[Items(&[
            "{command: a}",
            "{command: [b, c], user: root, privileged: true}",
            "{command: d, environment: [A=1, B]}",
        ])],
    ),
    key(
        "pre_stop",
        &[Items(&[
            "{command: a}",
            "{command: [b], working_dir: /x}",
            "{command: d, environment: {A: 1}}",
        ])],
    ),
    key("privileged", SWITCH),
    key("profiles", &[Items(&["debug", "dev", "test"])]),
    key(
        "provider",
        &[Entries(&[
            "type: x, options: {a: 1}",
            "type: y",
            "type: x, options: {b: two}",
        ])],
    ),
    key(
        "pull_policy",
        &[One(&["always", "missing", "if_not_present"])],
    ),
    key("read_only", SWITCH),
    key(
        "restart",
        &[One(&["always", "unless-stopped", "\"no\"", "on-failure:3"])],
    ),
    key("runtime", &[One(&["runc", "other"])]),
    key("scale", NUMBER),
    key(
        "secrets",
        &[Items(&[
            "s1",
            "s2",
            "{source: s1, target: x}",
            "{source: s2, target: x, mode: 0400}",
            "{source: s1}",
            "{source: s3, target: /run/secrets/s1}",
        ])],
    ),
    key(
        "security_opt",
        &[One(&[
            "[\"label:user:U\"]",
            "[\"no-new-privileges:true\"]",
            "[seccomp=unconfined, apparmor=a]",
            "[apparmor=b]",
            "[\"label:role:R\"]",
        ])],
    ),
    key("shm_size", BYTES),
    key("stdin_open", SWITCH),
    key("stop_grace_period", &[One(&["10s", "1m30s"])]),
    key("stop_signal", &[One(&["SIGTERM", "SIGUSR1"])]),
    key(
        "storage_opt",
        &[Entries(&["size: 1G", "size: 2G", "other: x"])],
    ),
    key(
        "sysctls",
        &[
            Items(&["net.a=1", "net.a=2", "net.b=0"]),
            Entries(&["net.a: 1", "net.b: \"2\"", "net.c: 3"]),
        ],
    ),
    key(
        "tmpfs",
        &[
            One(&["/run", "/tmp:size=1"]),
            Items(&[
                "/run",
                "/run:size=1",
                "\"/b:mode=1,size=2\"",
                "\"/b:mode=7\"",
            ]),
        ],
    ),
    key("tty", SWITCH),
    key(
        "ulimits",
        &[Entries(&[
            "nofile: 5",
            "nofile: {soft: 1, hard: 2}",
            "nproc: 7",
            "nproc: {soft: 3, hard: 4}",
        ])],
    ),
    key("use_api_socket", SWITCH),
    key("user", &[One(&["root", "\"1000:1000\"", "nobody"])]),
    key("userns_mode", &[One(&["host", "\"\""])]),
    key("uts", &[One(&["host", "\"\""])]),
    key(
        "volumes",
        &[Items(&[
            "data:/data",
            "other:/data:ro",
            "./src:/src",
            "\"./lib:/src:ro,z\"",
            "/abs:/abs/",
            "~/home:/home",
            "../up:/up:rshared",
            "/anonymous",
            "/x",
            "data:/a/../data/",
            "v:/y",
            "data:/n:nocopy",
            "\"${DIR:-./d}:/var\"",
            "{type: bind, source: ./long, target: /src}",
            "{type: volume, source: data, target: /data, volume: {nocopy: true, labels: {a: 1}}}",
            "{type: volume, source: data, target: /data/, volume: {labels: [a=1]}}",
            "{type: tmpfs, target: /t, tmpfs: {size: 100}}",
            "{type: bind, source: ./k, target: /k, read_only: true, bind: {propagation: shared}}",
        ])],
    ),
    key(
        "volumes_from",
        &[One(&[
            "[db]",
            "[\"db:ro\"]",
            "[\"container:x\"]",
            "[\"container:y\", api]",
        ])],
    ),
    key("working_dir", &[One(&["/app", "/srv"])]),
    key(
        "x-own",
        &[Entries(&[
            "a: 1",
            "a: 2",
            "b: [1, 2]",
            "b: [2, 3]",
            "c: {d: e}",
            "c: {f: 1.5}",
        ])],
    ),
];
