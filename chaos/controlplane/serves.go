package controlplane

import (
	"context"
	"errors"
	"net"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/jobproof/jobproof/chaos"
)

// answer is how long an API server that is well may take to say so; 10 ms were seen. It is short because one that is frozen
// never does.
const answer = 2 * time.Second

// ready asks the API server over a connection of its own whether it is ready.
func ready(ctx context.Context, config *rest.Config) error {
	own := rest.CopyConfig(config)
	own.Dial = (&net.Dialer{Timeout: answer}).DialContext // a config with a dialer shares no connection
	own.Timeout = answer
	client, err := kubernetes.NewForConfig(own)
	if err != nil {
		return err
	}
	_, err = client.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
	return err
}

// serves waits until the API server is ready, and those that lead by its grace lead.
func serves(ctx context.Context, site *chaos.Site) error {
	for {
		err := ready(ctx, site.Config)
		if err == nil {
			break
		}
		select {
		case <-time.After(look): // there is nothing to watch while it is away
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
	return errors.Join(controllerManager.renewed(ctx, site), scheduler.renewed(ctx, site))
}
