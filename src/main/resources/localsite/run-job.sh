#!/bin/bash
# Runs a job's script in a process group of its own, and leaves nothing of it behind: when the
# script is over, or when standard input ends (the site closes it to abort the job, and the
# kernel does if the site is killed), whatever is left gets SIGTERM, then SIGKILL.
#
# run-job.sh SCRIPT STDOUT STDERR MARK GRACE
#   MARK   put into the environment of the job's processes, to find those that left the group
#   GRACE  seconds between SIGTERM and SIGKILL
script=$1 out=$2 err=$3 mark=$4 grace=$5

# A Ctrl-C in the site's terminal reaches this shell too, and must not end it before its job.
trap : INT HUP QUIT TERM
exec 4<&0 </dev/null
set -m
LOCALSITE_JOB="$mark" /bin/bash "$script" >"$out" 2>"$err" 4<&- &
job=$!

strays() {
  [ -d /proc/self ] && grep -lsxzF -e "LOCALSITE_JOB=$mark" /proc/[0-9]*/environ | cut -d/ -f3
}

send() {
  kill "$1" -- "-$job"
  for pid in $(strays); do kill "$1" "$pid"; done
} 2>/dev/null

# A process that has ended but was not yet reaped still answers kill -0; its environment is empty.
alive() {
  if [ -d /proc/self ]; then [ -n "$(strays)" ]; else kill -0 -- "-$job"; fi
} 2>/dev/null

finish() {
  send -TERM
  local end=$((SECONDS + grace))
  while [ "$SECONDS" -lt "$end" ] && alive; do
    sleep 0.1
  done
  send -KILL
}

(
  read -r _
  trap '' USR1
  finish
) <&4 &
watch=$!

while :; do
  wait "$job"
  code=$?
  kill -0 "$job" 2>/dev/null || break
done
# Ends the watch if it still reads; lets it go on if it is already ending the job.
kill -USR1 "$watch" 2>/dev/null
wait "$watch" 2>/dev/null
finish
exit "$code"
