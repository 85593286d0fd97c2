#!/bin/sh
# Installs what is missing, and nothing else. usage: tools/deps.sh GROUP... (build, test, bench, check, browser)
# Says what it installs; silent when everything is there. Debian and Ubuntu (apt), Fedora and RHEL (dnf), macOS (brew).
set -u

# packages MANAGER GROUP: the names of one group.
packages() {
    case $1-$2 in
    apt-build) echo gcc make pkg-config libcurl4-openssl-dev libcjson-dev libsqlite3-dev libyaml-dev libmicrohttpd-dev \
        libutf8proc-dev libssl-dev zlib1g-dev libarchive-dev libzstd-dev libgd-dev git ca-certificates ;;
    apt-test) echo libcmocka-dev sqlite3 jq curl openssl procps zip zstd ;;
    apt-bench) echo nginx-light wrk openssl sqlite3 time ;;
    apt-check) echo clang clang-format clang-tidy shellcheck mandoc libclang-rt-14-dev ;;
    apt-browser) echo chromium nodejs npm ;;
    dnf-build) echo gcc make pkgconf-pkg-config libcurl-devel cjson-devel sqlite-devel libyaml-devel libmicrohttpd-devel \
        utf8proc-devel openssl-devel zlib-devel libarchive-devel libzstd-devel gd-devel git ca-certificates ;;
    dnf-test) echo libcmocka-devel sqlite jq curl openssl procps-ng zip zstd ;;
    dnf-bench) echo nginx wrk openssl sqlite time ;;
    dnf-check) echo clang clang-tools-extra ShellCheck mandoc compiler-rt ;;
    dnf-browser) echo chromium nodejs npm ;;
    brew-build) echo pkg-config curl cjson sqlite libyaml libmicrohttpd utf8proc openssl@3 zlib libarchive zstd gd git ;;
    brew-test) echo cmocka sqlite jq curl openssl@3 zip zstd ;;
    brew-bench) echo nginx wrk openssl@3 sqlite gnu-time ;;
    brew-check) echo llvm clang-format shellcheck mandoc ;;
    brew-browser) echo chromium node ;;
    esac
}

# Is the package there? A different package that does the same job will do.
there() {
    case $1-$2 in
    dnf-*) rpm -q --whatprovides "$2" > /dev/null 2>&1 && return ;;
    brew-*) brew list "$2" > /dev/null 2>&1 && return ;;
    apt-*) dpkg -s "$2" 2> /dev/null | grep -q '^Status: .* installed$' && return ;;
    esac
    case $2 in
    nginx-light | nginx) command -v nginx > /dev/null || [ -x /usr/sbin/nginx ] ;;
    libcurl4-openssl-dev) pkg-config --exists libcurl 2> /dev/null ;;
    libclang-rt-14-dev) dpkg -l 'libclang-rt-*-dev' 2> /dev/null | grep -q '^ii' ;;
    nodejs | node) command -v node > /dev/null ;;
    npm) command -v npm > /dev/null ;;
    chromium) command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null ;;
    zlib-devel) pkg-config --exists zlib 2> /dev/null ;;
    *) false ;;
    esac
}

# The compiler's run time is a package of its own only in some releases, and carries the version in its name.
known_to_apt() {
    for package; do
        if [ "$package" = libclang-rt-14-dev ] && ! apt-cache show "$package" > /dev/null 2>&1; then
            apt-cache show libclang-rt-dev > /dev/null 2>&1 && echo libclang-rt-dev
        else
            echo "$package"
        fi
    done
}

usage() {
    echo 'usage: tools/deps.sh GROUP... (build, test, bench, check, browser)' >&2
    exit 2
}

[ $# -gt 0 ] || usage
for group; do
    case $group in
    build | test | bench | check | browser) ;;
    *) usage ;;
    esac
done

if [ "$(uname -s)" = Darwin ]; then
    manager=brew install='brew install'
elif command -v apt-get > /dev/null; then
    manager=apt install='apt-get install -y --no-install-recommends'
elif command -v dnf > /dev/null; then
    manager=dnf install='dnf install -y --setopt=install_weak_deps=False'
else
    manager=none install=
fi
if [ $manager = none ] || { [ $manager = brew ] && ! command -v brew > /dev/null; }; then
    echo "deps: no apt-get, dnf or brew here; please see to these by hand (Debian's names):" >&2
    for group; do echo "  $(packages apt "$group")" >&2; done
    exit 0
fi

missing=
for group; do
    for package in $(packages $manager "$group"); do
        case " $missing " in *" $package "*) continue ;; esac
        there $manager "$package" || missing="$missing $package"
    done
done
missing=${missing# }
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ] && [ $manager != brew ]; then
    as_root=sudo
    if ! command -v sudo > /dev/null; then
        echo "deps: missing: $missing" >&2
        echo "deps: there is no sudo here; run as root: $install $missing" >&2
        exit 1
    fi
fi

if [ $manager = apt ]; then
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update ||
        echo 'deps: warning: apt-get update failed; going on with the package lists that are here' >&2
    # shellcheck disable=SC2086 # a list of names
    missing=$(known_to_apt $missing | tr '\n' ' ')
    missing=${missing% }
    [ -n "$missing" ] || exit 0
fi
echo "deps: installing $missing"
# shellcheck disable=SC2086 # lists of words
if ! $as_root env DEBIAN_FRONTEND=noninteractive $install $missing > /dev/null; then
    echo "deps: error: the installation failed; run by hand: ${as_root:+$as_root }$install $missing" >&2
    exit 1
fi
