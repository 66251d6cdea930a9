package expect

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/jobproof/jobproof/reports/history"
)

// RanAtMost expects that there were never more than n active pods, at any resource version of the history. Pods that are
// being deleted do not count, as they do not for the Job controller.
func RanAtMost(n int) types.GomegaMatcher {
	return past(fmt.Sprintf("have run at most %s at a time", count(n, "pod")), func(job *history.Job) error {
		if most := job.MostActive(); most.Active > n {
			return fmt.Errorf("%d were active %s", most.Active, at(job, most.Step))
		}
		return nil
	})
}

// RanAtOnce expects a moment at which n pods were in phase Running together: the bound of RanAtMost was not only kept but
// reached.
func RanAtOnce(n int) types.GomegaMatcher {
	return past("have run "+count(n, "pod")+" at the same time", func(job *history.Job) error {
		type change struct{ index, by int }
		var changes []change
		for _, pod := range job.Pods() {
			if !pod.Running.Happened() {
				continue
			}
			changes = append(changes, change{pod.Running.Index, +1})
			over := pod.DeletionMarked
			if end(pod).Before(over) {
				over = end(pod)
			}
			if over.Happened() {
				changes = append(changes, change{over.Index, -1})
			}
		}
		slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.index, b.index) })
		running, most := 0, 0
		for _, change := range changes {
			running += change.by
			most = max(most, running)
		}
		if most < n {
			return fmt.Errorf("at most %d ran together", most)
		}
		return nil
	})
}

// RanOneAfterAnother expects each pod to have been created after the one before it had finished.
func RanOneAfterAnother() types.GomegaMatcher {
	return past("have run its pods one after another", func(job *history.Job) error {
		pods := job.Pods()
		for i := 1; i < len(pods); i++ {
			if before := pods[i-1]; !before.Finished.Before(pods[i].Created) {
				return fmt.Errorf("%s was created %s, and %s finished %s", pods[i].Name, at(job, pods[i].Created),
					before.Name, at(job, before.Finished))
			}
		}
		return nil
	})
}

// FollowedEachEndWithin expects every pod beyond the first n to have been created after one more had finished, no later
// than that after it.
func FollowedEachEndWithin(n int, limit time.Duration) types.GomegaMatcher {
	says := fmt.Sprintf("have started with %s and followed each end with the next pod within %v", count(n, "pod"), limit)
	return past(says, func(job *history.Job) error {
		pods := job.Pods()
		if len(pods) <= n {
			return fmt.Errorf("there was nothing to follow up: it created %s", names(pods))
		}
		ends := slices.Clone(pods)
		slices.SortFunc(ends, func(a, b history.PodLife) int {
			switch {
			case a.Finished.Before(b.Finished):
				return -1
			case b.Finished.Before(a.Finished):
				return +1
			}
			return 0
		})
		for i, next := range pods[n:] {
			ended := ends[i]
			if !ended.Finished.Before(next.Created) {
				return fmt.Errorf("%s was created %s, before %s had finished %s", next.Name, at(job, next.Created),
					count(i+1, "pod"), at(job, ended.Finished))
			}
			if took := next.Created.At.Sub(ended.Finished.At); took > limit {
				return fmt.Errorf("%s was created %s, %v after %s had finished", next.Name, at(job, next.Created), took, ended.Name)
			}
		}
		return nil
	})
}
