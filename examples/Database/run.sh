#!/usr/bin/env bash
# Runs the example against a PostgreSQL of its own: made in a scratch folder, listening on a socket there and nowhere else,
# stopped and removed at the end. Where PostgreSQL is not installed, the example runs without, and says so.
set -euo pipefail
cd "$(dirname "$0")"
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | tail -1 || true)"

if command -v initdb > /dev/null && command -v pg_ctl > /dev/null; then
  folder=$(mktemp -d)
  as=()
  if [ "$(id -u)" -eq 0 ]; then # PostgreSQL refuses to run as root
    if id postgres > /dev/null 2>&1; then
      chown postgres "$folder"
      as=(runuser -u postgres --)
    else
      echo 'PostgreSQL does not run as root, and there is no user postgres: running without it.' >&2
      rm -rf "$folder"
      exec dotnet run -c Release
    fi
  fi
  trap '"${as[@]}" pg_ctl -D "$folder/data" -m immediate -s stop || true; rm -rf "$folder"' EXIT
  (cd "$folder" && "${as[@]}" initdb -D "$folder/data" -A trust -U example > /dev/null)
  (cd "$folder" && "${as[@]}" pg_ctl -D "$folder/data" -l "$folder/log" -s -w -o "-c listen_addresses='' -c unix_socket_directories='$folder'" start)
  chmod 755 "$folder"
  export IMPUTATION_EXAMPLE_DB="Host=$folder;Username=example;Database=postgres"
fi
dotnet run -c Release
