package expect

import (
	"regexp"
	"testing"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// leads makes one new version of the EndpointSlice of the Service api, with these pods as ready endpoints of the hostname
// demo-0. Each pod's address is its name's.
func (s *story) leads(names ...string) *story {
	s.t.Helper()
	slice := &discoveryv1.EndpointSlice{ObjectMeta: metav1.ObjectMeta{
		Name: "api-1", Namespace: "ns", UID: "slice-uid", Labels: map[string]string{discoveryv1.LabelServiceName: "api"},
	}}
	for _, name := range names {
		slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
			Addresses: []string{"address-of-" + name}, Hostname: new("demo-0"),
			Conditions: discoveryv1.EndpointConditions{Ready: new(true)},
			TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: "demo-" + name},
		})
	}
	s.record(history.EndpointSlices.Name, history.Modified, slice)
	return s
}

// addressed gives a pod its address.
func addressed(pod *corev1.Pod) { pod.Status.PodIP = "address-of-" + pod.Name[len("demo-"):] }

func TestHandedOver(t *testing.T) {
	question := HandedOver("api", "demo-0", "demo-a", "demo-b")
	for says, told := range map[string]func(*story){
		"":                                     func(s *story) { s.leads().leads("a").leads().leads("b").leads("b") },
		`never led it to demo-a, demo-b`:       func(s *story) { s.leads() },
		`never led it to demo-b`:               func(s *story) { s.leads("a").leads() },
		`never led it to demo-a$`:              func(s *story) { s.leads("b") },
		`\(rv 5\) to demo-a [^,]*, demo-b`:     func(s *story) { s.leads("a").leads("a", "b").leads("b") },
		`\(rv 7\) to demo-a address-of-a; the`: func(s *story) { s.leads("a").leads().leads("b").leads("a").leads("b") },
		`\(rv 6\) to none`:                     func(s *story) { s.leads("a").leads("b").leads() },
		`\(rv 5\) to demo-c address-of-c; the`: func(s *story) { s.leads("a").leads("c").leads("b") },
	} {
		s := tell(t).pod("a", addressed).pod("b", addressed)
		told(s)
		recorded := s.read()
		met, err := question.Match(recorded)
		if err != nil || met != (says == "") || !met && !regexp.MustCompile(says).MatchString(question.FailureMessage(recorded)) {
			t.Errorf("%q: %v, %v, %s", says, met, err, question.FailureMessage(recorded))
		}
	}
}
