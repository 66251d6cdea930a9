package controlplane

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

const first = `apiVersion: v1
kind: Pod
metadata:
  labels: {component: kube-controller-manager, tier: control-plane}
  name: kube-controller-manager
  namespace: kube-system
spec:
  containers:
  - command:
    - kube-controller-manager
    - --secure-port=10257
    - --leader-elect=true
    image: registry.k8s.io/kube-controller-manager:v1.37.0
    livenessProbe:
      httpGet: {host: 127.0.0.1, path: /healthz, port: probe-port, scheme: HTTPS}
    name: kube-controller-manager
    ports: [{containerPort: 10257, name: probe-port}]
    resources: {requests: {cpu: 200m}}
    startupProbe:
      httpGet: {host: 127.0.0.1, path: /healthz, port: probe-port, scheme: HTTPS}
  hostNetwork: true
`

func TestStandby(t *testing.T) {
	text, err := standby(first)
	if err != nil {
		t.Fatal(err)
	}
	var pod corev1.Pod
	if err := yaml.UnmarshalStrict([]byte(text), &pod); err != nil {
		t.Fatal(err)
	}
	c := pod.Spec.Containers[0]
	if want := []string{"kube-controller-manager", "--leader-elect=true", "--secure-port=10357"}; !slices.Equal(c.Command, want) {
		t.Errorf("it runs %q, want %q", c.Command, want)
	}
	if pod.Name != standbyName || pod.Labels["component"] == "kube-controller-manager" || !pod.Spec.HostNetwork {
		t.Errorf("it is %s with labels %v, host network %v", pod.Name, pod.Labels, pod.Spec.HostNetwork)
	}
	for _, probe := range []*corev1.Probe{c.LivenessProbe, c.StartupProbe} {
		if probe.HTTPGet.Port.IntValue() != standbyPort || probe.HTTPGet.Path != "/healthz" {
			t.Errorf("it is asked at %s of port %s", probe.HTTPGet.Path, probe.HTTPGet.Port.String())
		}
	}
	if len(c.Ports) != 0 || len(c.Resources.Requests) != 0 {
		t.Errorf("it takes the ports %v and %v of the machine", c.Ports, c.Resources.Requests)
	}
}

func TestStandbyOfWhatIsNone(t *testing.T) {
	for text, want := range map[string]string{
		"kind: [":                           "the manifest of kube-controller-manager",
		"kind: Pod\nspec: {containers: []}": "has 0 containers, not 1",
	} {
		if _, err := standby(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one that says %q", text, err, want)
		}
	}
}
