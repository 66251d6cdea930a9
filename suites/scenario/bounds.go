package scenario

import "time"

// Bound is the longest that a wait may last, and where that figure comes from. A bound ends a wait that would never end:
// it is generous, so that a busy machine changes no verdict. A claim about time is proved on the timestamps of the
// history, not by a bound.
type Bound struct {
	Limit  time.Duration
	Origin string
}

// Bounds on waiting for a cluster. Places in Kubernetes are given for v1.37.0.
var (
	// Prompt is for what follows at once, and for waits that name no bound.
	Prompt = Bound{3 * time.Minute, "the Job controller retries within 1 min (MaxJobApiBackOff, " +
		"pkg/controller/job/job_controller.go:75) and a pod has 30 s to end; doubled for a busy machine"}
	// Replacement is for a pod that follows one to three failed ones.
	Replacement = Bound{5 * time.Minute, "the back-off after failures is 10 s, 20 s, 40 s " +
		"(DefaultJobPodFailureBackOff, pkg/controller/job/job_controller.go:77), 70 s in all; on top of Prompt and rounded up"}
	// NodeLoss is for a node that is no longer heard of to be NotReady.
	NodeLoss = Bound{4 * time.Minute, "50 s (NodeMonitorGracePeriod, pkg/controller/nodelifecycle/config/v1alpha1/defaults.go:46); " +
		"on top of Prompt and rounded up"}
	// Eviction is for the pods of a lost node to be marked for deletion, counted from the loss.
	Eviction = Bound{10 * time.Minute, "50 s until the node is NotReady and 300 s of toleration " +
		"(defaultUnreachableTolerationSeconds, plugin/pkg/admission/defaulttolerationseconds/admission.go:45); on top of Prompt and rounded up"}
)

// Bounds on what the harness itself does around a spec.
var (
	// seen is how long the recorder may take to see what the harness has just written.
	seen = Bound{time.Minute, "the watches of recorded runs were up to 0.1 s apart; the rest is for a busy machine"}
	// settled is how long clearing up at the end of a spec may take.
	settled = Bound{time.Minute, "a handful of requests to the API server; the rest is for a busy machine"}
	// idled is how long the controllers may take to be idle. A wait that is over for the judge is not waited for any longer.
	idled = Bound{4 * time.Minute, "what is waited for has bounds of some 3 min (reports/judge/bounds.go); the rest is for a busy machine"}
	// lastWords is how long a finished Job's last Event is waited for. It is no failure if there is none.
	lastWords = Bound{5 * time.Second, "it is written right after the status (pkg/controller/job/job_controller.go, " +
		"trackJobStatusAndRemoveFinalizers) and best effort"}
)
