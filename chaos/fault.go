package chaos

import (
	"context"
	"time"
)

// Fault is one thing that is made to go wrong, once.
type Fault interface {
	// Name is what plans and reports call it: delete-pod.
	Name() string
	// Target is what it hits, in the words of kubectl: pod/demo-x2x5z, node/worker3, deployment/coredns.
	Target() string
	// Arm makes sure that the target is there and may be hit, and returns what undoes the fault; nothing for one that cannot
	// be undone and leaves nothing behind, such as the deletion of a pod. It changes nothing.
	Arm(ctx context.Context, site *Site) (Undo, error)
	// Inject makes it go wrong. It returns when that was asked for, not when it is so.
	Inject(ctx context.Context, site *Site) error
	// Confirm waits until somebody who did not inject it observes that the fault took effect, and says in one sentence who
	// observed what. It must fail, with ctx's error, if the fault was never injected.
	Confirm(ctx context.Context, site *Site) (observed string, err error)
	// Healed waits until what the Undo has put right is seen to be right.
	Healed(ctx context.Context, site *Site) error
	// Bounds says how long Confirm and Healed may take.
	Bounds() Bounds
}

// Bounds is how long a fault may take to be confirmed, and to be seen healed, and where the figures come from.
type Bounds struct {
	Confirm, Heal time.Duration
	Origin        string
}

// Hit is what became of a fault.
type Hit struct {
	Fault  string `json:"fault"`
	Target string `json:"target"`
	// Injected, Confirmed and Healed are zero if it did not come to that.
	Injected  time.Time `json:"injected,omitzero"`
	Confirmed time.Time `json:"confirmed,omitzero"`
	Healed    time.Time `json:"healed,omitzero"`
	// Observed is what Confirm says.
	Observed string `json:"observed,omitempty"`
}
