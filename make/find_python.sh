# Print the Python to set up with: the one asked for (make PYTHON=...), or the first here that is new enough.
# shellcheck shell=sh
new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

first() {
  for each in python3 python3.14 python3.13 python3.12 python3.11; do
    if new_enough "$each"; then echo "$each"; return; fi
  done
  return 1
}

if [ -z "$1" ]; then
  first && exit
  asked=python3
else
  new_enough "$1" && { echo "$1"; exit; }
  asked=$1
fi

version=$("$asked" --version 2>&1) || version="not a program that runs here"
if other=$(first); then
  todo="Try: make PYTHON=$other"
else
  todo="Install it (apt-get install python3, brew install python, or python.org), then: make PYTHON=/path/to/python3"
fi
echo "Python 3.11 or later is needed; $asked is $version. $todo" >&2
exit 1
