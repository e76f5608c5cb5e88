//! Backends whose health checks do not tell the truth, and frontends that do not wait.

use live::reason::Reason;

use super::{Control, Red, backend, frontend};

/// The controls of this file.
pub const ALL: &[&Control] = &[
    &NO_CHECK,
    &CANNOT_FAIL,
    &COUNTED,
    &LENIENT,
    &NEVER_AGAIN,
    &LOOKS_ONCE,
    &REDIS_STAYS_AWAY,
];

/// The backend's health check, how it asks Redis, and how the frontend waits for it.
const CHECK: &str =
    "[\"CMD-SHELL\", \"wget -q -O - http://127.0.0.1:3000/cgi-bin/health || exit 1\"]";
const ASKS: &str = "if timeout 2 redis-cli -h redis ping 2>/dev/null | grep -q PONG; then";
const WAITS: &str = "backend: { condition: service_healthy }";
const DOES_NOT_WAIT: &str = "backend: { condition: service_started }";

/// No health check at all, so there is nothing that the frontend could wait for.
pub const NO_CHECK: Control = Control {
    stack: || {
        let check = format!(
            "    healthcheck:\n      test: {CHECK}\n      interval: 1s\n      timeout: 3s\n      retries: 3\n      \
             start_period: 8s\n"
        );
        Some(frontend()?.with(&check, "").with(WAITS, DOES_NOT_WAIT))
    },
    red: &[
        Red(
            "backend-health",
            Reason::NoCheck,
            &["backend has no health check"],
        ),
        Red(
            "start-order",
            Reason::NotWaited,
            &["while no health probe of backend had succeeded"],
        ),
    ],
};

/// A check that cannot fail.
pub const CANNOT_FAIL: Control = Control {
    stack: || {
        let stack = backend()?.with(CHECK, "[\"CMD\", \"true\"]");
        Some(stack.with(
            "timeout: 3s\n      retries: 3",
            "timeout: 1s\n      retries: 3",
        ))
    },
    red: &[Red(
        "backend-health",
        Reason::NeverUnhealthy,
        &["still healthy", "answers 503"],
    )],
};

/// The files promise a start period; what runs has none. And a frontend does not wait.
pub const COUNTED: Control = Control {
    stack: || {
        let none = "services: {backend: {healthcheck: {start_period: 0s}}}\n";
        Some(
            frontend()?
                .with(WAITS, DOES_NOT_WAIT)
                .with_more_on_up("[[ $project == *-steady ]]", none),
        )
    },
    red: &[
        Red(
            "backend-health",
            Reason::Counted,
            &["failures in the start period counted: streak"],
        ),
        Red(
            "start-order",
            Reason::NotWaited,
            &["frontend started", "before backend was first healthy"],
        ),
    ],
};

/// A check that is content with anything for the first seconds, as one that is to bridge a slow
/// start.
pub const LENIENT: Control = Control {
    stack: || {
        let young = "[ $$(($$(date +%s) - $$(stat -c %Y /tmp/www/cgi-bin/health))) -lt 9 ]";
        let stack = backend()?.with("\"wget -q", &format!("\"{young} || wget -q"));
        // With more patience for the backend to be found unhealthy, and less for the start.
        Some(stack.with(
            "timeout: 3s\n      retries: 3\n      start_period: 8s",
            "timeout: 6s\n      retries: 3\n      start_period: 5s",
        ))
    },
    red: &[Red(
        "backend-health",
        Reason::NoFailure,
        &["no probe failed"],
    )],
};

/// A backend that does not serve again once it has lost Redis; and a frontend of which there is
/// none.
pub const NEVER_AGAIN: Control = Control {
    stack: || {
        let loses = "said=$$(timeout 2 redis-cli -h redis ping 2>&1)
        case $$said in *'not connect'*) touch /tmp/lost ;; esac
        if [ ! -e /tmp/lost ] && echo $$said | grep -q PONG; then";
        let image = "image: nginx:1.29-alpine\n";
        Some(
            frontend()?
                .with(ASKS, loses)
                .with(image, &format!("{image}    deploy: {{ replicas: 0 }}\n")),
        )
    },
    red: &[
        Red(
            "backend-health",
            Reason::NeverHealthyAgain,
            &["backend is not healthy", "after Redis is"],
        ),
        Red(
            "start-order",
            Reason::NotStarted,
            &["backend or frontend was never started"],
        ),
    ],
};

/// A backend that looks for Redis at its start alone.
pub const LOOKS_ONCE: Control = Control {
    stack: || {
        let looks =
            "rm -f /tmp/alone; timeout 2 redis-cli -h redis ping | grep -q PONG || touch /tmp/alone
        mkdir -p /tmp/www/cgi-bin";
        let asks = ASKS.replace("if ", "if [ ! -e /tmp/alone ] && ");
        Some(
            backend()?
                .with("mkdir -p /tmp/www/cgi-bin", looks)
                .with(ASKS, &asks),
        )
    },
    red: &[Red(
        "backend-health",
        Reason::NeverHealthyAgain,
        &["not healthy after a start without Redis"],
    )],
};

/// A Redis that cannot be started a second time once the stack was down.
pub const REDIS_STAYS_AWAY: Control = Control {
    stack: || {
        let stack =
            backend()?.with_compose_that("[[ $last == down ]] && touch \"$folder/was-down\"");
        let once = "services: { redis: { entrypoint: [sh, -c, '[ ! -e /tmp/ran ] && touch /tmp/ran && exec \"$$0\" \"$$@\"'] } }\n";
        Some(stack.with_more_on_up("[[ -e $folder/was-down ]]", once))
    },
    red: &[Red(
        "backend-health",
        Reason::NotStarted,
        &["redis ended with exit code 1"],
    )],
};
