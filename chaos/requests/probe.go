package requests

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/jobproof/jobproof/chaos"
)

// JobController is the user as which the Job controller works where each controller has an account of its own
// (--use-service-account-credentials, which kubeadm sets: cmd/kubeadm/app/phases/controlplane/manifests.go of v1.37.0).
const JobController = "system:serviceaccount:kube-system:job-controller"

// probed is the name of the pod that a dry run asks for.
const probed = "jobproof-probe"

// again is how long it is from one dry run to the next. A policy was in force within a second when it was measured.
const again = 200 * time.Millisecond

// bounds are those of all faults here.
var bounds = chaos.Bounds{
	Confirm: time.Minute, Heal: time.Minute,
	Origin: "the API server heeds a new admission policy or quota within 2 s, as measured; the rest is for a busy machine",
}

// prober asks for a pod in a namespace with the name of the Job controller, and changes nothing.
type prober struct {
	clients   kubernetes.Interface
	namespace string
}

func newProber(site *chaos.Site) (*prober, error) {
	config := rest.CopyConfig(site.Config)
	config.Impersonate = rest.ImpersonationConfig{UserName: JobController}
	clients, err := kubernetes.NewForConfig(config)
	return &prober{clients, site.Namespace}, err
}

// ask returns the API server's refusal, or nil if it would have made the pod.
func (p *prober) ask(ctx context.Context) error {
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: probed},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "probe", Image: "probe"}}},
	}
	_, err := p.clients.CoreV1().Pods(p.namespace).Create(ctx, pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	return err
}

// refused asks until the refusal has one of these words in it, and returns what it says. It asks again and again, for there
// is nothing to watch: no object tells when the API server heeds a policy.
func (p *prober) refused(ctx context.Context, words ...string) (says string, err error) {
	var last error
	err = wait.PollUntilContextCancel(ctx, again, true, func(ctx context.Context) (bool, error) {
		last = p.ask(ctx)
		return has(last, words), nil
	})
	switch {
	case err == nil:
		return fmt.Sprintf("the API server refused a pod to somebody with the name of the Job controller: %s", last), nil
	case last == nil:
		return "", fmt.Errorf("the API server grants it: %w", err)
	default:
		return "", errors.Join(err, last)
	}
}

// granted asks until the refusal, if there is any, has none of these words in it. It asks again and again for the reason
// that refused has.
func (p *prober) granted(ctx context.Context, words ...string) error {
	return wait.PollUntilContextCancel(ctx, again, true, func(ctx context.Context) (bool, error) {
		err := p.ask(ctx)
		return !has(err, words) && ctx.Err() == nil, nil
	})
}

func has(err error, words []string) bool {
	if err == nil {
		return false
	}
	for _, word := range words {
		if strings.Contains(err.Error(), word) {
			return true
		}
	}
	return false
}
