package discovery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

const (
	// service is the headless Service of job.comm-demo.yaml.
	service = "demo-service"
	// clusterDomain is kubeadm's default (DefaultServiceDNSDomain in cmd/kubeadm/app/apis/kubeadm/v1beta4/defaults.go).
	clusterDomain = "cluster.local"
)

// published is how long an address may take to get from a pod that is ready into the answers of the cluster's DNS: the
// controller of EndpointSlices writes it within a second, and CoreDNS, which does not cache the cluster's own domain,
// has it from its watch; the rest is for a machine that is busy with other specs. DNS has no way to tell
// that an answer has changed, so this one wait asks again and again; it does so inside the pod, and nothing else does.
const published = 60 * time.Second

// fqdn is the fully qualified name of a peer, without a dot at the end.
func fqdn(s *scenario.Scenario, host string) string {
	return fmt.Sprintf("%s.%s.svc.%s", host, s.Namespace(), clusterDomain)
}

// answers waits in a pod until the DNS answers a fully qualified name with these addresses and no others, and returns
// the last answer. A name without an address is answered with none.
func answers(ctx context.Context, s *scenario.Scenario, pod, name string, addresses ...string) []string {
	GinkgoHelper()
	const wait = `
want=$(echo $3 | tr ' ' '\n' | sort)
for try in $(seq $(($1 * 5))); do
	got=$(nslookup -type=a "$2." | sed -n '/^Name:/,$s/^Address: //p' | sort)
	[ "$got" = "$want" ] && break
	sleep 0.2
done
echo "$got"`
	seconds := fmt.Sprint(int(published.Seconds()))
	out, err := s.Exec(ctx, pod, "sh", "-c", wait, "wait", seconds, name, strings.Join(addresses, " "))
	Expect(err).NotTo(HaveOccurred())
	return strings.Fields(out)
}

// lookup asks the DNS once, in a pod, about a fully qualified name, and returns what nslookup prints: an address or why
// there is none, such as NXDOMAIN.
func lookup(ctx context.Context, s *scenario.Scenario, pod, name string) string {
	GinkgoHelper()
	out, err := s.Exec(ctx, pod, "nslookup", "-type=a", name+".")
	var exit *scenario.ExitError
	if !errors.As(err, &exit) { // it ends with 1 if there is no address
		Expect(err).NotTo(HaveOccurred())
	}
	return out
}

// pinged returns the address that a name has for ping in a pod, once the peer has answered one packet.
func pinged(ctx context.Context, s *scenario.Scenario, pod, name string) (string, error) {
	GinkgoHelper()
	out, err := s.Exec(ctx, pod, "ping", "-c", "1", "-W", "10", name)
	if err != nil {
		return "", err
	}
	// PING name (10.244.2.71): 56 data bytes
	_, rest, _ := strings.Cut(out, "(")
	address, _, _ := strings.Cut(rest, ")")
	return address, nil
}

// serve makes a pod answer HTTP on port 80 with its hostname.
func serve(ctx context.Context, s *scenario.Scenario, pod string) {
	GinkgoHelper()
	_, err := s.Exec(ctx, pod, "sh", "-c", "mkdir /tmp/www && hostname > /tmp/www/index.html && httpd -p 80 -h /tmp/www")
	Expect(err).NotTo(HaveOccurred())
}

// fetched returns what a peer answers to an HTTP request of a pod: a connection and an answer, not just a name.
func fetched(ctx context.Context, s *scenario.Scenario, pod, name string) (string, error) {
	GinkgoHelper()
	// busybox's wget has a timeout of its own, -T, with which the static build crashes.
	out, err := s.Exec(ctx, pod, "timeout", "10", "wget", "-q", "-O-", "http://"+name+"/")
	return strings.TrimSpace(out), err
}

// peer returns the active pod of an index, which must be the only one.
func peer(job *scenario.Job, index int) *corev1.Pod {
	GinkgoHelper()
	pods := expect.OfIndex(job.State(), index)
	Expect(pods).To(HaveLen(1), "active pods of index %d", index)
	return pods[0]
}
