#!/bin/sh
# The start of Pilotage for macOS: a double click opens it in Terminal.
exec /bin/sh "$(dirname -- "$0")/start-pilotage.sh" "$@"
