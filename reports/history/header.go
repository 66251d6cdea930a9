package history

import (
	"encoding/json"
	"fmt"
	"time"
)

// format is the version of the file's format that this package writes and reads.
const format = 2

// Where a history comes from.
const (
	Recorded = "recorded" // a Recorder wrote it
	Hand     = "hand"     // somebody made it
)

// Order says how the lines of a sealed history are sorted.
type Order string

const (
	// ByRV sorts all lines by resource version. It is for clusters that were seen to keep all kinds in one etcd: there it
	// is the order in which things happened.
	ByRV Order = "rv"
	// ByArrival sorts each kind by resource version and leaves the kinds interleaved as they arrived.
	ByArrival Order = "arrival"
)

// Header is the first line of a history file.
type Header struct {
	// Format is the version of the file's format; this package writes and reads format 2.
	Format int `json:"history"`
	// Run is the id of the run and Spec the full text of the spec; either may be empty.
	Run  string `json:"run,omitempty"`
	Spec string `json:"spec,omitempty"`
	// Cluster is the cluster's name.
	Cluster string `json:"cluster,omitempty"`
	// Namespace is where the objects are, those without a namespace aside. It is empty for a history over several.
	Namespace string `json:"namespace"`
	// Kubernetes is the API server's version, such as v1.37.0.
	Kubernetes string `json:"kubernetes,omitempty"`
	// Start is when recording began, on the recorder's clock.
	Start time.Time `json:"start"`
	// Order is how the lines are sorted once the history is sealed.
	Order Order `json:"order,omitempty"`
	// Audited says that the writes of the API server's audit log are in the history: what is missing was not written.
	Audited bool `json:"audited"`
	// Origin is Recorded or Hand.
	Origin string `json:"origin,omitempty"`
	// Controller is who led as kube-controller-manager when recording began; nil if unknown.
	Controller *Controller `json:"controller,omitempty"`
}

// Controller is the state of the Lease kube-system/kube-controller-manager.
type Controller struct {
	// Holder is the Lease's holderIdentity.
	Holder string `json:"holder"`
	// Transitions is the Lease's leaseTransitions: it grows with every change of the leader.
	Transitions int32 `json:"transitions"`
}

// End is the last line of a sealed history.
type End struct {
	// At is when recording stopped, on the recorder's clock.
	At time.Time `json:"at"`
	// Lines is the number of lines before this one.
	Lines int `json:"lines"`
	// XXH64 is the XXH64 hash, seed 0, of all bytes before this line, as 16 hexadecimal digits.
	XXH64 string `json:"xxh64"`
	// Controller is who led when recording stopped; nil if unknown.
	Controller *Controller `json:"controller,omitempty"`
}

// completed fills in what may be left out of a header: the format, the order (ByRV) and the origin (Hand).
func (h Header) completed() (Header, error) {
	h.Format = format
	if h.Order == "" {
		h.Order = ByRV
	}
	if h.Origin == "" {
		h.Origin = Hand
	}
	return h, h.check()
}

// check refuses a header that no sealed history has.
func (h Header) check() error {
	switch {
	case h.Format != format:
		return fmt.Errorf("a history of format %d; this program reads format %d", h.Format, format)
	case h.Order != ByRV && h.Order != ByArrival:
		return fmt.Errorf("unknown order %q", h.Order)
	case h.Origin != Recorded && h.Origin != Hand:
		return fmt.Errorf("unknown origin %q", h.Origin)
	}
	return nil
}

// parseHeader reads the first line of a file, sealed or not.
func parseHeader(text []byte) (Header, error) {
	var first struct {
		Format *int `json:"history"`
	}
	if err := json.Unmarshal(text, &first); err != nil {
		return Header{}, fmt.Errorf("not a history: %w", err)
	}
	if first.Format == nil {
		return Header{}, errNoHeader
	}
	if *first.Format != format {
		return Header{}, Header{Format: *first.Format}.check()
	}
	var h Header
	if err := json.Unmarshal(text, &h); err != nil {
		return Header{}, fmt.Errorf("not a history: %w", err)
	}
	return h, nil
}
