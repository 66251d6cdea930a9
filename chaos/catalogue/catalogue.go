package catalogue

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jobproof/jobproof/chaos"
)

// On says what a fault hits, and so which part of a Target it looks at.
type On string

// What a fault hits.
const (
	OnPod          On = "pod"          // Target.Pod
	OnJob          On = "job"          // Target.Job, and Target.Index if there is one
	OnNode         On = "node"         // Target.Node
	OnControlPlane On = "controlplane" // nothing of a Target
	OnRequests     On = "requests"     // nothing of a Target
	OnNamespace    On = "namespace"    // nothing of a Target: the namespace of the chaos.Site
)

// Target is what a fault is to hit.
type Target struct {
	Pod   string
	Job   string
	Index *int // of a pod of the Job; nil if the fault is not about one index
	Node  string
}

// Param is a parameter that a fault takes.
type Param struct {
	Name string
	// Says what it is, with its unit and what it is if it is left out.
	Says string
}

// Kind is one fault.
type Kind struct {
	// Name is what chaos.Fault's Name returns.
	Name string
	// Says what it does, in one sentence.
	Says string
	On   On
	// Anywhere is true if it may hit a cluster that jobproof did not make, where the namespace carries chaos.OptIn.
	Anywhere bool
	// Serial is true if it hits what all specs share, so that no other may run beside it.
	Serial bool
	Params []Param
	// New returns the fault for a target. Its error says which parameter is wrong and what would be right. It reaches no
	// cluster: plans are checked by it before there is one.
	New func(Target, map[string]string) (chaos.Fault, error)
}

// All returns every fault, by name.
func All() []Kind {
	kinds := slices.Concat(onPods, onNodes, onControlPlane, onRequests, throughProxy)
	slices.SortFunc(kinds, func(a, b Kind) int { return cmp.Compare(a.Name, b.Name) })
	return kinds
}

// Find returns the fault of that name; its error names the nearest there is.
func Find(name string) (Kind, error) {
	all := All()
	names := make([]string, len(all))
	for i, kind := range all {
		if kind.Name == name {
			return kind, nil
		}
		names[i] = kind.Name
	}
	return Kind{}, fmt.Errorf("there is no fault %q: %s", name, Suggest(name, names))
}

// Make returns the fault for a target after it has checked the parameters' names.
func (k Kind) Make(target Target, params map[string]string) (chaos.Fault, error) {
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if !slices.ContainsFunc(k.Params, func(p Param) bool { return p.Name == name }) {
			return nil, fmt.Errorf("%s takes no parameter %q: %s", k.Name, name, k.takes())
		}
	}
	return k.New(target, params)
}

func (k Kind) takes() string {
	if len(k.Params) == 0 {
		return "it takes none"
	}
	var each []string
	for _, p := range k.Params {
		each = append(each, p.Name+" ("+p.Says+")")
	}
	return "it takes " + strings.Join(each, ", ")
}
