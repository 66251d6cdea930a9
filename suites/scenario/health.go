package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
)

// excuses says what kept the cluster from behaving as documented that is no fault of the Job controller's. It asks the
// API server, twice; specs of which nothing was refuted do not call it.
func (s *Scenario) excuses(ctx context.Context) []string {
	if _, err := s.clients.RESTClient().Get().AbsPath("/readyz").DoRaw(ctx); err != nil {
		return []string{fmt.Sprintf("the API server is not ready: %v", err)}
	}
	var excuses []string
	lease, err := s.clients.CoordinationV1().Leases(metav1.NamespaceSystem).
		Get(ctx, "kube-controller-manager", metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err) || apierrors.IsForbidden(err):
		// Where the controller manager is somebody else's, its lease is not ours to read.
	case err != nil:
		excuses = append(excuses, fmt.Sprintf("the lease of the controller manager cannot be read: %v", err))
	default:
		excuses = append(excuses, stale(lease, time.Now())...)
	}
	if h, err := s.history(); err == nil {
		excuses = append(excuses, lost(h, s.broken)...)
	}
	if !s.crowded {
		excuses = append(excuses, stuck(s.Live().Pods())...)
	}
	return excuses
}

// Crowds declares that the spec itself makes pods that cannot start: they fit on no node, or their image cannot be had.
// Otherwise such a pod would be an excuse for whatever goes wrong.
func (s *Scenario) Crowds() { s.crowded = true }

// stuck returns an excuse if pods cannot start because the cluster is too small or their image cannot be had.
func stuck(pods []*corev1.Pod) []string {
	for _, pod := range pods {
		for _, c := range pod.Status.Conditions {
			if c.Type == corev1.PodScheduled && c.Reason == corev1.PodReasonUnschedulable && strings.Contains(c.Message, "Insufficient") {
				return []string{fmt.Sprintf("the cluster is too small for pod %s: %s", pod.Name, c.Message)}
			}
		}
		for _, c := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
			if w := c.State.Waiting; w != nil && slices.Contains(pulling, w.Reason) {
				return []string{fmt.Sprintf("the image %s of pod %s cannot be had: %s", c.Image, pod.Name, w.Message)}
			}
		}
	}
	return nil
}

// pulling are the kubelet's reasons for a container whose image is not there (pkg/kubelet/images/types.go).
var pulling = []string{"ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName"}

// leases is how many of its own durations a lease may be overdue. The holder renews it several times in one, so twice
// that long without a renewal on a busy machine still is a controller manager that runs.
const leases = 2

// stale returns an excuse if the holder of a lease has not renewed it for long.
func stale(lease *coordinationv1.Lease, now time.Time) []string {
	if lease.Spec.RenewTime == nil || lease.Spec.LeaseDurationSeconds == nil {
		return []string{"no controller manager holds its lease"}
	}
	age := now.Sub(lease.Spec.RenewTime.Time)
	if age > leases*time.Duration(*lease.Spec.LeaseDurationSeconds)*time.Second {
		return []string{fmt.Sprintf("the controller manager has not renewed its lease for %v", age.Round(time.Second))}
	}
	return nil
}

// lost returns an excuse for each node that was not ready although the spec did not break it. A node that is set apart
// for faults is another spec's affair unless a pod of this one ran on it.
func lost(h *history.History, broken map[string]bool) []string {
	used := map[string]bool{}
	for _, pod := range h.Pods() {
		used[pod.Node] = true
	}
	mayBreak := map[string]bool{}
	for _, v := range h.Versions() {
		if node := v.Node(); node != nil && node.Labels[cluster.RoleLabel] == cluster.RoleVictim {
			mayBreak[node.Name] = true
		}
	}
	excuses := map[string]string{}
	for _, name := range h.NodeNames() {
		if broken[name] || mayBreak[name] && !used[name] {
			continue
		}
		for _, change := range h.Readiness(name) {
			if change.Status != corev1.ConditionTrue {
				excuses[name] = fmt.Sprintf("node %s was not ready (%s) %v after the start", name, change.Reason,
					change.Step.Seen.Sub(h.Start).Round(time.Second))
			}
		}
	}
	return slices.Sorted(maps.Values(excuses))
}
