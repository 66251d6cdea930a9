package scenario

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/ginkgo/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/remotecommand"
	utilexec "k8s.io/client-go/util/exec"

	"github.com/jobproof/jobproof/fixtures/cluster"
)

// ExitError is a command that ran and failed.
type ExitError struct {
	Command []string
	// Code is its exit code, Stderr what it wrote there.
	Code   int
	Stderr string
}

// Error names the command, its exit code and what it had to say.
func (e *ExitError) Error() string {
	return fmt.Sprintf("%s: exit code %d: %s", strings.Join(e.Command, " "), e.Code, strings.TrimSpace(e.Stderr))
}

// Exec runs a command in the first container of a pod and returns its standard output. The error of a command that
// failed is an *ExitError. The spec ends, and can show nothing, if the command could not be run.
func (s *Scenario) Exec(ctx context.Context, pod string, args ...string) (string, error) {
	ginkgo.GinkgoHelper()
	s.goesOn()
	var stdout, stderr bytes.Buffer
	err := s.exec(ctx, pod, args, &stdout, &stderr)
	s.note(fmt.Sprintf("in pod %s: %s", pod, strings.Join(args, " ")), stdout.String()+stderr.String(), err)
	var exit utilexec.CodeExitError
	switch {
	case errors.As(err, &exit):
		return stdout.String(), &ExitError{Command: args, Code: exit.Code, Stderr: stderr.String()}
	case err != nil:
		s.cannotTell(fmt.Errorf("run %s in pod %s: %w", strings.Join(args, " "), pod, err))
	}
	return stdout.String(), nil
}

func (s *Scenario) exec(ctx context.Context, name string, args []string, stdout, stderr *bytes.Buffer) error {
	pod := podNamed(s.Live(), name)
	if pod == nil {
		return errors.New("there is no such pod")
	}
	options := &corev1.PodExecOptions{Container: pod.Spec.Containers[0].Name, Command: args, Stdout: true, Stderr: true}
	url := s.clients.CoreV1().RESTClient().Post().Resource("pods").Namespace(s.namespace).Name(name).
		SubResource("exec").VersionedParams(options, scheme.ParameterCodec).URL()
	executor, err := remotecommand.NewWebSocketExecutor(s.config, "GET", url.String())
	if err != nil {
		return err
	}
	return executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdout: stdout, Stderr: stderr})
}

// Kubectl runs the cluster's own kubectl in the scenario's namespace and returns what it printed: standard output, then
// standard error. The spec is skipped if the cluster has none.
func (s *Scenario) Kubectl(ctx context.Context, args ...string) (string, error) {
	ginkgo.GinkgoHelper()
	return s.KubectlReading(ctx, nil, args...)
}

// KubectlReading is Kubectl with something to read, as in "kubectl apply -f -". What kubectl printed is returned with an
// error too: that is what a user sees of a refusal.
func (s *Scenario) KubectlReading(ctx context.Context, input []byte, args ...string) (string, error) {
	ginkgo.GinkgoHelper()
	s.goesOn()
	args = append([]string{"--namespace=" + s.namespace}, args...)
	out, err := s.cluster.Kubectl(ctx, input, args...)
	s.note("kubectl "+strings.Join(args, " "), out, err)
	if errors.Is(err, cluster.ErrNoKubectl) {
		ginkgo.Skip(err.Error())
	}
	return out, err
}
