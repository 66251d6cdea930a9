package expect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// HandedOver expects the EndpointSlices of a Service to have led a hostname to one pod and then to another: first to the
// first pod's address alone, and, from when they led to the second one's, to that alone up to the end. It is asked about a
// *history.History that holds EndpointSlices. Only ready endpoints count, for DNS has no others.
func HandedOver(service, hostname, from, to string) types.GomegaMatcher {
	return matcher[*history.History]{
		subject: func(*history.History) string { return "the Service " + service },
		says:    fmt.Sprintf("have handed the name %s over from %s to %s", hostname, from, to),
		seen: func(recorded *history.History) error {
			return handedOver(recorded, service, hostname, from, to)
		},
	}
}

func handedOver(recorded *history.History, service, hostname, from, to string) error {
	current := map[string]*discoveryv1.EndpointSlice{}
	addresses := map[string]string{} // of pods, by name
	before, after := false, false
	for _, version := range recorded.Versions() {
		if pod := version.Pod(); pod != nil && pod.Status.PodIP != "" {
			addresses[pod.Name] = pod.Status.PodIP
		}
		slice := version.EndpointSlice()
		if slice == nil || slice.Labels[discoveryv1.LabelServiceName] != service {
			continue
		}
		current[slice.Name] = slice
		if version.Type == history.Deleted {
			delete(current, slice.Name)
		}
		leads := leadsTo(current, hostname)
		led := strings.Join(leads, " ")
		switch {
		case led == from+" "+addresses[from] && !after:
			before = true
		case led == to+" "+addresses[to]:
			after = true
		case led != "" || after:
			return fmt.Errorf("they led it (rv %d) to %s; the pods have %s and %s", version.RV, list(leads), addresses[from], addresses[to])
		}
	}
	if !before || !after {
		return errors.New("they never led it to " + list(missing(before, from, after, to)))
	}
	return nil
}

// missing names those of two pods that were not seen.
func missing(seenOne bool, one string, seenOther bool, other string) []string {
	var not []string
	if !seenOne {
		not = append(not, one)
	}
	if !seenOther {
		not = append(not, other)
	}
	return not
}

// leadsTo tells, in order, which pods the ready endpoints of that hostname are, and their addresses.
func leadsTo(all map[string]*discoveryv1.EndpointSlice, hostname string) []string {
	var leads []string
	for _, slice := range all {
		for _, endpoint := range slice.Endpoints {
			if endpoint.Hostname == nil || *endpoint.Hostname != hostname || endpoint.TargetRef == nil ||
				endpoint.Conditions.Ready == nil || !*endpoint.Conditions.Ready {
				continue
			}
			leads = append(leads, endpoint.TargetRef.Name+" "+strings.Join(endpoint.Addresses, " "))
		}
	}
	slices.Sort(leads)
	return leads
}
