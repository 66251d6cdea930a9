package indexed

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// thousand is how many files there are to process, and how many indexes process-files has.
const thousand = 1000

var _ = Describe("An Indexed Job that processes files", func() {
	It("gives each pod another file under the same name, whatever the main container knows of indexes", scenario.Slow,
		scenario.Claims("J-259", "J-260", "J-261"),
		func(ctx SpecContext) {
			const processed = 12
			s := scenario.Begin(ctx)
			provide(ctx, s)
			s.Apply(ctx, "process-files.yaml", ignorantOfItsIndex, withAnotherThatLacksTheFiles, jobs.With(func(job *batchv1.Job) {
				job.Spec.Completions = new(int32(processed))
			}))
			job := s.Job("process-files")
			job.Await(ctx, "J-259", expect.Condition(batchv1.JobComplete), expect.SucceededPods(processed))

			own := expect.Values{"content": content}
			job.Prove("J-259", expect.CreatedOnePodForEachIndex(processed), expect.ToldItsContainers("main", own))
			job.Prove("J-259", expect.ToldItsContainers("another", expect.Values{
				"file.bin": func(int) string { return "a link to nowhere" },
			}))
			job.Prove("J-260", expect.CreatedOnePodForEachIndex(processed), expect.ToldItsContainers("main", own))
			job.Prove("J-261", expect.EveryPod(HaveField("First().Spec.Containers", ContainElement(And(
				HaveField("Name", "main"),
				HaveField("Command", HaveEach(Not(ContainSubstring(expect.IndexVariable)))),
				HaveField("Env", ConsistOf(corev1.EnvVar{Name: expect.IndexVariable, Value: unknown})),
			)))), expect.ToldItsContainers("main", own))
		})

	It("may have a thousand indexes",
		scenario.Claims("J-262"),
		func(ctx SpecContext) {
			const begun = 4 // its parallelism
			s := scenario.Begin(ctx)
			provide(ctx, s)
			manifest, err := jobs.Read("process-files.yaml")
			Expect(err).NotTo(HaveOccurred())

			s.Prove("J-262", s.Try(ctx, manifest, jobs.Gated), Succeed())
			job := s.Job("process-files")
			job.Await(ctx, "J-262", expect.RunningPods(begun))
			job.Prove("J-262", expect.AskedFor(thousand, begun), expect.CreatedOnePodForEachIndex(begun))
		})
})

// content is what stands in the file of an index; no container can make it from the index alone.
func content(index int) string { return fmt.Sprintf("page %d of a thousand", (index*387+41)%thousand) }

// provide makes the thousand files.
func provide(ctx SpecContext, s *scenario.Scenario) {
	GinkgoHelper()
	files := map[string]string{}
	for index := range thousand {
		files[fmt.Sprintf("item-%d", index)] = "content=" + content(index) + "\n"
	}
	_, err := s.Clients().CoreV1().ConfigMaps(s.Namespace()).Create(ctx,
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "files"}, Data: files}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
}

// unknown is what the main container finds in place of its index.
const unknown = "unknown"

// ignorantOfItsIndex is an edit that keeps the index from the main container: a variable that a template sets is left as
// it is.
var ignorantOfItsIndex = jobs.With(func(job *batchv1.Job) {
	main := &job.Spec.Template.Spec.Containers[0]
	main.Env = append(main.Env, corev1.EnvVar{Name: expect.IndexVariable, Value: unknown})
})

// withAnotherThatLacksTheFiles is an edit that adds a container which has the link but not the volume that the link
// leads to.
var withAnotherThatLacksTheFiles = jobs.With(func(job *batchv1.Job) {
	pod := &job.Spec.Template.Spec
	pod.Containers = append(pod.Containers, corev1.Container{
		Name: "another", Image: images.Busybox,
		Command: []string{"sh", "-c", `test -L /var/input/file.bin && test ! -e /var/input/file.bin &&
  echo "file.bin=a link to nowhere" > /dev/termination-log`},
		VolumeMounts: []corev1.VolumeMount{{Name: "input", MountPath: "/var/input"}},
	})
})
