package expect

import (
	"maps"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// prepared is the state of an init container that ended so many seconds after the beginning.
func prepared(code int32, after int) func(*corev1.Pod) {
	ended := &corev1.ContainerStateTerminated{ExitCode: code, FinishedAt: metav1.NewTime(beginning.Add(time.Duration(after) * time.Second))}
	return func(pod *corev1.Pod) {
		pod.Spec.InitContainers = []corev1.Container{{Name: "prepare"}}
		pod.Status.InitContainerStatuses = []corev1.ContainerStatus{{
			Name: "prepare", ContainerID: "prepare-1", State: corev1.ContainerState{Terminated: ended},
		}}
	}
}

func preparing(pod *corev1.Pod) {
	pod.Spec.InitContainers = []corev1.Container{{Name: "prepare"}}
	pod.Status.InitContainerStatuses = []corev1.ContainerStatus{{
		Name: "prepare", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.NewTime(beginning)}},
	}}
}

func completed(seconds int) func(*batchv1.Job) {
	return func(job *batchv1.Job) {
		job.Status.CompletionTime = new(metav1.NewTime(beginning.Add(time.Duration(seconds) * time.Second)))
	}
}

func init() {
	maps.Copy(aboutPods, map[string]question{
		"RanInSequence": {
			EveryPod(RanInSequence("prepare", "task")),
			func(s *story) { s.pod("a", preparing).pod("a", prepared(0, 3)).runs("a").ends(0, "a") },
			map[string]func(*story){
				`task had begun when prepare had not succeeded \(rv 3\)`: func(s *story) { s.pod("a", preparing).runs("a").pod("a", prepared(0, 3)) },
				`when prepare had not succeeded \(rv 3\)`:                func(s *story) { s.pod("a", prepared(1, 1)).runs("a") },
				`task began at 03:04:08 and prepare ended at 03:04:14`:   func(s *story) { s.pod("a", prepared(0, 9)).runs("a") },
				`task never began`: func(s *story) { s.pod("a", prepared(0, 1)) },
			},
		},
	})
	maps.Copy(aboutJobs, map[string]question{
		"CompletedWithin": {
			CompletedWithin(5 * time.Second), func(s *story) { s.finishes(met, complete).change(completed(5)) },
			map[string]func(*story){
				`it was after 6s, at \+3.000s \(rv 3\)`: func(s *story) { s.finishes(met, complete).change(completed(6)) },
				`it has no completionTime`:              func(s *story) { s.finishes(met, complete) },
				`it never had Complete`:                 func(*story) {},
			},
		},
	})
}
