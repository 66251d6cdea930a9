package scenario

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
)

func TestStaleLease(t *testing.T) {
	now := time.Now()
	for name, test := range map[string]struct {
		renewed time.Duration // ago; negative for never
		stale   bool
	}{
		"just renewed":           {0, false},
		"one renewal is late":    {20 * time.Second, false},
		"twice its duration":     {30 * time.Second, false},
		"longer than that":       {31 * time.Second, true},
		"nobody ever renewed it": {-1, true},
	} {
		t.Run(name, func(t *testing.T) {
			lease, seconds := &coordinationv1.Lease{}, int32(15)
			if test.renewed >= 0 {
				at := metav1.NewMicroTime(now.Add(-test.renewed))
				lease.Spec.RenewTime, lease.Spec.LeaseDurationSeconds = &at, &seconds
			}
			if got := stale(lease, now); (len(got) > 0) != test.stale {
				t.Errorf("excuses are %v", got)
			}
		})
	}
}

// version makes a version of an object for a history.
func version(t *testing.T, rv uint64, kind string, object metav1.Object) history.Version {
	t.Helper()
	raw, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return history.Version{
		Type: history.Modified, Kind: kind, Name: object.GetName(), UID: kind + object.GetName(), RV: rv, Object: raw,
		Seen: time.Unix(int64(rv), 0),
	}
}

func TestLostNodesThatExcuse(t *testing.T) {
	node := func(name, role string, ready corev1.ConditionStatus) *corev1.Node {
		return &corev1.Node{
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{cluster.RoleLabel: role}},
			Status: corev1.NodeStatus{Conditions: []corev1.NodeCondition{
				{Type: corev1.NodeReady, Status: ready, Reason: "NodeStatusUnknown"}}},
		}
	}
	on := func(name string) *corev1.Pod {
		return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"}, Spec: corev1.PodSpec{NodeName: name}}
	}
	for name, test := range map[string]struct {
		role    string
		ready   corev1.ConditionStatus
		pod     bool
		broken  bool
		excused bool
	}{
		"ready":                                  {role: cluster.RoleWorker, ready: "True"},
		"a worker is lost":                       {role: cluster.RoleWorker, ready: "Unknown", excused: true},
		"a worker says it is not ready":          {role: cluster.RoleWorker, ready: "False", excused: true},
		"the spec's own doing":                   {role: cluster.RoleVictim, ready: "Unknown", pod: true, broken: true},
		"another spec's victim":                  {role: cluster.RoleVictim, ready: "Unknown"},
		"another spec's victim with a pod on it": {role: cluster.RoleVictim, ready: "Unknown", pod: true, excused: true},
	} {
		t.Run(name, func(t *testing.T) {
			versions := []history.Version{
				version(t, 1, "Node", node("n", test.role, "True")), version(t, 2, "Node", node("n", test.role, test.ready)),
				version(t, 4, "Node", node("n", test.role, "True")),
			}
			if test.pod {
				versions = append(versions, version(t, 3, "Pod", on("n")))
			}
			h := history.New(history.Header{Start: time.Unix(0, 0)}, versions, nil)
			excuses := lost(h, map[string]bool{"n": test.broken})
			if (len(excuses) > 0) != test.excused {
				t.Errorf("excuses are %v", excuses)
			}
			if test.excused && !strings.Contains(excuses[0], "node n was not ready (NodeStatusUnknown) 2s after the start") {
				t.Errorf("excuse is %q", excuses[0])
			}
		})
	}
}

func TestLastEventOfAJob(t *testing.T) {
	condition := func(of batchv1.JobConditionType, reason string) []batchv1.JobCondition {
		return []batchv1.JobCondition{{Type: of, Status: corev1.ConditionTrue, Reason: reason}}
	}
	for name, test := range map[string]struct {
		conditions []batchv1.JobCondition
		events     string // reasons
		said       bool
	}{
		"running":                      {nil, "SuccessfulCreate", true},
		"suspended":                    {condition(batchv1.JobSuspended, "JobSuspended"), "", true},
		"about to fail":                {condition(batchv1.JobFailureTarget, "DeadlineExceeded"), "", true},
		"complete, event to come":      {condition(batchv1.JobComplete, "CompletionsReached"), "SuccessfulCreate", false},
		"complete":                     {condition(batchv1.JobComplete, "CompletionsReached"), "SuccessfulCreate Completed", true},
		"failed, event to come":        {condition(batchv1.JobFailed, "DeadlineExceeded"), "SuccessfulCreate", false},
		"failed":                       {condition(batchv1.JobFailed, "DeadlineExceeded"), "DeadlineExceeded", true},
		"failed, for another reason":   {condition(batchv1.JobFailed, "DeadlineExceeded"), "BackoffLimitExceeded", false},
		"complete, others' event only": {condition(batchv1.JobComplete, "CompletionsReached"), "other:Completed", false},
	} {
		t.Run(name, func(t *testing.T) {
			job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{UID: "mine"}, Status: batchv1.JobStatus{Conditions: test.conditions}}
			var events []*corev1.Event
			for _, reason := range strings.Fields(test.events) {
				uid, reason, found := strings.Cut(reason, ":")
				if !found {
					uid, reason = "mine", uid
				}
				events = append(events, &corev1.Event{Reason: reason, InvolvedObject: corev1.ObjectReference{UID: types.UID(uid)}})
			}
			if got := said(job, events); got != test.said {
				t.Errorf("said is %v, want %v", got, test.said)
			}
		})
	}
}

func TestPodsThatCannotStartExcuse(t *testing.T) {
	unschedulable := func(message string) *corev1.Pod {
		return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"}, Status: corev1.PodStatus{Conditions: []corev1.PodCondition{{
			Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonUnschedulable, Message: message,
		}}}}
	}
	waiting := func(reason string) *corev1.Pod {
		return &corev1.Pod{Status: corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{{
			Image: "mongo:5", State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason}},
		}}}}
	}
	for name, test := range map[string]struct {
		pod  *corev1.Pod
		says string // "" for no excuse
	}{
		"too small":       {unschedulable("0/4 nodes are available: 4 Insufficient cpu."), "too small for pod p: 0/4 nodes"},
		"wrong affinity":  {unschedulable("0/4 nodes are available: 4 node(s) didn't match node selector."), ""},
		"no such image":   {waiting("ErrImagePull"), "the image mongo:5"},
		"being made":      {waiting("ContainerCreating"), ""},
		"missing a value": {waiting("CreateContainerConfigError"), ""},
	} {
		excuses := stuck([]*corev1.Pod{test.pod})
		if (len(excuses) > 0) != (test.says != "") || len(excuses) > 0 && !strings.Contains(excuses[0], test.says) {
			t.Errorf("%s: %q, want %q", name, excuses, test.says)
		}
	}
}
