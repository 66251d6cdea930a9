package lifecycle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/discovery"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/fixtures/printed"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/quiz"
	"github.com/jobproof/jobproof/suites/scenario"
)

// shortly is the upper bound of what the documents call a few seconds. Their own run took 6 s; one on two cores with forty
// other processes that had something to do took 52 s, and the rest is for a machine that is as busy.
const shortly = 2 * time.Minute

var _ = Describe("The Job quiz-init", func() {
	It("prepares the database in its init container, then imports the questions, anew each time it is run", scenario.Slow,
		scenario.Claims("J-050", "J-051", "J-052", "J-053", "J-055", "J-056", "J-057", "J-058", "J-059", "J-060", "J-067",
			"J-071", "J-118", "J-119"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			db := quiz.Launch(ctx, s)
			var asked []question
			text := s.Text(ctx, "job.quiz-init.yaml", quiz.Here(s), func(object k8s.Object) {
				if data, is := object.(*corev1.ConfigMap); is {
					asked = questions(data.Data["questions.json"])
				}
			})
			job := s.Job("quiz-init")

			out, err := s.KubectlReading(ctx, text, "apply", "-f", "-")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-052 J-067", out, ContainSubstring("job.batch/quiz-init created\n"))
			s.Prove("J-053", out, ContainSubstring("configmap/quiz-data created\n"))
			job.Await(ctx, "J-057 J-071", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))

			job.Prove("J-057", expect.AskedFor(1, 1), expect.CreatedPods(1), expect.CountedSuccesses(1))
			job.Prove("J-050 J-058", expect.EveryPod(expect.RanInSequence("init", "import")))
			job.Prove("J-051", expect.OwnedItsPods(), expect.EveryPod(WithTransform(drawn, Equal(
				figure{Init: "init", Main: "import", Mounted: "quiz-data"}))))
			job.Prove("J-060", HaveField("First().Spec.Template.Spec.RestartPolicy", corev1.RestartPolicyOnFailure),
				expect.EveryPod(HaveField("First().Spec.RestartPolicy", corev1.RestartPolicyOnFailure)))
			job.Prove("J-071", expect.CompletedWithin(shortly))
			s.Prove("J-053", asked, HaveLen(6))
			s.Prove("J-050 J-059", inDatabase(ctx, db), Equal(asked))
			serving := servingJobs(ctx, s)
			s.Prove("J-055", serving, And(Not(BeEmpty()), HaveEach(HavePrefix("batch/"))))
			s.Prove("J-056", serving, Equal([]string{"batch/v1"}))

			out, err = s.Kubectl(ctx, "delete", "job", "quiz-init")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-118", out, Equal("job.batch \"quiz-init\" deleted from "+s.Namespace()+" namespace\n"))
			job.Await(ctx, "J-119", expect.NoJob(), expect.NoPods())
			out, err = s.Kubectl(ctx, "get", "po", "-l", "job-name=quiz-init")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-119", out, Equal("No resources found in "+s.Namespace()+" namespace.\n"))

			// Again, with a question in the collection that the ConfigMap does not have, and held before the import.
			db.Eval(ctx, `db.questions.insertOne({_id: 7, text: "Is this one dropped?"})`)
			again := s.Text(ctx, "job.quiz-init.yaml", quiz.Here(s), jobs.Held)
			_, err = s.KubectlReading(ctx, again, "apply", "-f", "-")
			Expect(err).NotTo(HaveOccurred())
			job.Reach(ctx, expect.RunningPods(1))
			held := job.Running()[0]
			_, err = s.Exec(ctx, held, "sh", "-c", "echo > /questions.json")
			s.Prove("J-059", err, expect.Complained("Read-only file system"))
			Expect(jobs.Release(ctx, s, 0, held)).To(Succeed())
			job.Await(ctx, "J-059", expect.Condition(batchv1.JobComplete))
			s.Prove("J-059", inDatabase(ctx, db), Equal(asked))
		})

	It("cannot be made of the manifest as it is printed",
		scenario.Claims("J-054"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			asPrinted, err := printed.Read("job.quiz-init.yaml")
			Expect(err).NotTo(HaveOccurred())

			_, err = s.KubectlReading(ctx, asPrinted, "apply", "-f", "-")
			s.Prove("J-054", err, expect.Complained("error converting YAML to JSON: yaml: line "))
			s.Prove("J-054", s.History().Jobs(), BeEmpty())
			out, err := s.KubectlReading(ctx, s.Text(ctx, "job.quiz-init.yaml"), "apply", "--dry-run=server", "-f", "-")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-054", out, ContainSubstring("job.batch/quiz-init created (server dry run)\n"))
		})
})

// figure is what Figure 17.2 draws of a pod: its init container, its main one, and the ConfigMap that is mounted into the
// main one through a volume.
type figure struct{ Init, Main, Mounted string }

func drawn(life history.PodLife) figure {
	pod := life.First()
	if len(pod.Spec.InitContainers) != 1 || len(pod.Spec.Containers) != 1 {
		return figure{}
	}
	main := pod.Spec.Containers[0]
	drawn := figure{Init: pod.Spec.InitContainers[0].Name, Main: main.Name}
	for _, mount := range main.VolumeMounts {
		for _, volume := range pod.Spec.Volumes {
			if volume.Name == mount.Name && volume.ConfigMap != nil {
				drawn.Mounted = volume.ConfigMap.Name
			}
		}
	}
	return drawn
}

// question is a document of the collection of questions.
type question struct {
	ID            int `json:"_id"`
	Text          string
	Answers       []string
	CorrectAnswer int
}

// questions reads documents that stand one after the other.
func questions(text string) []question {
	GinkgoHelper()
	var all []question
	documents := json.NewDecoder(bytes.NewReader([]byte(text)))
	for {
		var one question
		err := documents.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		Expect(err).NotTo(HaveOccurred())
		all = append(all, one)
	}
}

// inDatabase reads the collection of questions.
func inDatabase(ctx context.Context, db *quiz.Database) []question {
	GinkgoHelper()
	var all []question
	db.Read(ctx, `db.questions.find().sort({_id: 1}).toArray()`, &all)
	return all
}

// servingJobs asks the API server for the groups and versions in which there are Jobs.
func servingJobs(ctx context.Context, s *scenario.Scenario) []string {
	GinkgoHelper()
	_, lists, err := s.Clients().Discovery().ServerGroupsAndResourcesWithContext(ctx)
	if !discovery.IsGroupDiscoveryFailedError(err) { // a group that another server does not answer for is none of ours
		Expect(err).NotTo(HaveOccurred())
	}
	var serving []string
	for _, list := range lists {
		for _, resource := range list.APIResources {
			if resource.Name == "jobs" && resource.Kind == "Job" {
				serving = append(serving, list.GroupVersion)
			}
		}
	}
	return serving
}
