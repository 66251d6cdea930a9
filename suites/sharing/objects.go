package sharing

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/fixtures/printed"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// processing is the article's Job, and the name of its manifest.
const processing = "s3-data-processing"

var _ = Describe("A Job that processes objects of an S3 bucket", func() {
	It("takes what another Job has put there, starting anew until it is there, and leaves its result to a third", scenario.Slow,
		scenario.Claims("J-020", "J-022", "J-023"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.EndpointSlices)
			s.Needs(images.ObjectStore, images.Processor)
			s.Apply(ctx, "object-store.yaml")
			reachable(ctx, s, "object-store")

			s.Apply(ctx, processing+".yaml")
			processor := s.Job(processing)
			processor.Reach(ctx, WithTransform(failures, Not(BeEmpty())))
			s.Apply(ctx, "object-store.upload.yaml")
			s.Job("upload").Await(ctx, "J-020", expect.Condition(batchv1.JobComplete))
			processor.Within(scenario.Replacement).Await(ctx, "J-020 J-022 J-023", expect.Condition(batchv1.JobComplete))
			s.Apply(ctx, "object-store.download.yaml")
			result := s.Job("download")
			result.Await(ctx, "J-020", expect.Condition(batchv1.JobComplete))

			s.Prove("J-020 J-022", wordsOf(result)["download"],
				MatchJSON(`{"program": "process_data.py", "objects": 2, "words": {"one": 1, "three": 3, "two": 3}}`))
			processor.Prove("J-022", expect.EveryPod(HaveField("First().Spec.Containers", ConsistOf(SatisfyAll(
				HaveField("Name", "processor"),
				HaveField("Env", ConsistOf(corev1.EnvVar{Name: "S3_BUCKET", Value: "my-bucket"})),
				HaveField("Command", Equal([]string{"python", "process_data.py"})),
			)))))
			processor.Prove("J-023", HaveField("First().Spec.Template.Spec.RestartPolicy", corev1.RestartPolicyOnFailure),
				expect.RestartedBefore(batchv1.JobSuccessCriteriaMet, 1), expect.CreatedPods(1), expect.CountedFailures(0))
			manifest, err := jobs.Read(processing + ".yaml")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-023", s.Try(ctx, manifest, called("always"), jobs.With(func(job *batchv1.Job) {
				job.Spec.Template.Spec.RestartPolicy = corev1.RestartPolicyAlways
			})), expect.Refused("spec.template.spec.restartPolicy"))
		})

	It("is no YAML as printed, is given the typographic quotes if they are kept, and waits for an image that is not to be had",
		scenario.Claims("J-021", "J-022", "J-024"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			s.Needs(images.Processor)
			s.Crowds() // that an image cannot be had is what is asked about
			asPrinted, err := printed.Read(processing + ".yaml")
			Expect(err).NotTo(HaveOccurred())
			repaired, err := jobs.Read(processing + ".yaml")
			Expect(err).NotTo(HaveOccurred())

			out, err := s.KubectlReading(ctx, asPrinted, "apply", "-f", "-")
			s.Prove("J-021", err, HaveOccurred())
			s.Prove("J-021", out, ContainSubstring("error converting YAML to JSON"))
			s.Prove("J-021", s.History().Jobs(), BeEmpty())
			out, err = s.KubectlReading(ctx, repaired, "apply", "--dry-run=server", "-f", "-")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-021", out, Equal("job.batch/s3-data-processing created (server dry run)\n"))

			quoted := strings.NewReplacer("my-bucket", "“my-bucket”",
				"[python, process_data.py]", "[“python”, “process_data.py”]")
			s.Prove("J-022", s.Try(ctx, []byte(quoted.Replace(string(repaired))), called("quoted")), Succeed())
			absent := jobs.With(func(job *batchv1.Job) {
				image := &job.Spec.Template.Spec.Containers[0].Image
				*image, _, _ = strings.Cut(*image, ":")
			})
			s.Apply(ctx, processing+".yaml", absent)
			inQuotes, waiting := s.Job("quoted"), s.Job(processing)

			inQuotes.Await(ctx, "J-022", expect.Restarts(1), expect.CountsSucceeded(0))
			inQuotes.Prove("J-022", expect.EveryPod(HaveField("First().Spec.Containers", ConsistOf(SatisfyAll(
				HaveField("Env", ConsistOf(corev1.EnvVar{Name: "S3_BUCKET", Value: "“my-bucket”"})),
				HaveField("Command", Equal([]string{"“python”", "“process_data.py”"})),
			)))), expect.ThePod(0, cannotStart("“python”")))

			waiting.Await(ctx, "J-024", expect.WaitingPods(1, "ImagePullBackOff"), expect.ActivePods(1), expect.CountsFailed(0))
			_, err = s.Kubectl(ctx, "patch", "job", processing, "-p", `{"spec":{"activeDeadlineSeconds":1}}`)
			Expect(err).NotTo(HaveOccurred())
			waiting.Await(ctx, "J-024", expect.ConditionBecause(batchv1.JobFailed, batchv1.JobReasonDeadlineExceeded))
			waiting.Prove("J-024", expect.CountedNoFailureBefore(batchv1.JobFailureTarget), expect.CreatedPods(1),
				expect.EveryPod(SatisfyAll(
					HaveField("First().Spec.Containers", ConsistOf(HaveField("ImagePullPolicy", corev1.PullAlways))),
					HaveField("Running.Happened()", BeFalse()))))
		})
})

// failures returns the exit codes, other than 0, of runs of containers that the Job's pods show.
func failures(state history.State) []int32 {
	var codes []int32
	for _, pod := range state.Pods {
		for _, c := range pod.Status.ContainerStatuses {
			for _, state := range []corev1.ContainerState{c.State, c.LastTerminationState} {
				if state.Terminated != nil && state.Terminated.ExitCode != 0 {
					codes = append(codes, state.Terminated.ExitCode)
				}
			}
		}
	}
	return codes
}

// cannotStart expects of a history.PodLife that no container could be started because there is no such program.
func cannotStart(program string) OmegaMatcher {
	return WithTransform(func(pod history.PodLife) []string {
		var ends []string
		for _, version := range pod.Versions {
			for _, c := range version.Pod().Status.ContainerStatuses {
				for _, state := range []corev1.ContainerState{c.State, c.LastTerminationState} {
					if ended := state.Terminated; ended != nil {
						ends = append(ends, ended.Reason+": "+ended.Message)
					}
				}
			}
		}
		return ends
	}, SatisfyAll(Not(BeEmpty()), HaveEach(SatisfyAll(HavePrefix("StartError: "), ContainSubstring(program)))))
}
