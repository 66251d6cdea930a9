package judge

import "github.com/tidwall/gjson"

// peers is about the names by which the pods of a Job find each other.
var peers = []Invariant{
	{
		ID: "L16",
		Says: "A pod with a hostname and a headless Service as subdomain is in that Service's EndpointSlices by that name while it is ready, " +
			"and no longer once it is not, has ended or is gone.",
		Source: "k8s.io/endpointslice utils.go:39-73, podToEndpoint; util/controller_utils.go:180-208, ShouldPodBeInEndpoints and ShouldSetHostname",
		Exceptions: []string{
			"a Service with publishNotReadyAddresses names pods that are not ready too",
			"a Service that has another selector, or none",
			"without EndpointSlices in the history nothing is known of names",
		},
		OneController: true,
		Pod:           noteNameLeft,
		JobWaits:      forgetsNames, PodWaits: hasItsName,
		Within: namingBound,
	},
}

// headless returns the headless Service that a pod with a hostname has its name from, and its key, or nothing.
func (o *others) headless(p *Pod) (key string, of *service) {
	if len(o.slices) == 0 {
		return "", nil
	}
	key = p.Namespace + "/" + gjson.Get(p.Now.RawSpec(), "subdomain").Str
	s := o.services[key]
	if s == nil || !s.headless || len(s.selector) == 0 {
		return "", nil
	}
	for label, value := range s.selector {
		if has, ok := p.Now.Labels[label]; !ok || has != value {
			return "", nil
		}
	}
	return key, s
}

func hasItsName(p *Pod) Waiting {
	if p.Job == nil || p.Now.Hostname == "" || p.Gone() {
		return Waiting{}
	}
	o := p.World.others()
	key, s := o.headless(p)
	if s == nil {
		return Waiting{}
	}
	is, listed := o.named(key, p.UID)
	serves := p.Now.Ready && p.Now.Active()
	switch {
	case serves && (!listed || !is.ready || is.host != p.Now.Hostname):
		return Waiting{For: "its name in the EndpointSlices of Service/" + key[len(p.Namespace)+1:]}
	case listed && is.ready && (p.Now.Finished() || !serves && !s.notReady):
		return Waiting{For: "its name to be taken from the EndpointSlices of Service/" + key[len(p.Namespace)+1:]}
	default:
		return Waiting{}
	}
}

// leftName is the name that a pod left behind when it went.
type leftName struct{ service, pod string }

// noteNameLeft is the hook that forgetsNames needs.
func noteNameLeft(p *Pod) Answer {
	if !p.Gone() || p.Job == nil || p.Now.Hostname == "" {
		return Answer{}
	}
	o := p.World.others()
	key, s := o.headless(p)
	if s == nil {
		return Answer{}
	}
	if _, listed := o.named(key, p.UID); listed {
		left := remember[[]leftName](&p.Job.memory, "names")
		*left = append(*left, leftName{key, p.UID})
	}
	return Answer{}
}

// forgetsNames is the wait for the names of pods that are gone to be taken away.
func forgetsNames(j *Job) Waiting {
	left, _ := j.memory.of["names"].(*[]leftName)
	if left == nil || j.Gone {
		return Waiting{}
	}
	o := j.World.others()
	for len(*left) > 0 {
		first := (*left)[0]
		if is, listed := o.named(first.service, first.pod); listed && is.ready && o.services[first.service] != nil {
			return Waiting{For: "the name of its pod " + first.pod + ", which is gone, to be taken from the EndpointSlices"}
		}
		*left = (*left)[1:]
	}
	return Waiting{}
}
