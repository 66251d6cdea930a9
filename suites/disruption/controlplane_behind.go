package disruption

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/suites/scenario"
)

// behind is a shell script that opens the gate of the pod with that uid from its machine, and returns when all that ran in
// its container is gone. The task's processes are those in a cgroup of the pod that see the gate at /tmp/gate.
const behind = `
gate=root/tmp/gate
tasks() {
	for cgroup in $(grep -l "pod$1" /proc/[0-9]*/cgroup 2> /dev/null); do
		[ -p "${cgroup%/cgroup}/$gate" ] && echo "${cgroup%/cgroup}"
	done
}
found=$(tasks "$1")
[ -n "$found" ] || { echo "no task of pod $1 waits at its gate" >&2; exit 1; }
set -- $found
timeout 10 sh -c 'echo 0 > "$1"' sh "$1/$gate" || exit 1
for task; do
	for try in $(seq 100); do [ -e "$task" ] || continue 2; sleep 0.1; done
	echo "a task of the pod goes on after its gate was opened" >&2; exit 1
done`

// endBehind ends the task of a gated pod with success while the API server cannot be asked to: on the pod's machine.
func endBehind(ctx context.Context, s *scenario.Scenario, pod *corev1.Pod) {
	GinkgoHelper()
	_, err := s.Node(pod.Spec.NodeName).Exec(ctx, "sh", "-c", behind, "sh", string(pod.UID))
	Expect(err).NotTo(HaveOccurred())
}
