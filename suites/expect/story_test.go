package expect

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

// story makes up a history, a version a second.
type story struct {
	t        *testing.T
	now      time.Time
	rv       uint64
	versions []history.Version
	job      *batchv1.Job
	pods     map[string]*corev1.Pod
	events   int
}

var beginning = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

// tell begins the story of a Job that asks for two pods, one at a time.
func tell(t *testing.T, changes ...func(*batchv1.Job)) *story {
	s := &story{t: t, now: beginning, pods: map[string]*corev1.Pod{}}
	s.job = &batchv1.Job{ObjectMeta: metav1.ObjectMeta{
		Name: "demo", Namespace: "ns", UID: "job-uid", CreationTimestamp: metav1.NewTime(beginning),
	}}
	s.job.Spec.Completions, s.job.Spec.Parallelism = new(int32(2)), new(int32(1))
	return s.change(changes...)
}

func (s *story) record(kind, change string, object metav1.Object) {
	s.t.Helper()
	s.rv++
	s.now = s.now.Add(time.Second)
	text, err := json.Marshal(object)
	if err != nil {
		s.t.Fatal(err)
	}
	s.versions = append(s.versions, history.Version{
		Seen: s.now, Type: change, Kind: kind, Namespace: object.GetNamespace(), Name: object.GetName(),
		UID: string(object.GetUID()), RV: s.rv, Object: text,
	})
}

// pause lets time pass in which nothing happens.
func (s *story) pause(seconds int) *story {
	s.now = s.now.Add(time.Duration(seconds) * time.Second)
	return s
}

// clock is the second of the version that is recorded next.
func (s *story) clock() metav1.Time { return metav1.NewTime(s.now.Add(time.Second)) }

// change makes one new version of the Job.
func (s *story) change(changes ...func(*batchv1.Job)) *story {
	for _, change := range changes {
		change(s.job)
	}
	s.record("Job", history.Modified, s.job)
	return s
}

// becomes adds a condition, or changes its status.
func (s *story) becomes(kind batchv1.JobConditionType, status corev1.ConditionStatus, reason, message string) *story {
	return s.change(s.condition(kind, status, reason, message))
}

func (s *story) condition(kind batchv1.JobConditionType, status corev1.ConditionStatus, reason, message string) func(*batchv1.Job) {
	return func(job *batchv1.Job) {
		job.Status.Conditions = slices.DeleteFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool { return c.Type == kind })
		job.Status.Conditions = append(job.Status.Conditions, batchv1.JobCondition{
			Type: kind, Status: status, Reason: reason, Message: message, LastTransitionTime: s.clock(),
		})
	}
}

// finishes is the usual way for conditions to become True.
func (s *story) finishes(conditions ...batchv1.JobConditionType) *story {
	for _, condition := range conditions {
		s.becomes(condition, corev1.ConditionTrue, "Because", "so it is")
	}
	return s
}

// counts sets the counters of finished pods, as if they had been uncounted before.
func (s *story) counts(succeeded, failed int32) *story {
	return s.change(func(job *batchv1.Job) { job.Status.Succeeded, job.Status.Failed = succeeded, failed })
}

// pod makes one new version of a pod, its first if there is none of that name.
func (s *story) pod(name string, changes ...func(*corev1.Pod)) *story {
	change := history.Modified
	if s.pods[name] == nil {
		change = history.Added
		s.pods[name] = &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{
				Name: "demo-" + name, Namespace: "ns", UID: types.UID(name + "-uid"), CreationTimestamp: s.clock(),
				Finalizers: []string{batchv1.JobTrackingFinalizer},
				Labels: map[string]string{
					batchv1.JobNameLabel: "demo", "job-name": "demo", batchv1.ControllerUidLabel: "job-uid", "controller-uid": "job-uid",
				},
				OwnerReferences: []metav1.OwnerReference{{Kind: "Job", Name: "demo", UID: "job-uid", Controller: new(true)}},
			},
			Spec:   corev1.PodSpec{Containers: []corev1.Container{{Name: "task"}}},
			Status: corev1.PodStatus{Phase: corev1.PodPending},
		}
	}
	for _, change := range changes {
		change(s.pods[name])
	}
	s.record("Pod", change, s.pods[name])
	return s
}

// ofIndex makes a pod that the Job controller creates for an index.
func ofIndex(index int) func(*corev1.Pod) {
	return func(pod *corev1.Pod) {
		text := fmt.Sprint(index)
		pod.Name = fmt.Sprintf("demo-%d-%05d", index, index)
		pod.Annotations = map[string]string{batchv1.JobCompletionIndexAnnotation: text}
		pod.Labels[batchv1.JobCompletionIndexAnnotation] = text
		pod.Spec.Hostname = "demo-" + text
		pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: IndexVariable}}
	}
}

func on(node string) func(*corev1.Pod) {
	return func(pod *corev1.Pod) { pod.Spec.NodeName = node }
}

// runs brings the containers of pods up.
func (s *story) runs(names ...string) *story {
	for _, name := range names {
		s.pod(name, func(pod *corev1.Pod) {
			pod.Status.Phase = corev1.PodRunning
			pod.Status.ContainerStatuses = []corev1.ContainerStatus{{
				Name: "task", ContainerID: name + "-1", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: s.clock()}},
			}}
		})
	}
	return s
}

// restarts ends the container of a pod and starts it again that much later.
func (s *story) restarts(name string, code int32, seconds int) *story {
	ended := s.terminated(name, code, "")
	s.pause(seconds)
	return s.pod(name, func(pod *corev1.Pod) {
		status := &pod.Status.ContainerStatuses[0]
		status.RestartCount++
		status.LastTerminationState.Terminated = ended
		status.ContainerID = fmt.Sprintf("%s-%d", name, status.RestartCount+1)
		status.State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: s.clock()}}
	})
}

func (s *story) terminated(name string, code int32, message string) *corev1.ContainerStateTerminated {
	ended := &corev1.ContainerStateTerminated{ExitCode: code, Message: message, FinishedAt: s.clock()}
	if statuses := s.pods[name].Status.ContainerStatuses; len(statuses) > 0 {
		ended.ContainerID = statuses[0].ContainerID
		ended.StartedAt = statuses[0].State.Running.StartedAt
	}
	return ended
}

// ends finishes pods with an exit code.
func (s *story) ends(code int32, names ...string) *story {
	for _, name := range names {
		s.says(name, code, "")
	}
	return s
}

// says finishes a pod with an exit code and last words.
func (s *story) says(name string, code int32, words string) *story {
	return s.pod(name, func(pod *corev1.Pod) {
		ended := s.terminated(name, code, words)
		restarts := int32(0)
		var before corev1.ContainerState
		if statuses := pod.Status.ContainerStatuses; len(statuses) > 0 {
			restarts, before = statuses[0].RestartCount, statuses[0].LastTerminationState
		}
		pod.Status.ContainerStatuses = []corev1.ContainerStatus{{
			Name: "task", ContainerID: ended.ContainerID, RestartCount: restarts, LastTerminationState: before,
			State: corev1.ContainerState{Terminated: ended},
		}}
		pod.Status.Phase = corev1.PodSucceeded
		if code != 0 {
			pod.Status.Phase = corev1.PodFailed
		}
	})
}

// deletes marks pods for deletion.
func (s *story) deletes(grace int64, names ...string) *story {
	for _, name := range names {
		s.pod(name, func(pod *corev1.Pod) {
			pod.DeletionTimestamp = new(metav1.NewTime(s.clock().Add(time.Duration(grace) * time.Second)))
			pod.DeletionGracePeriodSeconds = &grace
		})
	}
	return s
}

// loses removes pods.
func (s *story) loses(names ...string) *story {
	for _, name := range names {
		s.record("Pod", history.Deleted, s.pods[name])
	}
	return s
}

// announces writes an Event about the Job.
func (s *story) announces(kind, reason, message string) *story {
	s.events++
	name := fmt.Sprintf("event-%d", s.events)
	s.record("Event", history.Added, &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Name: name, Namespace: "ns", UID: types.UID(name)},
		InvolvedObject: corev1.ObjectReference{Kind: "Job", Name: "demo", UID: "job-uid"},
		Type:           kind, Reason: reason, Message: message, Count: 1, FirstTimestamp: s.clock(), LastTimestamp: s.clock(),
	})
	return s
}

// hears records a node's Ready condition.
func (s *story) hears(node string, ready corev1.ConditionStatus) *story {
	s.record("Node", history.Modified, aNode(node, ready))
	return s
}

func aNode(name string, ready corev1.ConditionStatus, taints ...corev1.Taint) *corev1.Node {
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID(name + "-uid")},
		Spec:       corev1.NodeSpec{Taints: taints},
		Status:     corev1.NodeStatus{Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: ready}}},
	}
}

// read is the history that was told.
func (s *story) read() *history.History {
	return history.New(history.Header{Namespace: "ns", Start: beginning}, s.versions, nil)
}

// state is how the Job stands at the end.
func (s *story) state() history.State {
	state := history.State{Job: s.job}
	for _, life := range s.read().Job("demo").Pods() {
		switch last := life.Last(); {
		case life.Gone.Happened():
		case metav1.GetControllerOf(last) == nil:
			state.Orphans = append(state.Orphans, last)
		default:
			state.Pods = append(state.Pods, last)
		}
	}
	for _, version := range s.versions {
		if event := version.Event(); event != nil {
			state.Events = append(state.Events, event)
		}
		if node := version.Node(); node != nil {
			state.Nodes = slices.DeleteFunc(state.Nodes, func(known *corev1.Node) bool { return known.Name == node.Name })
			state.Nodes = append(state.Nodes, node)
		}
	}
	return state
}
