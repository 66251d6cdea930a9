package proxy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

// folder is where the program and its rules are in the control plane's machine. Programs in /run may not be executed there.
const folder = "/var/lib/jobproof-proxy"

// common is what all scripts begin with. $1 is the folder. The port is above that of the API server, as kubeadm sets it, and
// below those that the kernel gives away.
//
// The controller manager's connections are known by its process; those that were turned aside are known from the other
// end, which the program has. ss is of iproute2, which every node image has for its network. One script at a time holds the
// lock of the folder that the folder is in.
const common = `set -u
dir=$1 port=16443 unit=jobproof-proxy
server=$(sed -n 's|.*server: https://||p' /etc/kubernetes/controller-manager.conf)
host=${server%:*} api=${server##*:}
set -- $(getent ahostsv4 "$host") none
ip=$1
redirect() { iptables -w -t nat "$1" OUTPUT -p tcp -d "$ip" --dport "$api" -j REDIRECT --to-ports "$port"; }
manager() { ss -tnpH state established "dst $ip and dport = :$api" | grep '"kube-controller' | sed 's/^ *[0-9]* *[0-9]* *[^ ]*:\([0-9]*\) .*/\1/'; }
aside() { ss -tnH state established "sport = :$port" | sed 's/^ *[0-9]* *[0-9]* *[^ ]* *[^ ]*:\([0-9]*\) *$/\1/'; }
direct() { for p in $(manager); do aside | grep -qx "$p" || echo "$p"; done; }
`

// start puts a rule, $3, under a name, $2, and has the program run and the controller manager speak to it.
const start = `id=$2 rule=$3
` + common + `set -e
exec 9< "${dir%/*}"
flock 9
printf %s "$rule" > "$dir/.$id"
mv "$dir/.$id" "$dir/$id.json"
if ! systemctl is-active --quiet "$unit"; then
	systemctl reset-failed "$unit" 2> /dev/null || true
	systemd-run --quiet --collect --unit="$unit" "$dir/between" -rules "$dir" -listen "127.0.0.1:$port" -to "127.0.0.1:$api" 9>&-
	tries=0
	until [ -n "$(ss -ltnH "sport = :$port")" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || { journalctl --unit "$unit" --lines=3 --output=cat >&2; exit 1; }
		sleep 0.1
	done
fi
redirect -C 2> /dev/null || redirect -I
for p in $(direct); do ss -KH "sport = :$p and dst $ip" > /dev/null; done
`

// stop takes the rule $2 away and, with the last one, all else.
const stop = `id=$2
` + common + `exec 9< "${dir%/*}"
flock 9
rm -f "$dir/$id.json" "$dir/$id.picked"
if ! ls "$dir"/*.json > /dev/null 2>&1; then
	while redirect -D 2> /dev/null; do :; done
	systemctl stop "$unit" 2> /dev/null
	rm -rf "$dir"
fi
true
`

// look prints how many connections of the controller manager are turned aside, and how many are not.
const look = common + `echo "$(($(manager | wc -l) - $(direct | wc -l))) $(direct | wc -l)"`

// picked prints how many requests the rule $2 has picked.
const picked = `cat "$1/$2.picked" 2> /dev/null || echo 0`

// machine is the control plane's, with the program in it.
type machine struct{ node *cluster.Node }

// run runs a script. Its error is in the words of what the script ran, without the script.
func (m machine) run(ctx context.Context, script string, args ...string) (string, error) {
	text, err := m.node.Exec(ctx, append([]string{"sh", "-c", script, "sh", folder}, args...)...)
	if err != nil {
		err = errors.New(strings.ReplaceAll(err.Error(), script, "…"))
	}
	return text, err
}

// undo takes a rule away.
func (m machine) undo(id string) chaos.Undo {
	return chaos.Undo{{Exec: &chaos.Exec{Node: m.node.Name, Command: []string{"sh", "-c", stop, "sh", folder, id}}}}
}

// install writes the program into the machine, unless it is there.
func (m machine) install(ctx context.Context, program string) error {
	if _, err := m.run(ctx, `mkdir -p "$1" && test -x "$1/between"`); err == nil {
		return nil
	}
	file, err := os.Open(program)
	if err != nil {
		return err
	}
	defer file.Close()
	return m.node.Write(ctx, folder+"/between", file)
}

// connections counts those that the controller manager has to the API server: turned aside to the program, and direct.
func (m machine) connections(ctx context.Context) (aside, direct int, err error) {
	text, err := m.run(ctx, look)
	if err == nil {
		_, err = fmt.Sscan(text, &aside, &direct)
	}
	return aside, direct, err
}

// picked counts the requests that a rule has picked.
func (m machine) picked(ctx context.Context, id string) (int, error) {
	text, err := m.run(ctx, picked, id)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(text))
}
