package expect

import (
	"errors"
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	k8stypes "k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

// CountedSuccesses expects status.succeeded to have risen to n and never to have been higher or to have fallen.
func CountedSuccesses(n int32) types.GomegaMatcher {
	return past(fmt.Sprintf("have counted %d as succeeded", n), func(job *history.Job) error {
		return rose(job, history.Changes(job, history.Succeeded), n)
	})
}

// CountedFailures expects status.failed to have risen to n and never to have been higher or to have fallen.
func CountedFailures(n int32) types.GomegaMatcher {
	return past(fmt.Sprintf("have counted %d as failed", n), func(job *history.Job) error {
		return rose(job, history.Changes(job, history.Failed), n)
	})
}

func rose(job *history.Job, readings []history.Reading[int32], to int32) error {
	for i, reading := range readings {
		if i > 0 && reading.Value < readings[i-1].Value {
			return fmt.Errorf("the count fell from %d to %d %s", readings[i-1].Value, reading.Value, at(job, reading.Step))
		}
	}
	if last := readings[len(readings)-1]; last.Value != to {
		return fmt.Errorf("it counted %d, the last %s", last.Value, at(job, last.Step))
	}
	return nil
}

// CountedEachPodOnce expects of a NonIndexed Job that every rise of succeeded and failed took as many uids off
// uncountedTerminatedPods in the same version, that each was a pod of the Job, and that none was taken off twice.
func CountedEachPodOnce() types.GomegaMatcher {
	return past("have counted each of its pods once", func(job *history.Job) error {
		pods := map[k8stypes.UID]string{}
		for _, pod := range job.Pods() {
			pods[k8stypes.UID(pod.UID)] = pod.Name
		}
		counted := map[k8stypes.UID]bool{}
		var before *batchv1.Job
		for _, version := range job.Versions() {
			after := version.Job()
			if before != nil {
				was, is := uncounted(before), uncounted(after)
				for _, counter := range []struct {
					name  string
					was   []k8stypes.UID
					is    []k8stypes.UID
					moved int32
				}{
					{"succeeded", was.Succeeded, is.Succeeded, after.Status.Succeeded - before.Status.Succeeded},
					{"failed", was.Failed, is.Failed, after.Status.Failed - before.Status.Failed},
				} {
					taken := slices.DeleteFunc(slices.Clone(counter.was), func(uid k8stypes.UID) bool {
						return slices.Contains(counter.is, uid)
					})
					if int(counter.moved) != len(taken) {
						return fmt.Errorf("%s moved by %d (rv %d) while %s left uncountedTerminatedPods",
							counter.name, counter.moved, version.RV, count(len(taken), "uid"))
					}
					for _, uid := range taken {
						switch {
						case pods[uid] == "":
							return fmt.Errorf("%s counts the uid %s (rv %d), which was no pod of it", counter.name, uid, version.RV)
						case counted[uid]:
							return fmt.Errorf("%s was counted again, as %s (rv %d)", pods[uid], counter.name, version.RV)
						}
						counted[uid] = true
					}
				}
			}
			before = after
		}
		if len(counted) == 0 {
			return errors.New("it counted none")
		}
		return nil
	})
}

func uncounted(job *batchv1.Job) batchv1.UncountedTerminatedPods {
	if job.Status.UncountedTerminatedPods == nil {
		return batchv1.UncountedTerminatedPods{}
	}
	return *job.Status.UncountedTerminatedPods
}

// LeftNothingUncounted expects the Job, as it was last seen, to say that no pod is left: none active, ready or
// terminating, and an empty uncountedTerminatedPods.
func LeftNothingUncounted() types.GomegaMatcher {
	return past("have left no pod active, ready, terminating or uncounted", func(job *history.Job) error {
		status := job.Last().Status
		zero := func(n *int32) bool { return n != nil && *n == 0 }
		left := status.UncountedTerminatedPods
		if status.Active != 0 || !zero(status.Ready) || !zero(status.Terminating) ||
			left == nil || len(left.Succeeded) != 0 || len(left.Failed) != 0 {
			return fmt.Errorf("its last status was active %d, ready %s, terminating %s, uncountedTerminatedPods %v",
				status.Active, number(status.Ready), number(status.Terminating), left)
		}
		return nil
	})
}

func number[T int32 | int64](n *T) string {
	if n == nil {
		return "unset"
	}
	return fmt.Sprint(*n)
}

// CreatedNoPodOnceItHadCountedASuccess expects no pod to have been created after status.succeeded first rose, which it
// must have.
func CreatedNoPodOnceItHadCountedASuccess() types.GomegaMatcher {
	return past("have created no pod once it had counted a success", func(job *history.Job) error {
		readings := history.Changes(job, history.Succeeded)
		first := slices.IndexFunc(readings, func(r history.Reading[int32]) bool { return r.Value > 0 })
		if first < 0 {
			return errors.New("it counted none")
		}
		for _, pod := range job.Pods() {
			if success := readings[first].Step; success.Before(pod.Created) {
				return fmt.Errorf("%s was created %s, after it had counted one %s", pod.Name, at(job, pod.Created), at(job, success))
			}
		}
		return nil
	})
}

// Unset stands for a field without a value in AskedFor.
const Unset int32 = -1

// AskedFor expects the Job to have been accepted with these completions and parallelism, defaults included. Either may
// be Unset.
func AskedFor(completions, parallelism int32) types.GomegaMatcher {
	want := fmt.Sprintf("completions %s and parallelism %s", figure(completions), figure(parallelism))
	return past("have been accepted with "+want, func(job *history.Job) error {
		spec := job.First().Spec
		if got := fmt.Sprintf("completions %s and parallelism %s", number(spec.Completions), number(spec.Parallelism)); got != want {
			return fmt.Errorf("it was with %s", got)
		}
		return nil
	})
}

func figure(n int32) string {
	if n == Unset {
		return "unset"
	}
	return fmt.Sprint(n)
}
