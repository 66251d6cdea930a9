package pods

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// preemptedLabel is put on the pod that has to give way, so that no other has to.
const preemptedLabel = "jobproof.dev/preempted"

// Preempt makes the scheduler delete a running pod in favour of one of ours with a higher priority. Ours may run on that
// node only, and not beside a pod with a label that the other one is given; so it is that one, and no other, that has to
// go, however much room there is. The undo removes our pod, its PriorityClass and the label. The recorder confirms it: the
// pod has the condition DisruptionTarget for PreemptionByScheduler and is marked for deletion.
func Preempt(pod string) chaos.Fault { return &preemption{name: pod} }

type preemption struct {
	name string
	pod  corev1.Pod
}

func (p *preemption) Name() string         { return "preempt-pod" }
func (p *preemption) Target() string       { return "pod/" + p.name }
func (p *preemption) Bounds() chaos.Bounds { return bounds }

// preemptor names our pod and its PriorityClass.
func (p *preemption) preemptor() string { return "jobproof-preemptor-" + string(p.pod.UID) }

func (p *preemption) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	pod, err := find(ctx, site, p.name)
	if err != nil {
		return nil, err
	}
	if pod.Spec.NodeName == "" || !history.IsActive(pod) {
		return nil, fmt.Errorf("pod %s has no place that it could lose: it is not on a node, or has finished", p.name)
	}
	p.pod = *pod
	undo := chaos.Undo{
		{Delete: &chaos.Object{Version: "v1", Resource: "pods", Namespace: site.Namespace, Name: p.preemptor()}},
		{Delete: &chaos.Object{Group: schedulingv1.GroupName, Version: "v1", Resource: "priorityclasses", Name: p.preemptor()}},
		{Patch: &chaos.Patch{
			Object: chaos.Object{Version: "v1", Resource: "pods", Namespace: site.Namespace, Name: p.name}, Merge: labelled("null"),
		}},
	}
	return undo, nil
}

func labelled(value string) string {
	return fmt.Sprintf(`{"metadata":{"labels":{%q:%s}}}`, preemptedLabel, value)
}

func (p *preemption) Inject(ctx context.Context, site *chaos.Site) error {
	pods := site.Clients.CoreV1().Pods(site.Namespace)
	label := labelled(fmt.Sprintf("%q", p.pod.UID))
	if _, err := pods.Patch(ctx, p.name, types.MergePatchType, []byte(label), metav1.PatchOptions{}); err != nil {
		return err
	}
	class, pod := p.rival()
	if _, err := site.Clients.SchedulingV1().PriorityClasses().Create(ctx, class, metav1.CreateOptions{}); err != nil {
		return err
	}
	_, err := pods.Create(ctx, pod, metav1.CreateOptions{})
	return err
}

// rival returns our pod and its PriorityClass. It runs the image of the other, which its node has; nothing depends on what
// becomes of it.
func (p *preemption) rival() (*schedulingv1.PriorityClass, *corev1.Pod) {
	class := &schedulingv1.PriorityClass{
		ObjectMeta:  metav1.ObjectMeta{Name: p.preemptor()},
		Value:       1,
		Description: "jobproof preempts the pod " + p.pod.Namespace + "/" + p.name,
	}
	if p.pod.Spec.Priority != nil {
		class.Value = *p.pod.Spec.Priority + 1
	}
	here := corev1.NodeSelectorTerm{MatchFields: []corev1.NodeSelectorRequirement{{
		Key: "metadata.name", Operator: corev1.NodeSelectorOpIn, Values: []string{p.pod.Spec.NodeName},
	}}}
	beside := corev1.PodAffinityTerm{
		LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{preemptedLabel: string(p.pod.UID)}},
		TopologyKey:   corev1.LabelHostname,
	}
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: p.preemptor()}, Spec: corev1.PodSpec{
		PriorityClassName: class.Name,
		Affinity: &corev1.Affinity{
			NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{
				NodeSelectorTerms: []corev1.NodeSelectorTerm{here},
			}},
			PodAntiAffinity: &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{beside}},
		},
		Tolerations:                   []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
		Containers:                    []corev1.Container{{Name: "rival", Image: p.pod.Spec.Containers[0].Image}},
		RestartPolicy:                 corev1.RestartPolicyNever,
		TerminationGracePeriodSeconds: new(int64),
	}}
	return class, pod
}

func (p *preemption) Confirm(ctx context.Context, site *chaos.Site) (observed string, err error) {
	return disrupted(ctx, site, []corev1.Pod{p.pod}, corev1.PodReasonPreemptionByScheduler)
}

func (p *preemption) Healed(ctx context.Context, site *chaos.Site) error {
	_, err := site.Clients.SchedulingV1().PriorityClasses().Get(ctx, p.preemptor(), metav1.GetOptions{})
	if err == nil {
		return fmt.Errorf("the PriorityClass %s is still there", p.preemptor())
	}
	if !apierrors.IsNotFound(err) {
		return err
	}
	return site.Recorder.Await(ctx, func(live *history.Live) bool {
		for _, pod := range live.Pods() {
			if pod.Name == p.preemptor() {
				return false
			}
		}
		return true
	})
}
