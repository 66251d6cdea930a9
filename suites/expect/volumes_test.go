package expect

import (
	"strings"
	"testing"

	gomegatypes "github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func TestPodsThatCannotStart(t *testing.T) {
	unplaced := func(pod *corev1.Pod) {
		pod.Status.Conditions = []corev1.PodCondition{{
			Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonUnschedulable,
			Message: "0/4 nodes are available: 1 node(s) had an untolerated taint",
		}}
	}
	waiting := func(pod *corev1.Pod) {
		pod.Status.ContainerStatuses = []corev1.ContainerStatus{{
			State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CreateContainerConfigError"}},
		}}
	}
	for name, test := range map[string]struct {
		matcher gomegatypes.GomegaMatcher
		state   history.State
		instead string // "" if it holds
	}{
		"unplaced":             {UnplaceablePods(1, "untolerated taint"), tell(t).pod("a", unplaced).pod("b").state(), ""},
		"for another reason":   {UnplaceablePods(1, "node affinity"), tell(t).pod("a", unplaced).state(), "it has 0"},
		"placed":               {UnplaceablePods(1, "taint"), tell(t).pod("a").state(), "it has 0"},
		"waits":                {WaitingPods(1, "CreateContainerConfigError"), tell(t).pod("a", waiting).pod("b").state(), ""},
		"waits for an image":   {WaitingPods(1, "ImagePullBackOff"), tell(t).pod("a", waiting).state(), "it has 0"},
		"does not wait at all": {WaitingPods(1, "CreateContainerConfigError"), tell(t).pod("a").runs("a").state(), "it has 0"},
	} {
		ok, err := test.matcher.Match(test.state)
		if err != nil || ok != (test.instead == "") {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
		if said := test.matcher.FailureMessage(test.state); !ok && !strings.Contains(said, test.instead) {
			t.Errorf("%s: %s", name, said)
		}
	}
}

func TestNothingIsTrueOfAClaimThatIsNotThere(t *testing.T) {
	for _, matcher := range []gomegatypes.GomegaMatcher{
		BoundClaim("data"), PendingClaim("data"), ClaimEvents("data", 1, "Warning", "ProvisioningFailed", ""),
	} {
		if ok, err := matcher.Match(&history.Live{}); ok || err != nil {
			t.Errorf("%v: %v, %v", matcher, ok, err)
		}
		if said := matcher.FailureMessage(&history.Live{}); !strings.Contains(said, "there is no such claim") {
			t.Error(said)
		}
	}
}
