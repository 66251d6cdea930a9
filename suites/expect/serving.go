package expect

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Publishes expects the EndpointSlices of a Service to have these pods as ready endpoints, and no others. It is asked about
// a *history.Live that records EndpointSlices.
func Publishes(service string, pods ...string) types.GomegaMatcher {
	return matcher[*history.Live]{
		subject: func(*history.Live) string { return "the Service " + service },
		says:    "have as ready endpoints " + list(pods),
		seen: func(live *history.Live) error {
			published := map[string]bool{}
			for _, slice := range live.EndpointSlices() {
				if slice.Labels[discoveryv1.LabelServiceName] == service {
					maps.Copy(published, readyIn(slice))
				}
			}
			want := slices.Sorted(slices.Values(pods))
			if got := slices.Sorted(maps.Keys(published)); !slices.Equal(got, want) {
				return fmt.Errorf("it has %s", list(got))
			}
			return nil
		},
	}
}

// readyIn names the pods that one EndpointSlice has as ready endpoints.
func readyIn(slice *discoveryv1.EndpointSlice) map[string]bool {
	pods := map[string]bool{}
	for _, endpoint := range slice.Endpoints {
		if endpoint.TargetRef != nil && endpoint.Conditions.Ready != nil && *endpoint.Conditions.Ready {
			pods[endpoint.TargetRef.Name] = true
		}
	}
	return pods
}

// PublishedOnlyReadyPods expects every ready endpoint that the EndpointSlices of a Service ever had to have been a pod that
// was Ready before, and no pod to have become one once it had finished and the slice had been without it. It is asked about
// a *history.History that holds EndpointSlices, and not true if there never was a ready endpoint.
func PublishedOnlyReadyPods(service string) types.GomegaMatcher {
	return matcher[*history.History]{
		subject: func(*history.History) string { return "the Service " + service },
		says:    "have had only pods that were Ready and not finished as ready endpoints",
		seen:    func(recorded *history.History) error { return onlyReady(recorded, service) },
	}
}

func onlyReady(recorded *history.History, service string) error {
	ready, finished, dropped := map[string]bool{}, map[string]bool{}, map[string]bool{}
	ever := false
	for _, version := range recorded.Versions() {
		if pod := version.Pod(); pod != nil {
			ready[pod.Name] = ready[pod.Name] || isReady(pod)
			finished[pod.Name] = pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
		}
		slice := version.EndpointSlice()
		if slice == nil || slice.Labels[discoveryv1.LabelServiceName] != service || version.Type == history.Deleted {
			continue
		}
		published := readyIn(slice)
		for pod := range published {
			ever = true
			switch {
			case !ready[pod]:
				return fmt.Errorf("%s was one (rv %d) before it was Ready", pod, version.RV)
			case dropped[pod]:
				return fmt.Errorf("%s was one (rv %d) although it had finished", pod, version.RV)
			}
		}
		for pod, over := range finished {
			dropped[pod] = over && !published[pod]
		}
	}
	if !ever {
		return errors.New("it never had any")
	}
	return nil
}

func isReady(pod *corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// ReadyPod expects a pod of that name, whoever owns it, to be Ready. It is asked about a *history.Live.
func ReadyPod(name string) types.GomegaMatcher {
	return standalone(name, "be Ready", func(pod *corev1.Pod) error {
		if !isReady(pod) || pod.DeletionTimestamp != nil {
			return fmt.Errorf("it is %s", standing(history.State{Pods: []*corev1.Pod{pod}}))
		}
		return nil
	})
}
