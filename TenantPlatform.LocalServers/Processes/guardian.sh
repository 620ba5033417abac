# Outlives the process that started it, by seconds: ends its children and deletes its temporary directories.
#
#   stdin                     meaning
#   group <pgid>:<signal>     a process group to end, and the signal that asks it to
#   done <pgid>               that group has ended
#   directory <path>          to be deleted at the end
#   forget <path>             already deleted
#   end of file               the parent is gone, however it went
#
# Only the parent holds the other end of stdin, so the kernel itself reports its death.
trap '' HUP INT QUIT TERM PIPE
umask 077
echo "ready $$"
exec >/dev/null 2>&1

newline='
'
groups=
directories=

while IFS=' ' read -r verb rest; do
    case $verb in
        group) groups="$groups $rest" ;;
        done)
            kept=
            for entry in $groups; do
                [ "${entry%%:*}" = "$rest" ] || kept="$kept $entry"
            done
            groups=$kept
            ;;
        directory) directories="$directories$rest$newline" ;;
        forget)
            kept=
            while IFS= read -r path; do
                [ -z "$path" ] || [ "$path" = "$rest" ] || kept="$kept$path$newline"
            done <<LIST
$directories
LIST
            directories=$kept
            ;;
    esac
done

alive() {
    for entry in $groups; do
        kill -s 0 -- "-${entry%%:*}" && return 0
    done
    return 1
}

wait_for() {
    tries=$1
    while [ "$tries" -gt 0 ] && alive; do
        sleep 0.1
        tries=$((tries - 1))
    done
}

for entry in $groups; do
    kill -s "${entry#*:}" -- "-${entry%%:*}"
    kill -s CONT -- "-${entry%%:*}"
done
wait_for 50
for entry in $groups; do
    kill -s KILL -- "-${entry%%:*}"
done
wait_for 20

while IFS= read -r path; do
    tries=20
    while [ -n "$path" ] && [ -e "$path" ] && [ "$tries" -gt 0 ]; do
        rm -rf -- "$path" || sleep 0.1
        tries=$((tries - 1))
    done
done <<LIST
$directories
LIST
