package judge

import "time"

// What the controllers take their time for, by their own constants. Unless another folder is named they are those of the
// Job controller, pkg/controller/job/job_controller.go.
const (
	syncBatch    = time.Second      // :71, SyncJobBatchPeriod: what happens to pods is looked at together
	firstRetry   = time.Second      // :73, DefaultJobApiBackOff: after a sync that failed, doubled each time
	longestRetry = time.Minute      // :75, MaxJobApiBackOff
	firstBackOff = 10 * time.Second // :77, DefaultJobPodFailureBackOff: before a failed pod is replaced, doubled each time
	lastBackOff  = 10 * time.Minute // :79, MaxJobPodFailureBackOff
	expectation  = 5 * time.Minute  // pkg/controller/controller_utils.go:72, ExpectationsTimeout: a watch that lost a pod
	manyRequests = 100              // pods; more than those take a while: see requests

	crashLoop     = 5 * time.Minute  // pkg/kubelet/apis/config/v1beta1/defaults.go:45, MaxContainerBackOff
	leaseDuration = 15 * time.Second // k8s.io/component-base config/v1alpha1/defaults.go:38
	leaseRetry    = 2 * time.Second  // :44, RetryPeriod

	gcPeriod   = 20 * time.Second // pkg/controller/podgc/gc_controller.go:48, gcCheckPeriod
	quarantine = 40 * time.Second // pkg/controller/podgc/gc_controller.go:51, quarantineTime

	namesRetry     = time.Second          // pkg/controller/endpointslice/endpointslice_controller.go:72, defaultSyncBackOff, doubled
	defaultRetry   = 5 * time.Millisecond // client-go, util/workqueue/default_rate_limiters.go:52, doubled each time
	runtimeRequest = 2 * time.Minute      // pkg/kubelet/apis/config/v1beta1/defaults.go:188, RuntimeRequestTimeout
	busyServer     = time.Minute          // an estimate: how long requests may take when many are made at once
)

// doubled adds up n waits of which the first is given and each is twice the one before, but at most the longest.
func doubled(first, longest time.Duration, n int) (sum time.Duration) {
	for range n {
		sum += first
		first = min(2*first, longest)
	}
	return sum
}

// How long a state may last. None of them is a promise of Kubernetes: they are what its constants add up to if all that may
// go wrong on the way does go wrong several times in a row.
var (
	// accountingBound is for what a sync of the Job controller does whenever it can.
	accountingBound = Bound{
		Limit:  syncBatch + doubled(firstRetry, longestRetry, 8),
		Origin: "1 s in which changes are gathered, and eight retries after 1, 2, 4 … 32, 60 and 60 s",
	}
	// managingBound is for what a sync does not do while it expects to see pods that it created or deleted.
	managingBound = Bound{
		Limit:  expectation + syncBatch + longestRetry,
		Origin: "5 min for which pods that were created or deleted are expected to be seen, 1 s in which changes are gathered, and a retry after 60 s",
	}
	// takeoverBound is for a controller manager that crashed and whatever it left undone.
	takeoverBound = Bound{
		Limit:  crashLoop + leaseDuration + leaseRetry + managingBound.Limit,
		Origin: "5 min until a container that crashed is started again, 15 s until the lease has run out, 2 s until it is taken, and then what managing a Job takes",
	}
	// cleaningBound is for the garbage collector, the TTL controller and the CronJob controller.
	cleaningBound = Bound{
		Limit:  doubled(defaultRetry, time.Hour, 15) + longestRetry,
		Origin: "fifteen retries, the first after 5 ms and each twice as late as the one before, and a minute for a busy API server (an estimate)",
	}
	// removingBound is for pods that are to be deleted and, once their grace is over, to go.
	removingBound = Bound{
		Limit:  3 * runtimeRequest,
		Origin: "three requests of the kubelet to its container runtime that take the 2 min that each may",
	}
	// evictingBound is for the eviction of a pod whose tolerations have run out.
	evictingBound = Bound{
		Limit:  2 * busyServer,
		Origin: "a timer that runs out when the toleration does, and twice a minute for a busy API server (an estimate)",
	}
	// collectingBound is for pods whose node is gone or out of service.
	collectingBound = Bound{
		Limit:  2 * (gcPeriod + quarantine + gcPeriod),
		Origin: "20 s until a node is missed, 40 s of quarantine, 20 s until it is looked for again, and all that once more",
	}
	// namingBound is for the names of pods in EndpointSlices.
	namingBound = Bound{
		Limit:  doubled(namesRetry, time.Hour, 7),
		Origin: "seven retries, the first after 1 s and each twice as late as the one before",
	}
)

// podBackOff is the longest that a Job may wait after its last failure before it replaces the pod: n failures in a row double
// it n-1 times. It is given once more than the controller does, for a failure that it counted in two syncs
// (pkg/controller/job/backoff_utils.go, getRemainingTimeForFailuresCount).
func podBackOff(n int) time.Duration {
	wait := firstBackOff
	for range n {
		if wait = 2 * wait; wait >= lastBackOff {
			return lastBackOff
		}
	}
	return wait
}
