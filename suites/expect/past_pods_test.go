package expect

import (
	"strconv"
	"time"

	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

var aboutPods = map[string]question{
	"CreatedPods": {
		CreatedPods(2), func(s *story) { s.pod("a").pod("b") }, map[string]func(*story){
			`created 1: demo-a$`: func(s *story) { s.pod("a") },
			`created 3: .*, one too many at \+4.000s \(rv 4\)$`: func(s *story) { s.pod("a").pod("b").pod("c") },
		},
	},
	"CreatedItsFirstPodWithin": {
		CreatedItsFirstPodWithin(5 * time.Second), func(s *story) { s.pause(3).pod("a") }, map[string]func(*story){
			`demo-a came after 6s`: func(s *story) { s.pause(4).pod("a") },
			`created none`:         func(*story) {},
		},
	},
	"OwnedItsPods": {
		OwnedItsPods(), func(s *story) { s.pod("a") }, map[string]func(*story){
			`demo-a was created without the finalizer`: func(s *story) { s.pod("a", func(p *corev1.Pod) { p.Finalizers = nil }) },
			`label job-name of demo-a was ""`:          func(s *story) { s.pod("a", func(p *corev1.Pod) { delete(p.Labels, "job-name") }) },
			`name of other does not begin`:             func(s *story) { s.pod("a", func(p *corev1.Pod) { p.Name = "other" }) },
			`controller of demo-a was`:                 func(s *story) { s.pod("a", func(p *corev1.Pod) { p.OwnerReferences[0].Kind = "Pod" }) },
		},
	},
	"EveryPod": {
		EveryPod(HaveField("Phase", corev1.PodPending)), func(s *story) { s.pod("a") }, map[string]func(*story){
			`not demo-b, last seen with \(rv 4\)`: func(s *story) { s.pod("a").pod("b").runs("b") },
			`created none`:                        func(*story) {},
		},
	},
	"ThePod": {
		ThePod(1, Exited("task", 3)), func(s *story) { s.pod("a").pod("b").runs("b").ends(3, "b") }, map[string]func(*story){
			`only 1 pod`:            func(s *story) { s.pod("a") },
			`they ended with \[0\]`: func(s *story) { s.pod("a").pod("b").runs("b").ends(0, "b") },
		},
	},
	"PodNamed": {
		PodNamed("demo-a", LastWords("task", "goodbye")), func(s *story) { s.pod("a").runs("a").says("a", 0, "goodbye\n") },
		map[string]func(*story){
			`none of that name`:     func(s *story) { s.pod("b") },
			`they were \["hello"\]`: func(s *story) { s.pod("a").runs("a").says("a", 0, "hello") },
			`they were \[\]`:        func(s *story) { s.pod("a") },
		},
	},
	"RanAtMost": {
		RanAtMost(2), func(s *story) { s.pod("a").pod("b").ends(0, "a").pod("c").deletes(30, "c").pod("d") }, map[string]func(*story){
			`3 were active at \+4.000s \(rv 4\)`: func(s *story) { s.pod("a").pod("b").pod("c").ends(0, "a", "b", "c") },
		},
	},
	"RanAtOnce": {
		RanAtOnce(2), func(s *story) { s.pod("a").pod("b").runs("a", "b").ends(0, "a", "b") }, map[string]func(*story){
			`at most 1 ran`: func(s *story) { s.pod("a").pod("b").runs("a").ends(0, "a").runs("b") },
			`at most 0 ran`: func(s *story) { s.pod("a").pod("b") },
		},
	},
	"RanOneAfterAnother": {
		RanOneAfterAnother(), func(s *story) { s.pod("a").ends(0, "a").pod("b").ends(1, "b").pod("c") }, map[string]func(*story){
			`demo-b was created at \+3.000s \(rv 3\), and demo-a finished at`: func(s *story) { s.pod("a").pod("b").ends(0, "a") },
			`and demo-a finished never`:                                       func(s *story) { s.pod("a").deletes(30, "a").pod("b") },
		},
	},
	"FollowedEachEndWithin": {
		FollowedEachEndWithin(2, 10*time.Second), func(s *story) {
			s.pod("a").pod("b").runs("a", "b").ends(0, "b").pause(5).pod("c").ends(0, "a").pod("d")
		}, map[string]func(*story){
			`nothing to follow up`:                                 func(s *story) { s.pod("a").pod("b") },
			`demo-c was created at .*, before 1 pod had finished`:  func(s *story) { s.pod("a").pod("b").pod("c").ends(0, "a") },
			`demo-c was created at .*, 12s after demo-a`:           func(s *story) { s.pod("a").pod("b").runs("a").ends(0, "a").pause(11).pod("c") },
			`demo-d was created at .*, before 2 pods had finished`: func(s *story) { s.pod("a").pod("b").ends(0, "a").pod("c").pod("d") },
		},
	},
	"WaitedBeforeReplacing": {
		WaitedBeforeReplacing(10 * time.Second), func(s *story) {
			s.pod("a").runs("a").ends(1, "a").pause(9).pod("b").runs("b").deletes(1, "b").ends(143, "b").pause(8).pod("c")
		}, map[string]func(*story){
			`it replaced none`: func(s *story) { s.pod("a").ends(0, "a").pod("b") },
			`demo-b was created at .*, only 9s after demo-a was lost`: func(s *story) { s.pod("a").runs("a").ends(1, "a").pause(8).pod("b") },
			`demo-b was created at .*, only 8s after demo-a was lost`: func(s *story) { s.pod("a").runs("a").deletes(30, "a").pause(7).pod("b") },
		},
	},
	"KeptItsPods": {
		KeptItsPods(), func(s *story) { s.pod("a").ends(0, "a") }, map[string]func(*story){
			`demo-a was marked for deletion at .*\(rv 3\)`: func(s *story) { s.pod("a").deletes(30, "a") },
		},
	},
	"WasDeletedWithGrace": {
		EveryPod(WasDeletedWithGrace(30)), func(s *story) { s.pod("a").deletes(30, "a") }, map[string]func(*story){
			`a grace of 0`:    func(s *story) { s.pod("a").deletes(0, "a") },
			`was not deleted`: func(s *story) { s.pod("a") },
		},
	},
	"WasNotDeleted": {
		EveryPod(WasNotDeleted()), func(s *story) { s.pod("a") }, map[string]func(*story){
			`marked for deletion \(rv 3\)`: func(s *story) { s.pod("a").deletes(30, "a") },
		},
	},
	"RestartedBefore": {
		RestartedBefore(target, 2), func(s *story) {
			s.pod("a").pod("b").runs("a", "b").restarts("a", 1, 0).restarts("b", 1, 0).finishes(target)
		},
		map[string]func(*story){
			`it had 1 times when it became so at .*\(rv 5\)`: func(s *story) { s.pod("a").runs("a").restarts("a", 1, 0).finishes(target).restarts("a", 1, 0) },
		},
	},
	"HadBackoffLimit": {
		HadBackoffLimit(6), func(s *story) {
			s.versions = nil
			s.change(func(job *batchv1.Job) { job.Spec.BackoffLimit = new(int32(6)) })
		}, map[string]func(*story){`it was unset`: func(*story) {}},
	},
	"StayedOnItsNode": {
		EveryPod(StayedOnItsNode()), func(s *story) { s.pod("a").pod("a", on("one")).runs("a") }, map[string]func(*story){
			`was on one \(rv 2\) and then on two`: func(s *story) { s.pod("a", on("one")).pod("a", on("two")) },
			`never bound`:                         func(s *story) { s.pod("a") },
		},
	},
	"Rested": {
		EveryPod(Rested("task", 0, 10*time.Second)), func(s *story) { s.pod("a").runs("a").restarts("a", 1, 0).restarts("a", 1, 10) },
		map[string]func(*story){
			`only 2 runs were seen, for 1 restart`:                func(s *story) { s.pod("a").runs("a").restarts("a", 1, 0) },
			`run 2 ended at .* and run 3 started at .*, 9s later`: func(s *story) { s.pod("a").runs("a").restarts("a", 1, 0).restarts("a", 1, 9) },
		},
	},
	"CreatedOnePodForEachIndex": {
		CreatedOnePodForEachIndex(2), func(s *story) { s.pod("b", ofIndex(1)).pod("a", ofIndex(0)) }, map[string]func(*story){
			`indexes were \[0\]`:     func(s *story) { s.pod("a", ofIndex(0)) },
			`indexes were \[1 2\]`:   func(s *story) { s.pod("a", ofIndex(1)).pod("b", ofIndex(2)) },
			`indexes were \[0 0 1\]`: func(s *story) { s.pod("a", ofIndex(0)).pod("b", ofIndex(0)).pod("c", ofIndex(1)) },
			`indexes were \[-1 0\]`:  func(s *story) { s.pod("a", ofIndex(0)).pod("b") },
		},
	},
	"NamedItsPodsByIndex": {
		NamedItsPodsByIndex(), func(s *story) { s.pod("a", ofIndex(0)) }, map[string]func(*story){
			`demo-a does not match`:        func(s *story) { s.pod("a", ofIndex(0), func(p *corev1.Pod) { p.Name = "demo-a" }) },
			`hostname of demo-0-00000 was`: func(s *story) { s.pod("a", ofIndex(0), func(p *corev1.Pod) { p.Spec.Hostname = "demo" }) },
		},
	},
	"MarkedItsPodsWithTheIndex": {
		MarkedItsPodsWithTheIndex(), func(s *story) { s.pod("a", ofIndex(3)) }, map[string]func(*story){
			`annotation "3" and label ""`: func(s *story) {
				s.pod("a", ofIndex(3), func(p *corev1.Pod) { delete(p.Labels, batchv1.JobCompletionIndexAnnotation) })
			},
			`annotation "" and label ""`: func(s *story) { s.pod("a") },
		},
	},
	"AddedTheIndexVariable": {
		AddedTheIndexVariable(), func(s *story) { s.pod("a", ofIndex(0)) }, map[string]func(*story){
			`demo-0-00000 was created without it in prepare`: func(s *story) {
				s.pod("a", ofIndex(0), func(p *corev1.Pod) { p.Spec.InitContainers = []corev1.Container{{Name: "prepare"}} })
			},
			`the template has it`: func(s *story) {
				s.versions = nil
				s.change(func(job *batchv1.Job) {
					job.Spec.Template.Spec.Containers = []corev1.Container{{Env: []corev1.EnvVar{{Name: IndexVariable}}}}
				})
			},
		},
	},
	"ToldItsContainers": {
		ToldItsContainers("task", Values{"index": strconv.Itoa}), func(s *story) { s.pod("a", ofIndex(7)).runs("a").says("a", 0, "index=7\nmonth=8\n") },
		map[string]func(*story){
			`it found index=8 instead of 7`: func(s *story) { s.pod("a", ofIndex(7)).runs("a").says("a", 0, "index=8\n") },
			`it found index= instead of 7`:  func(s *story) { s.pod("a", ofIndex(7)).runs("a").says("a", 0, "") },
			`nobody saw container task of`:  func(s *story) { s.pod("a", ofIndex(7)).runs("a") },
		},
	},
	"TookTheLowestIndexesFirst": {
		TookTheLowestIndexesFirst(), func(s *story) {
			s.pod("b", ofIndex(1)).pod("a", ofIndex(0)).change().ends(1, "a").pod("c", ofIndex(2)).change().pod("again", ofIndex(0))
		}, map[string]func(*story){
			`demo-1-00001 was created at .*\(rv 2\), before demo-0-00000`: func(s *story) { s.pod("b", ofIndex(1)).change().pod("a", ofIndex(0)) },
		},
	},
	"CompletedIndexes": {
		CompletedIndexes("0-2"), func(s *story) {
			s.pod("a", ofIndex(0)).pod("b", ofIndex(1)).pod("c", ofIndex(2)).ends(0, "c").change(completes("2", 1)).
				ends(0, "a", "b").change(completes("0-2", 3))
		}, map[string]func(*story){
			`it ended with ""`: func(*story) {},
			`it wrote "1" at .*\(rv 3\) and index 1 succeeded never`: func(s *story) { s.pod("b", ofIndex(1)).change(completes("1", 1)) },
			`it wrote "0-1" for "0,1"`: func(s *story) {
				s.pod("a", ofIndex(0)).pod("b", ofIndex(1)).ends(0, "a", "b").change(completes("0-1", 2))
			},
			`it counted 2 while it wrote "0"`: func(s *story) { s.pod("a", ofIndex(0)).ends(0, "a").change(completes("0", 2)) },
			`it took back \[0\]`: func(s *story) {
				s.pod("a", ofIndex(0)).pod("b", ofIndex(1)).ends(0, "a", "b").change(completes("0", 1)).change(completes("1", 1))
			},
			`it wrote "x" .*no index`: func(s *story) { s.change(completes("x", 0)) },
		},
	},
	"DeletedPodsOnceLost": {
		DeletedPodsOnceLost("one", "DeletionByTaintManager"), func(s *story) {
			s.hears("one", "True").pod("a", on("one")).pod("b", on("two")).hears("one", "Unknown").
				pod("a", disrupted("DeletionByTaintManager")).deletes(30, "a")
		}, map[string]func(*story){
			`the node never was`:                   func(s *story) { s.hears("one", "True") },
			`it had none there`:                    func(s *story) { s.hears("one", "Unknown").pod("a") },
			`demo-a was marked for deletion never`: func(s *story) { s.pod("a", on("one")).hears("one", "Unknown") },
			`disrupted by ""`:                      func(s *story) { s.pod("a", on("one")).hears("one", "Unknown").deletes(30, "a") },
		},
	},
	"WaitedForTerminatingPods": {
		WaitedForTerminatingPods(met, complete), func(s *story) {
			s.pod("a").deletes(30, "a").finishes(met).ends(1, "a").finishes(complete)
		}, map[string]func(*story){
			`no pod was terminating when it became SuccessCriteriaMet`:     func(s *story) { s.pod("a").ends(0, "a").finishes(met, complete) },
			`it became Complete at .*\(rv 5\) while 1 pod was terminating`: func(s *story) { s.pod("a").deletes(30, "a").finishes(met, complete) },
			`never had Complete`: func(s *story) { s.pod("a").deletes(30, "a").finishes(met) },
		},
	},
}
