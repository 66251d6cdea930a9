package judge

import (
	"fmt"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/types"
)

// uids returns so many uids.
func uids(n int) []types.UID {
	var list []types.UID
	for i := range n {
		list = append(list, types.UID(fmt.Sprint("pod-", i)))
	}
	return list
}

// perIndex makes a Job an Indexed one of four indexes, of which two may fail, each at once.
func perIndex(s *batchv1.JobSpec) {
	s.CompletionMode, s.Parallelism, s.Completions = new(batchv1.IndexedCompletion), new(int32(4)), new(int32(4))
	s.BackoffLimit, s.BackoffLimitPerIndex, s.MaxFailedIndexes = new(int32(1<<31-1)), new(int32(0)), new(int32(2))
}

// indexes sets the lists of indexes and the count.
func indexes(s *batchv1.JobStatus, succeeded int32, completed, failed string) {
	s.Succeeded, s.CompletedIndexes, s.FailedIndexes = succeeded, completed, &failed
}

// deadline is a Job that may run for five seconds.
func deadline(s *batchv1.JobSpec) { s.ActiveDeadlineSeconds = new(int64(5)) }

func TestDeadline(t *testing.T) {
	for _, e := range []entry{
		{"it has passed to the second", func(d *diary) {
			d.born(deadline)
			d.starts(1)
			d.versions += 4
			d.decides(batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
		}, ""},
		{"the clock is a second behind", func(d *diary) {
			d.born(deadline)
			d.starts(1)
			d.versions += 3
			d.decides(batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
		}, ""},
		{"it has not passed", func(d *diary) {
			d.born(deadline)
			d.starts(1)
			d.versions += 2
			d.decides(batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
		}, "S17"},
		{"there is none", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.decides(batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
		}, "S17"},
		{"the Job is suspended", func(d *diary) {
			d.born(deadline)
			d.starts(1)
			d.versions += 9
			d.user(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
			d.decides(batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
		}, "S17"},
		{"the Job has not started", func(d *diary) {
			d.born(deadline)
			d.controller(func(s *batchv1.JobStatus) {
				d.turn(s, batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
			})
		}, "S17"},
		{"another controller has its own deadline", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) {
				s.StartTime = new(d.now())
				d.turn(s, batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
			})
		}, ""},
	} {
		e.check(t)
	}
}

func TestPrecedence(t *testing.T) {
	// decides has the Job's pods counted so and then the outcome decided.
	decides := func(
		spec func(*batchv1.JobSpec), before func(*batchv1.JobStatus), c batchv1.JobConditionType, reason string,
	) func(*diary) {
		return func(d *diary) {
			d.born(spec)
			d.starts(1)
			if before != nil {
				d.controller(before)
			}
			d.versions += 9
			d.decides(c, reason)
		}
	}
	met, target := batchv1.JobSuccessCriteriaMet, batchv1.JobFailureTarget
	noRetry := func(s *batchv1.JobSpec) { deadline(s); s.BackoffLimit = new(int32(0)) }
	failed := func(s *batchv1.JobStatus) { sees(s, nil, []types.UID{"a"}) }
	policy := func(s *batchv1.JobSpec) {
		perIndex(s)
		s.SuccessPolicy = &batchv1.SuccessPolicy{Rules: []batchv1.SuccessPolicyRule{{SucceededCount: new(int32(2))}}}
	}
	for _, e := range []entry{
		{"the deadline passes and a pod failed that may be replaced", decides(deadline, failed, target, "DeadlineExceeded"), ""},
		{"the deadline passes and more failed than may", decides(noRetry, failed, target, "DeadlineExceeded"), "S18"},
		{"more failed than may", decides(noRetry, failed, target, "BackoffLimitExceeded"), ""},
		{"the deadline passes, and pods that have to go are counted failed", func(d *diary) {
			d.born(noRetry)
			d.starts(1)
			d.versions += 9
			d.controller(func(s *batchv1.JobStatus) {
				s.Active = 0
				sees(s, nil, []types.UID{"a"})
				d.turn(s, target, "DeadlineExceeded")
			})
		}, ""},
		{"too many indexes failed and the last one ends", decides(perIndex, func(s *batchv1.JobStatus) {
			indexes(s, 1, "0", "1-3")
		}, target, "FailedIndexes"), "S18"},
		{"an index failed and the success policy is met by the others", decides(policy, func(s *batchv1.JobStatus) {
			indexes(s, 3, "0-2", "3")
		}, met, "SuccessPolicy"), "S18"},
		{"an index failed and the success policy is met before the others end", decides(policy, func(s *batchv1.JobStatus) {
			indexes(s, 2, "0,1", "3")
		}, met, "SuccessPolicy"), ""},
		{"all completions are reached and the success policy is met", decides(policy, func(s *batchv1.JobStatus) {
			indexes(s, 4, "0-3", "")
		}, met, "CompletionsReached"), "S18"},
		{"a Job fails although all its pods have succeeded", func(d *diary) {
			d.born(noRetry)
			d.starts(1)
			d.versions += 9
			d.controller(func(s *batchv1.JobStatus) {
				s.Active = 0
				sees(s, []types.UID{"a"}, nil)
				d.turn(s, target, "DeadlineExceeded")
			})
			d.fails()
		}, ""},
		{"more pods fail than may after the success criteria were met", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.Completions, s.BackoffLimit = nil, new(int32(0)) })
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) {
				s.Active = 0
				sees(s, []types.UID{"a"}, nil)
				d.turn(s, met, "CompletionsReached")
			})
			d.controller(func(s *batchv1.JobStatus) { sees(s, nil, []types.UID{"b"}) })
			d.completes()
		}, ""},
	} {
		e.check(t)
	}
}

func TestSuccess(t *testing.T) {
	met := batchv1.JobSuccessCriteriaMet
	for _, e := range []entry{
		{"a Job of no completions needs none", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.Completions = new(int32(0)) })
			d.starts(0)
			d.decides(met, batchv1.JobReasonCompletionsReached)
			d.completes()
		}, ""},
		{"a work queue needs one", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.Completions = nil })
			d.starts(1)
			d.decides(met, batchv1.JobReasonCompletionsReached)
		}, "S19"},
		{"completions are missing", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.Completions = new(int32(2)) })
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { sees(s, uids(1), nil) })
			d.decides(met, batchv1.JobReasonCompletionsReached)
		}, "S19"},
		{"a pod that was counted failed exits 0", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { sees(s, nil, uids(1)) })
			d.decides(met, batchv1.JobReasonCompletionsReached)
		}, ""},
		{"more have succeeded than can be listed", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.Completions = new(int32(900)) })
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) {
				s.Active = 0
				sees(s, uids(500), nil)
				d.turn(s, met, batchv1.JobReasonCompletionsReached)
			})
		}, ""},
		{"completions are raised after the decision", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.CompletionMode = new(batchv1.IndexedCompletion) })
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) {
				s.Active, s.Succeeded, s.CompletedIndexes = 0, 1, "0"
				d.turn(s, met, batchv1.JobReasonCompletionsReached)
			})
			d.user(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = new(int32(2)), new(int32(2)) })
			d.completes()
		}, ""},
		{"an index is missing", func(d *diary) {
			d.born(perIndex)
			d.starts(4)
			d.controller(func(s *batchv1.JobStatus) { indexes(s, 3, "0-2", "") })
			d.decides(met, batchv1.JobReasonCompletionsReached)
		}, "S19"},
		{"a success policy that there is none of", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.decides(met, batchv1.JobReasonSuccessPolicy)
		}, "S19"},
		{"somebody else met the criteria", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.by("kubectl-edit", func(s *batchv1.JobStatus) { d.turn(s, met, batchv1.JobReasonCompletionsReached) })
		}, ""},
	} {
		e.check(t)
	}
}

// policyThat has one rule.
func policyThat(action batchv1.PodFailurePolicyAction) *batchv1.PodFailurePolicy {
	return &batchv1.PodFailurePolicy{Rules: []batchv1.PodFailurePolicyRule{{Action: action}}}
}

func TestFailedIndexes(t *testing.T) {
	target := batchv1.JobFailureTarget
	unlimited := func(s *batchv1.JobSpec) { perIndex(s); s.MaxFailedIndexes = nil }
	decides := func(spec func(*batchv1.JobSpec), completed, failed string, n int32, reason string) func(*diary) {
		return func(d *diary) {
			d.born(spec)
			d.starts(4)
			d.controller(func(s *batchv1.JobStatus) { indexes(s, n, completed, failed) })
			d.decides(target, reason)
		}
	}
	for _, e := range []entry{
		{"all have ended", decides(perIndex, "0,2,3", "1", 3, "FailedIndexes"), ""},
		{"all have ended, without maxFailedIndexes", decides(unlimited, "0", "1-3", 1, "FailedIndexes"), ""},
		{"one is left", decides(perIndex, "2,3", "1", 2, "FailedIndexes"), "S20"},
		{"none failed", decides(perIndex, "0-3", "", 4, "FailedIndexes"), "S20"},
		{"more failed than may", decides(perIndex, "0", "1-3", 1, "MaxFailedIndexesExceeded"), ""},
		{"as many failed as may", decides(perIndex, "0", "1,2", 1, "MaxFailedIndexesExceeded"), "S20"},
		{"a policy that fails the Job", decides(func(s *batchv1.JobSpec) {
			perIndex(s)
			s.PodFailurePolicy = policyThat(batchv1.PodFailurePolicyActionFailJob)
		}, "0", "", 1, "PodFailurePolicy"), ""},
		{"a policy that only ignores", decides(func(s *batchv1.JobSpec) {
			perIndex(s)
			s.PodFailurePolicy = policyThat(batchv1.PodFailurePolicyActionIgnore)
		}, "0", "", 1, "PodFailurePolicy"), "S20"},
		{"no policy", decides(perIndex, "0", "", 1, "PodFailurePolicy"), "S20"},
		{"any number may fail", decides(unlimited, "0", "1-3", 1, "MaxFailedIndexesExceeded"), "S20"},
	} {
		e.check(t)
	}
}

func TestOutcomeIsDecidedWithoutPods(t *testing.T) {
	for _, e := range []entry{
		{"one is active", func(d *diary) {
			d.born(deadline)
			d.starts(1)
			d.versions += 9
			d.controller(func(s *batchv1.JobStatus) { d.turn(s, batchv1.JobFailureTarget, "DeadlineExceeded") })
		}, "S25"},
		{"one is active again when its deletion is tried again", func(d *diary) {
			d.born(deadline)
			d.starts(1)
			d.versions += 9
			d.decides(batchv1.JobFailureTarget, "DeadlineExceeded")
			d.controller(func(s *batchv1.JobStatus) { s.Active = 1 })
		}, ""},
	} {
		e.check(t)
	}
}

func TestMatchesSuccessPolicy(t *testing.T) {
	rule := func(indexes string, count int32) batchv1.SuccessPolicyRule {
		r := batchv1.SuccessPolicyRule{}
		if indexes != "" {
			r.SucceededIndexes = &indexes
		}
		if count > 0 {
			r.SucceededCount = &count
		}
		return r
	}
	for _, c := range []struct {
		name      string
		rules     []batchv1.SuccessPolicyRule
		completed string
		want      bool
	}{
		{"no index has completed", []batchv1.SuccessPolicyRule{rule("0", 0)}, "", false},
		{"all indexes of the rule", []batchv1.SuccessPolicyRule{rule("1-3", 0)}, "1-4", true},
		{"not all of them", []batchv1.SuccessPolicyRule{rule("1-3", 0)}, "1,2,4", false},
		{"written otherwise", []batchv1.SuccessPolicyRule{rule("1,2-3", 0)}, "1-3", true},
		{"enough of them", []batchv1.SuccessPolicyRule{rule("1-3", 2)}, "0,1,3,4", true},
		{"not enough of them", []batchv1.SuccessPolicyRule{rule("1-3", 2)}, "0,3-5", false},
		{"enough of any", []batchv1.SuccessPolicyRule{rule("", 3)}, "0,3,5", true},
		{"not enough of any", []batchv1.SuccessPolicyRule{rule("", 3)}, "0,3", false},
		{"the second rule", []batchv1.SuccessPolicyRule{rule("7", 0), rule("0", 0)}, "0", true},
		{"no index of the rule is below completions", []batchv1.SuccessPolicyRule{rule("20-30", 0)}, "0", false},
		{"those of the rule that are below completions", []batchv1.SuccessPolicyRule{rule("8-30", 0)}, "8,9", true},
		{"no rule", nil, "0", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			completed, err := ParseIndexes(c.completed)
			if err != nil {
				t.Fatal(err)
			}
			v := &JobVersion{Completed: completed, Spec: &batchv1.JobSpec{
				Completions: new(int32(10)), SuccessPolicy: &batchv1.SuccessPolicy{Rules: c.rules},
			}}
			if got := matchesSuccessPolicy(v); got != c.want {
				t.Errorf("it matches: %v, want %v", got, c.want)
			}
		})
	}
}
