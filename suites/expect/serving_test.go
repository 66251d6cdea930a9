package expect

import (
	"regexp"
	"testing"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// publishes makes one new version of the EndpointSlice of the Service api, with the pods that are ready and that are not.
func (s *story) publishes(ready []string, others ...string) *story {
	s.t.Helper()
	slice := &discoveryv1.EndpointSlice{ObjectMeta: metav1.ObjectMeta{
		Name: "api-1", Namespace: "ns", UID: "slice-uid", Labels: map[string]string{discoveryv1.LabelServiceName: "api"},
	}}
	for isReady, names := range map[bool][]string{true: ready, false: others} {
		for _, name := range names {
			slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
				Conditions: discoveryv1.EndpointConditions{Ready: &isReady},
				TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: "demo-" + name},
			})
		}
	}
	s.record(history.EndpointSlices.Name, history.Modified, slice)
	return s
}

func TestPublishedOnlyReadyPods(t *testing.T) {
	question := PublishedOnlyReadyPods("api")
	for says, told := range map[string]func(*story){
		"": func(s *story) {
			s.pod("a").publishes(nil, "a").pod("a", ready).publishes([]string{"a"}).ends(0, "a").publishes([]string{"a"}).publishes(nil)
		},
		`it never had any`:                     func(s *story) { s.pod("a", ready).publishes(nil, "a") },
		`demo-a was one \(rv \d+\) before it`:  func(s *story) { s.pod("a").publishes([]string{"a"}) },
		`demo-a was one \(rv \d+\) although`:   func(s *story) { s.pod("a", ready).ends(0, "a").publishes(nil).publishes([]string{"a"}) },
		`demo-b was one \(rv \d+\) before it `: func(s *story) { s.pod("a", ready).pod("b").publishes([]string{"a", "b"}) },
	} {
		s := tell(t)
		told(s)
		recorded := s.read()
		met, err := question.Match(recorded)
		if err != nil || met != (says == "") || !met && !regexp.MustCompile(says).MatchString(question.FailureMessage(recorded)) {
			t.Errorf("%q: %v, %v, %s", says, met, err, question.FailureMessage(recorded))
		}
	}
}
