#!/bin/sh
# Sets Pilotage up at the first start, and opens its workbench. A setup workbook or a scenario given to it is run.
self=$(readlink -f -- "$0" 2>/dev/null) || self=$0
home=$(cd -- "$(dirname -- "$self")" && pwd -P) || exit 1

end() {
  if [ "$1" -ne 0 ] && [ "$1" -ne 130 ] && [ -t 0 ]; then # 130: ended by Ctrl-C
    printf 'Press Enter to close this window. '
    read -r _
  fi
  exit "$1"
}

for python in python3.13 python3.12 python3.11 python3.14 python3 python; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    "$python" "$home/engine/start_pilotage.py" "$@"
    end $?
  fi
done
echo "Pilotage needs Python 3.11 or later, and found none on this computer." >&2
echo "Get it from python.org (Downloads), or from the packages of your system, and start again." >&2
end 1
