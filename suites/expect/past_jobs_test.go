package expect

import (
	"time"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/types"
)

var aboutJobs = map[string]question{
	"Became": {
		Became(failed, "Because", "so it is"), func(s *story) { s.finishes(failed) }, map[string]func(*story){
			`never had Failed`:           func(s *story) { s.finishes(target) },
			`because of Why, "not this"`: func(s *story) { s.becomes(failed, "True", "Why", "not this") },
		},
	},
	"BecameInTwoSteps": {
		BecameInTwoSteps(target, failed), func(s *story) { s.finishes(target, failed) }, map[string]func(*story){
			`never had FailureTarget`: func(s *story) { s.finishes(failed) },
			`never had Failed`:        func(s *story) { s.finishes(target) },
			`FailureTarget came at .*\(rv 3\) and Failed at .*\(rv 2\)`: func(s *story) { s.finishes(failed, target) },
			`(?s)FailureTarget came at .*\(rv 2\) and Failed at .*\(rv 2\)`: func(s *story) {
				s.change(s.condition(target, "True", "Because", ""), s.condition(failed, "True", "Because", ""))
			},
			`FailureTarget was for Because.* and Failed for Why`: func(s *story) { s.finishes(target).becomes(failed, "True", "Why", "") },
		},
	},
	"NeverBecame": {
		NeverBecame(failed), func(s *story) { s.finishes(met, complete) }, map[string]func(*story){
			`it did at .*\(rv 2\): Because`: func(s *story) { s.finishes(failed) },
		},
	},
	"ConditionWent": {
		ConditionWent(suspend, "True JobSuspended", "False JobResumed"),
		func(s *story) { s.change(becomesSuspended(s)).change(becomesResumed(s)).finishes(complete) }, map[string]func(*story){
			`it had \["True JobSuspended"\]`: func(s *story) { s.change(becomesSuspended(s)) },
		},
	},
	"EndedWith": {
		EndedWith(target, failed), func(s *story) { s.finishes(target, failed) }, map[string]func(*story){
			`it had \[Failed\]`: func(s *story) { s.finishes(failed) },
		},
	},
	"ChangedNothingAfter": {
		ChangedNothingAfter(complete), func(s *story) { s.finishes(met, complete).change() }, map[string]func(*story){
			`it wrote another \(rv 3\)`: func(s *story) { s.finishes(complete).counts(1, 0) },
			`never had Complete`:        func(*story) {},
		},
	},
	"CreatedNoPodAfter": {
		CreatedNoPodAfter(target), func(s *story) { s.pod("a").finishes(target).ends(1, "a") }, map[string]func(*story){
			`demo-a was created at .*\(rv 3\), after it became so at .*\(rv 2\)`: func(s *story) { s.finishes(target).pod("a") },
			`never had FailureTarget`: func(s *story) { s.pod("a") },
		},
	},
	"EndedItsPodsBefore": {
		EndedItsPodsBefore(complete), func(s *story) { s.pod("a").pod("b").ends(0, "a").loses("b").finishes(complete) },
		map[string]func(*story){
			`it became Complete at .*\(rv 3\) and demo-a ended at .*\(rv 4\)`: func(s *story) { s.pod("a").finishes(complete).ends(0, "a") },
			`and demo-a ended never`: func(s *story) { s.pod("a").deletes(0, "a").finishes(complete) },
		},
	},
	"DeletedItsPodsBefore": {
		DeletedItsPodsBefore(failed), func(s *story) { s.pod("a").deletes(30, "a").finishes(failed) }, map[string]func(*story){
			`and demo-a was marked for deletion never`: func(s *story) { s.pod("a").finishes(failed) },
		},
	},
	"SucceededBefore": {
		SucceededBefore(met, 2), func(s *story) { s.pod("a").pod("b").ends(0, "a", "b").finishes(met) }, map[string]func(*story){
			`1 had when it became so at .*\(rv 5\)`: func(s *story) { s.pod("a").pod("b").ends(0, "a").finishes(met).ends(0, "b") },
			`0 had`:                                 func(s *story) { s.pod("a").ends(1, "a").finishes(met) },
		},
	},
	"CountedSuccesses": {
		CountedSuccesses(2), func(s *story) { s.counts(1, 0).counts(2, 0) }, map[string]func(*story){
			`it counted 1, the last at .*\(rv 2\)`: func(s *story) { s.counts(1, 0) },
			`fell from 3 to 2`:                     func(s *story) { s.counts(3, 0).counts(2, 0) },
		},
	},
	"CountedFailures": {
		CountedFailures(0), func(s *story) { s.counts(2, 0) }, map[string]func(*story){
			`it counted 1`:     func(s *story) { s.counts(0, 1) },
			`fell from 1 to 0`: func(s *story) { s.counts(0, 1).counts(0, 0) },
		},
	},
	"CountedEachPodOnce": {
		CountedEachPodOnce(), func(s *story) {
			s.pod("a").pod("b").change(counting([]types.UID{"a-uid", "b-uid"}, 0)).change(counting([]types.UID{"b-uid"}, 1)).change(counting(nil, 2))
		}, map[string]func(*story){
			`it counted none`: func(s *story) { s.pod("a") },
			`failed moved by 1 \(rv 3\) while 0 uids left`: func(s *story) { s.pod("a").change(counting(nil, 1)) },
			`failed moved by 2 \(rv 4\) while 1 uid left`: func(s *story) {
				s.pod("a").change(counting([]types.UID{"a-uid"}, 0)).change(counting(nil, 2))
			},
			`failed counts the uid x-uid \(rv 3\)`: func(s *story) {
				s.change(counting([]types.UID{"x-uid"}, 0)).change(counting(nil, 1))
			},
			`demo-a was counted again, as failed \(rv 6\)`: func(s *story) {
				again := []types.UID{"a-uid"}
				s.pod("a").change(counting(again, 0)).change(counting(nil, 1)).change(counting(again, 1)).change(counting(nil, 2))
			},
		},
	},
	"LeftNothingUncounted": {
		LeftNothingUncounted(), func(s *story) {
			s.change(counting(nil, 1), func(job *batchv1.Job) { job.Status.Ready, job.Status.Terminating = new(int32(0)), new(int32(0)) })
		}, map[string]func(*story){
			`active 0, ready unset, terminating unset, uncountedTerminatedPods nil`: func(*story) {},
			`ready 0, terminating 1`: func(s *story) {
				s.change(counting(nil, 1), func(job *batchv1.Job) { job.Status.Ready, job.Status.Terminating = new(int32(0)), new(int32(1)) })
			},
		},
	},
	"CreatedNoPodOnceItHadCountedASuccess": {
		CreatedNoPodOnceItHadCountedASuccess(), func(s *story) { s.pod("a").ends(0, "a").pod("b").counts(1, 0) }, map[string]func(*story){
			`it counted none`: func(s *story) { s.pod("a") },
			`demo-b was created at .*\(rv 4\), after it had counted one at .*\(rv 3\)`: func(s *story) { s.pod("a").counts(1, 0).pod("b") },
		},
	},
	"AskedFor": {
		AskedFor(2, 1), func(*story) {}, map[string]func(*story){
			`it was with completions unset and parallelism 1`: func(s *story) {
				s.versions = nil
				s.change(func(job *batchv1.Job) { job.Spec.Completions = nil })
			},
		},
	},
	"Announced": {
		Announced("Normal SuccessfulCreate", "Warning DeadlineExceeded"),
		func(s *story) {
			s.announces("Normal", "SuccessfulCreate", "").announces("Warning", "DeadlineExceeded", "")
		}, map[string]func(*story){
			`it announced \["Warning DeadlineExceeded" "Normal SuccessfulCreate"\]`: func(s *story) {
				s.announces("Warning", "DeadlineExceeded", "").announces("Normal", "SuccessfulCreate", "")
			},
			`it announced \[\]`: func(*story) {},
		},
	},
	"AnnouncedAfter": {
		AnnouncedAfter(failed, "DeadlineExceeded"), func(s *story) { s.finishes(failed).announces("Warning", "DeadlineExceeded", "") },
		map[string]func(*story){
			`it announced it at .*\(rv 2\) and became Failed at .*\(rv 3\)`: func(s *story) { s.announces("Warning", "DeadlineExceeded", "").finishes(failed) },
			`never announced it`: func(s *story) { s.finishes(failed) },
		},
	},
	"AnnouncedEachPod": {
		AnnouncedEachPod("SuccessfulCreate", "Created pod: "), func(s *story) {
			s.pod("a").pod("b").announces("Normal", "SuccessfulCreate", "Created pod: demo-b").announces("Normal", "SuccessfulCreate", "Created pod: demo-a")
		}, map[string]func(*story){
			`messages were \["Created pod: demo-x"\]`: func(s *story) { s.pod("a").announces("Normal", "SuccessfulCreate", "Created pod: demo-x") },
		},
	},
	"CreatedNoPodWhileSuspended": {
		CreatedNoPodWhileSuspended(), func(s *story) {
			s.change(asks(true)).change(becomesSuspended(s)).change(asks(false)).change(becomesResumed(s)).pod("a")
			s.change(asks(true)).pod("under-way").change(becomesSuspended(s)).change(asks(false)).pod("b")
		}, map[string]func(*story){
			`never was suspended`: func(s *story) { s.pod("a") },
			`demo-a was created at .*\(rv 4\), and it was suspended from at .*\(rv 3\) to never`: func(s *story) {
				s.change(asks(true)).change(becomesSuspended(s)).pod("a")
			},
			`demo-a was created at .*\(rv 2\), and it was suspended from at .*\(rv 1\)`: func(s *story) {
				s.versions, s.rv = nil, 0
				s.change(asks(true)).pod("a")
			},
		},
	},
	"StartedAnewOnEachResume": {
		StartedAnewOnEachResume(), func(s *story) {
			s.change(asks(true)).change(asks(false)).change(starts(s)).change(asks(true)).change(becomesSuspended(s), stops).
				change(asks(false)).change(becomesResumed(s), starts(s))
		}, map[string]func(*story){
			`never had one`: func(*story) {},
			`startTime went from .* to .*\(rv 4\)`: func(s *story) {
				s.change(starts(s))
				first := s.job.Status.StartTime
				s.change(stops).change(func(job *batchv1.Job) { job.Status.StartTime = first })
			},
			`Suspended with startTime .* \(rv 3\)`: func(s *story) { s.change(starts(s)).change(asks(true), becomesSuspended(s)) },
		},
	},
	"HadNoActivePodWhen": {
		HadNoActivePodWhen(suspend), func(s *story) {
			s.pod("a").pod("b").ends(0, "b").deletes(30, "a").change(becomesSuspended(s)).change(becomesResumed(s)).pod("c")
		}, map[string]func(*story){
			`never had Suspended`:                           func(s *story) { s.pod("a") },
			`1 were active when it became so at .*\(rv 3\)`: func(s *story) { s.pod("a").change(becomesSuspended(s)).deletes(30, "a") },
		},
	},
	"BecameAfterRunning": {
		BecameAfterRunning(target, 90*time.Second, 5*time.Second), func(s *story) { s.change(starts(s)).pause(90).finishes(target) },
		map[string]func(*story){
			`started 0 times`:                         func(s *story) { s.finishes(target) },
			`it became so at .*\(rv 3\), after 1m29s`: func(s *story) { s.change(starts(s)).pause(88).finishes(target) },
			`after 1m36s`:                             func(s *story) { s.change(starts(s)).pause(95).finishes(target) },
		},
	},
	"DeletedAfterRunning": {
		DeletedAfterRunning(90*time.Second, 5*time.Second), func(s *story) {
			s.change(starts(s)).pod("a").ends(0, "a").pod("b").pause(88).deletes(30, "b")
		}, map[string]func(*story){
			`deleted none`:                       func(s *story) { s.change(starts(s)).pod("a") },
			`demo-a was deleted at .*, after 2s`: func(s *story) { s.change(starts(s)).pod("a").deletes(30, "a") },
		},
	},
	"RanPodsForLessThan": {
		RanPodsForLessThan(90 * time.Second), func(s *story) { s.pod("a").runs("a").pause(60).ends(0, "a") }, map[string]func(*story){
			`created none`:                    func(*story) {},
			`nobody saw how long demo-a ran`:  func(s *story) { s.pod("a").runs("a") },
			`demo-a ended at .*, after 1m30s`: func(s *story) { s.pod("a").runs("a").pause(89).ends(0, "a") },
		},
	},
	"HadNoDeadline": {
		HadNoDeadline(), func(s *story) { s.change() }, map[string]func(*story){
			`it was 90 \(rv 2\)`: func(s *story) { s.change(func(job *batchv1.Job) { job.Spec.ActiveDeadlineSeconds = new(int64(90)) }) },
		},
	},
}
