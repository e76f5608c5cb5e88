# shellcheck shell=bash
# What .ci/run and .ci/night have in common: stages by name, each in a process group of its own, and a summary at the end.
#
# Who sources it has the functions `stage_NAME`, the array `stages`, and `this`, its own name as people type it.

declare -A running=() begun=() # by the process group of a stage: its name, and when it began
summary=()
engine_was_here=
said=

# end_group PID: a stage is a process group of its own, and goes with all that it started.
end_group() {
    kill -TERM -- "-$1" 2>/dev/null || true
}

clean_up() {
    local code=$? pid
    trap - EXIT INT TERM
    for pid in "${!running[@]}"; do
        end_group "$pid"
        wait "$pid" || true
        show "${running[$pid]}" "$said/${running[$pid]}"
        took "$pid" ended
    done
    if [[ -z $engine_was_here ]]; then
        .ci/engine stop || true
    fi
    rm -rf "$said"
    if ((${#summary[@]})); then
        printf '\n%s\n' "== summary"
        printf '%s\n' "${summary[@]}"
        printf '%-12s         %6s s\n' "in all" "$SECONDS"
    fi
    exit "$code"
}

# took PID HOW: adds a line to the summary.
took() {
    summary+=("$(printf '%-12s %-7s %6s s' "${running[$1]}" "$2" "$((SECONDS - begun[$1]))")")
}

# start NAME [FILE]: a stage, which says what it says into the file. In the background, so that a signal to this script is
# heard at once; in its own process group, so that it can be ended whole; not in a condition, where bash would ignore
# `set -e` inside.
start() {
    local name=$1 file=${2:-}
    if [[ -z $file ]]; then
        printf '\n%s\n' "== $name"
    fi
    set -m
    (
        set +m -e
        if [[ -n $file ]]; then
            exec >"$file" 2>&1
        fi
        "stage_$name"
    ) </dev/null &
    set +m
    running[$!]=$name
    begun[$!]=$SECONDS
}

# show NAME FILE: what a stage has said, where it said it into a file.
show() {
    if [[ -e $2 ]]; then
        printf '\n%s\n' "== $1"
        cat "$2"
        rm "$2"
    fi
}

# finish PID CODE [FILE]: the end of a stage; the first one that failed ends everything.
finish() {
    local pid=$1 code=$2 name=${running[$1]}
    show "$name" "${3:-}"
    if ((code)); then
        took "$pid" FAILED
        unset "running[$pid]"
        # It may have left something that still runs.
        end_group "$pid"
        printf '%s\n' "error: stage '$name' failed (exit $code). Repeat it alone: $this $name" >&2
        exit 1
    fi
    took "$pid" ok
    unset "running[$pid]"
}

# side_by_side LANE...: a lane is a list of stages, which run one after another, beside those of the other lanes. What a
# stage says stays in one piece: with more than one lane it is shown when the stage has ended.
side_by_side() {
    local lanes=("$@") whole='' lane pid code name
    declare -A lane_of=()
    if (($# > 1)); then
        whole=yes
    fi
    for lane in "${!lanes[@]}"; do
        start_next
    done
    while ((${#running[@]})); do
        code=0
        wait -n -p pid "${!running[@]}" || code=$?
        lane=${lane_of[$pid]} name=${running[$pid]}
        finish "$pid" "$code" ${whole:+"$said/$name"}
        start_next
    done
}

# The next stage of side_by_side's $lane, where there is one.
start_next() {
    read -r name "lanes[lane]" <<<"${lanes[lane]}"
    if [[ -n $name ]]; then
        start "$name" ${whole:+"$said/$name"}
        lane_of[$!]=$lane
    fi
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

# From here on a signal ends the running stages, and whatever ends the script prints the summary.
begin() {
    if .ci/engine status >/dev/null 2>&1; then
        engine_was_here=yes
    fi
    said=$(mktemp -d)
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}
