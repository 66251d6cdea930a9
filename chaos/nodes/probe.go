package nodes

import (
	"context"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

const (
	// patience is how long an answer over the network is waited for: they come within 0.2 s on two busy cores.
	patience = 3 * time.Second
	// again is the time between two looks at what Kubernetes does not let anybody watch: whether a machine answers.
	again = 500 * time.Millisecond
)

// answers has the API server ask the kubelet of a node whether it is well. Its error says that there was no answer.
func answers(ctx context.Context, site *chaos.Site, node string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return site.Clients.CoreV1().RESTClient().Get().Resource("nodes").Name(node).SubResource("proxy").Suffix("healthz").Do(ctx).Error()
}

// unanswered reports whether the API server itself is there and does not get an answer from a node's kubelet. The text is that
// of the API server's proxy (k8s.io/apimachinery v0.37.0, pkg/util/proxy/transport.go).
func unanswered(ctx context.Context, site *chaos.Site, node string) bool {
	err := answers(ctx, site, node)
	switch {
	case err == nil || ctx.Err() != nil:
		return false
	case apierrors.IsServiceUnavailable(err):
		return strings.Contains(err.Error(), "trying to reach service")
	default:
		return strings.Contains(err.Error(), context.DeadlineExceeded.Error())
	}
}

// connects returns those of the addresses to which a process in a node can open a TCP connection, all tried at the same time.
// Its error says that nobody could try.
func connects(ctx context.Context, machine *cluster.Node, port int, addresses ...string) ([]string, error) {
	try := fmt.Sprintf(`for a; do (timeout %d bash -c "</dev/tcp/$a/%d" 2> /dev/null && echo "$a") & done; wait`, int(patience.Seconds()), port)
	said, err := machine.Exec(ctx, append([]string{"bash", "-c", try, "bash"}, addresses...)...)
	return strings.Fields(said), err
}

// until looks again and again until it is so. An error is a look that saw nothing; the last one is told if time is up.
func until(ctx context.Context, is func() (bool, error)) error {
	next := time.NewTicker(again)
	defer next.Stop()
	for {
		so, err := is()
		if so && err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			if err != nil {
				return fmt.Errorf("%w: %w", context.Cause(ctx), err)
			}
			return context.Cause(ctx)
		case <-next.C:
		}
	}
}
