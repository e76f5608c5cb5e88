# shellcheck shell=bash
# Debian packages of another suite, without touching this machine's own apt.
#
# Everything happens in a private apt root: its own source list with one suite, its own package lists, its own
# cache. So nothing of that suite can ever be pulled into the machine by a later `apt-get upgrade`, which is what
# pinning it low would be for. The mirror is the one that the machine's apt is configured with; none is named here.

# Prints the archive that serves this machine's own release.
debian_mirror() {
    local codename
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && [[ ${ID:-} == debian ]] && echo "${VERSION_CODENAME:-}") || true
    if [[ -z $codename ]]; then
        echo "error: this machine is not Debian: its packages are not to be had from its mirror" >&2
        return 1
    fi
    local mirror
    # shellcheck disable=SC2016  # apt fills these in
    mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk -v release="$codename" '$1 == release && $2 == "main" { print $3; exit }')
    if [[ -z $mirror ]]; then
        echo "error: this machine's apt has no source for $codename main" >&2
        return 1
    fi
    echo "$mirror"
}

# private_apt_init ROOT SUITE: makes the apt root and fetches the suite's package lists.
private_apt_init() {
    local root=$1 suite=$2 mirror
    mirror=$(debian_mirror)
    mkdir -p "$root"/{lists/partial,archives/partial}
    {
        echo "Types: deb"
        echo "URIs: $mirror"
        echo "Suites: $suite"
        echo "Components: main"
        if [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]]; then
            echo "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg"
        fi
    } >"$root/suite.sources"
    : >"$root/status"
    private_apt "$root" update
}

# private_apt ROOT ARGS...: apt-get in that root. It sees an empty machine, so `install --download-only` fetches a
# package with all that it needs, whatever is installed here. A mirror of one day's state has lists past their date;
# their signature is checked all the same.
private_apt() {
    local root=$1
    shift
    apt-get -qq -y \
        -o Acquire::Retries=3 \
        -o Acquire::Check-Valid-Until=false \
        -o APT::Sandbox::User="$(id -un)" \
        -o APT::Install-Recommends=false \
        -o Debug::NoLocking=true \
        -o Dir::Etc::SourceList="$root/suite.sources" \
        -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::Preferences=/dev/null \
        -o Dir::Etc::PreferencesParts=/dev/null \
        -o Dir::State::Lists="$root/lists" \
        -o Dir::State::Status="$root/status" \
        -o Dir::Cache="$root" \
        -o Dir::Cache::Archives="$root/archives" \
        "$@" </dev/null
}
