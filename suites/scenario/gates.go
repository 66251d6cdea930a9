package scenario

import (
	"context"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
)

const (
	// gateWithin is how long opening a gate may take: 0.3 s were seen on two cores; the rest is for a busy machine.
	gateWithin = 30 * time.Second
	// gateAgain is how long a gate that could not be opened is left alone. There is nothing to watch that tells when a pod on a
	// node that was broken can be reached again.
	gateAgain = 5 * time.Second
)

// OpenGates opens the gates of all pods of those Jobs that run, and of those that come to run, so that their tasks end with 0.
// It goes on until stop is called, which returns when it has ended. Pods without a gate are left alone.
func (s *Scenario) OpenGates(ctx context.Context, names ...string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	opener := &opener{ground: &ground{scenario: s}, jobs: names, tried: map[types.UID]bool{}}
	opener.work.Go(func() { opener.open(ctx) })
	return func() {
		cancel()
		opener.work.Wait()
	}
}

type opener struct {
	*ground
	work  sync.WaitGroup
	jobs  []string
	tried map[types.UID]bool // gates that are being opened, or are open
}

func (o *opener) open(ctx context.Context) {
	for {
		var closed []*corev1.Pod
		err := o.Await(ctx, func(live *history.Live) bool {
			closed = o.closed(live)
			return len(closed) > 0
		})
		if err != nil {
			return
		}
		for _, pod := range closed {
			o.work.Go(func() { o.try(ctx, pod) })
		}
	}
}

// closed returns the pods that run behind a gate which nobody has tried, and notes that they are tried now.
func (o *opener) closed(live *history.Live) []*corev1.Pod {
	var closed []*corev1.Pod
	for _, name := range o.jobs {
		for _, pod := range pods.In(pods.Running, live.PodsOf(o.UID(name))) {
			if !o.tried[pod.UID] && gated(pod) {
				o.tried[pod.UID] = true
				closed = append(closed, pod)
			}
		}
	}
	return closed
}

// gated reports whether the first container of a pod waits at a gate.
func gated(pod *corev1.Pod) bool {
	return strings.Contains(strings.Join(pod.Spec.Containers[0].Command, "\n"), "/tmp/gate")
}

// try opens one gate. If that fails, it tries again for as long as the pod runs.
func (o *opener) try(ctx context.Context, pod *corev1.Pod) {
	for {
		bounded, cancel := context.WithTimeout(ctx, gateWithin)
		err := jobs.Release(bounded, executor{o.ground}, 0, pod.Name)
		cancel()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(gateAgain):
		}
		if len(pods.In(pods.Running, o.latest(pod))) == 0 {
			return
		}
	}
}

// latest returns a pod as it is now, if it is there.
func (o *opener) latest(pod *corev1.Pod) []*corev1.Pod {
	version, there := o.scenario.recorder.Live().Latest(string(pod.UID))
	if !there {
		return nil
	}
	return []*corev1.Pod{version.Pod()}
}
