# shellcheck shell=bash
# What .ci/run and .ci/night have in common: stages by name, each in a process group of its own, and a summary at the end.
#
# Who sources it has the functions `stage_NAME`, the array `stages`, and `this`, its own name as people type it.

stage_pid=
summary=()
engine_was_here=

clean_up() {
    local code=$?
    trap - EXIT INT TERM
    if [[ -n $stage_pid ]] && kill -0 "$stage_pid" 2>/dev/null; then
        # The stage is a process group of its own: it goes with all that it started.
        kill -TERM -- "-$stage_pid" 2>/dev/null || true
    fi
    if [[ -z $engine_was_here ]]; then
        .ci/engine stop || true
    fi
    if ((${#summary[@]})); then
        printf '\n%s\n' "== summary"
        printf '%s\n' "${summary[@]}"
    fi
    exit "$code"
}

run_stage() {
    local name=$1 begun=$SECONDS code=0
    printf '\n%s\n' "== $name"
    # In the background, so that a signal to this script is heard at once; in its own process group, so that it can be
    # ended whole; not in a condition, where bash would ignore `set -e` inside.
    set -m
    (
        set +m -e
        "stage_$name"
    ) </dev/null &
    stage_pid=$!
    set +m
    wait "$stage_pid" || code=$?
    stage_pid=
    local took="$((SECONDS - begun)) s"
    if ((code)); then
        summary+=("$(printf '%-12s FAILED  %6s   repeat it alone: .ci/run %s' "$name" "$took" "$name")")
        printf '%s\n' "error: stage '$name' failed (exit $code) after $took. Repeat it alone: $this $name" >&2
        exit 1
    fi
    summary+=("$(printf '%-12s ok      %6s' "$name" "$took")")
}

# known NAME...: an error, with the names that there are, for a stage that is none.
known() {
    local name
    for name; do
        if [[ " ${stages[*]} " != *" $name "* ]]; then
            echo "error: no stage '$name'; the stages are: ${stages[*]}" >&2
            return 2
        fi
    done
}

# From here on a signal ends the running stage, and whatever ends the script prints the summary.
begin() {
    if .ci/engine status >/dev/null 2>&1; then
        engine_was_here=yes
    fi
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}
