package sharing

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// scraped is how long Prometheus may take until it can answer about a pod that runs: the kubelet looks at each container
// every 10 s (defaultHousekeepingInterval in its pkg/kubelet/cadvisor/cadvisor_linux.go) and is scraped every 5 s; the rest
// is for a machine that is busy with other specs. Prometheus tells nobody when it has learned something, so this wait asks
// again and again; it does so inside the pod.
const scraped = 120 * time.Second

// config is what Prometheus scrapes: of every kubelet what the containers of the scenario use, and of the controller manager
// what it counts of Jobs. Their certificates are ones that they signed themselves.
const config = `
global: {scrape_interval: 5s, scrape_timeout: 5s}
scrape_configs:
- job_name: kubelet
  metrics_path: /metrics/cadvisor
  metric_relabel_configs: [{source_labels: [namespace], regex: "%[1]s", action: keep}]
  static_configs: [{targets: [%[2]s]}]
  scheme: https
  tls_config: &tls {insecure_skip_verify: true}
  authorization: &token {credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token}
- job_name: controller-manager
  metric_relabel_configs: [{source_labels: [__name__], regex: "job_controller_.*", action: keep}]
  static_configs: [{targets: ["127.0.0.1:10257"]}]
  scheme: https
  tls_config: *tls
  authorization: *token
`

// prometheus is the one that runs in a scenario.
type prometheus struct{ scenario *scenario.Scenario }

// monitor starts a Prometheus and returns once it runs.
func monitor(ctx context.Context, s *scenario.Scenario) prometheus {
	GinkgoHelper()
	allow(ctx, s)
	var kubelets []string
	for _, node := range s.Live().Nodes() {
		for _, address := range node.Status.Addresses {
			if address.Type == corev1.NodeInternalIP {
				kubelets = append(kubelets, fmt.Sprintf(`"%s:%d"`, address.Address, node.Status.DaemonEndpoints.KubeletEndpoint.Port))
			}
		}
	}
	_, err := s.Clients().CoreV1().ConfigMaps(s.Namespace()).Create(ctx, &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: "prometheus"},
		Data:       map[string]string{"prometheus.yml": fmt.Sprintf(config, s.Namespace(), strings.Join(kubelets, ", "))},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	s.Apply(ctx, "prometheus.yaml")
	s.Objects().Reach(ctx, expect.ReadyPod("prometheus"))
	return prometheus{s}
}

// allow lets Prometheus' account read the metrics of nodes and of the controller manager until the spec is over.
func allow(ctx context.Context, s *scenario.Scenario) {
	GinkgoHelper()
	name := metav1.ObjectMeta{Name: s.Namespace() + "-prometheus"}
	rbac := s.Clients().RbacV1()
	_, err := rbac.ClusterRoles().Create(ctx, &rbacv1.ClusterRole{ObjectMeta: name, Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"nodes/metrics"}, Verbs: []string{"get"}},
		{NonResourceURLs: []string{"/metrics"}, Verbs: []string{"get"}},
	}}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) error { return rbac.ClusterRoles().Delete(ctx, name.Name, metav1.DeleteOptions{}) })
	_, err = rbac.ClusterRoleBindings().Create(ctx, &rbacv1.ClusterRoleBinding{
		ObjectMeta: name,
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name.Name},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: "prometheus", Namespace: s.Namespace()}},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) error {
		return rbac.ClusterRoleBindings().Delete(ctx, name.Name, metav1.DeleteOptions{})
	})
}

// answer asks Prometheus until a query of PromQL has a result, and returns the value of the first one. It is not a number
// if there was none in time.
func (p prometheus) answer(ctx context.Context, query string) float64 {
	GinkgoHelper()
	const ask = `
for try in $(seq "$1"); do
	got=$(wget -q -O- "http://127.0.0.1:9190/api/v1/query?query=$2")
	case "$got" in *'"value":'*) break ;; esac
	sleep 1
done
echo "$got"`
	seconds := fmt.Sprint(int(scraped.Seconds()))
	out, err := p.scenario.Exec(ctx, "prometheus", "sh", "-c", ask, "ask", seconds, url.QueryEscape(query))
	Expect(err).NotTo(HaveOccurred())
	value, err := firstValue(out)
	Expect(err).NotTo(HaveOccurred(), "Prometheus was asked %s and said %s", query, out)
	return value
}

// firstValue reads Prometheus' answer to a query: the value of the first result, or not a number if there is none.
func firstValue(answer string) (float64, error) {
	var read struct {
		Status string `json:"status"`
		Data   struct {
			Result []struct {
				Value [2]any `json:"value"` // time and, as text, value
			} `json:"result"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(answer), &read); err != nil {
		return 0, err
	}
	if read.Status != "success" {
		return 0, fmt.Errorf("the query's status is %q", read.Status)
	}
	if len(read.Data.Result) == 0 {
		return math.NaN(), nil
	}
	return strconv.ParseFloat(fmt.Sprint(read.Data.Result[0].Value[1]), 64)
}
