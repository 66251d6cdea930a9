package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

// headlessService tells of the Service that names the pods of the Job.
func (c *chronicle) headlessService(change func(*corev1.ServiceSpec)) {
	s := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "peers", Namespace: "jp-test", UID: "service"}, Spec: corev1.ServiceSpec{
		ClusterIP: corev1.ClusterIPNone, Selector: map[string]string{batchv1.ControllerUidLabel: "job"},
	}}
	if change != nil {
		change(&s.Spec)
	}
	c.version(history.Added, "Service", s)
}

// names tells what the EndpointSlice of that Service has: the names of these pods, ready or not.
func (c *chronicle) names(ready bool, pods ...string) {
	s := &discoveryv1.EndpointSlice{ObjectMeta: metav1.ObjectMeta{
		Name: "peers-x", Namespace: "jp-test", UID: "slice", Labels: map[string]string{discoveryv1.LabelServiceName: "peers"},
	}}
	for _, pod := range pods {
		s.Endpoints = append(s.Endpoints, discoveryv1.Endpoint{
			Hostname: new("demo-" + pod), Conditions: discoveryv1.EndpointConditions{Ready: &ready},
			TargetRef: &corev1.ObjectReference{UID: types.UID("pod-" + pod)},
		})
	}
	c.version(history.Added, "EndpointSlice", s)
}

// called gives a pod a name of its own.
func called(name string) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Spec.Hostname, p.Spec.Subdomain = "demo-"+name, "peers" }
}

func notReady(p *corev1.Pod) { p.Status.Conditions[0].Status = corev1.ConditionFalse }

func TestPeers(t *testing.T) {
	judged(t, peers, []report{
		{"a ready pod has no name", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(nil)
			c.names(true)
			c.pod("a", called("a"))
			c.minutes(3)
		}, "L16 Pod/demo-a"},
		{"a ready pod gets its name late but in time", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(nil)
			c.names(true)
			c.pod("a", called("a"))
			c.minutes(2)
			c.names(true, "a")
			c.minutes(60)
		}, ""},
		{"a ready pod is taken for one that is not", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(nil)
			c.names(false, "a")
			c.pod("a", called("a"))
			c.minutes(3)
		}, "L16 Pod/demo-a"},
		{"a ready pod has another's name", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(nil)
			c.names(true, "a")
			c.pod("a", called("b"))
			c.minutes(3)
		}, "L16 Pod/demo-a"},
		{"a pod that is not ready keeps its name", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(nil)
			c.names(true, "a")
			c.pod("a", called("a"))
			c.pod("a", notReady)
			c.minutes(3)
		}, "L16 Pod/demo-a"},
		{"a Service names pods that are not ready too", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(func(s *corev1.ServiceSpec) { s.PublishNotReadyAddresses = true })
			c.names(true, "a")
			c.pod("a", called("a"), notReady)
			c.minutes(60)
		}, ""},
		{"a pod that has ended keeps its name", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(func(s *corev1.ServiceSpec) { s.PublishNotReadyAddresses = true })
			c.names(true, "a")
			c.pod("a", called("a"))
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.minutes(3)
		}, "L16 Pod/demo-a"},
		{"a pod that is gone leaves its name", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(nil)
			c.names(true, "a")
			c.pod("a", called("a"))
			c.goes("a")
			c.minutes(3)
		}, "L16 Job/demo"},
		{"a pod that is gone leaves its name for a while", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(nil)
			c.names(true, "a")
			c.pod("a", called("a"))
			c.goes("a")
			c.minutes(2)
			c.names(true)
			c.minutes(60)
		}, ""},
		{"a Service that is not headless", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(func(s *corev1.ServiceSpec) { s.ClusterIP = "10.0.0.1" })
			c.names(true)
			c.pod("a", called("a"))
			c.minutes(60)
		}, ""},
		{"a Service for other pods", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(func(s *corev1.ServiceSpec) { s.Selector = map[string]string{"app": "other"} })
			c.names(true)
			c.pod("a", called("a"))
			c.minutes(60)
		}, ""},
		{"EndpointSlices are not recorded", func(c *chronicle) {
			c.begins(nil)
			c.headlessService(nil)
			c.pod("a", called("a"))
			c.minutes(60)
		}, ""},
	})
}
