#!/bin/sh
# The facts as server-sent events, without any client: SKEIN_TOKEN=skein_… sh follow.sh [cursor]
# Each item ends with `id: <cursor>`: give the last one that you have dealt with to go on behind it.
exec curl --no-buffer --silent --show-error --fail-with-body \
  --header "authorization: Bearer $SKEIN_TOKEN" \
  --get ${1:+--data-urlencode "input={\"cursor\":\"$1\"}"} \
  "${SKEIN_URL:-http://localhost:3000}/trpc/events.stream"
