package queues

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/quiz"
	"github.com/jobproof/jobproof/suites/scenario"
)

const coarse = "aggregate-responses-queue-coarse"

// processCoarsely runs the Job whose pods process one item each, on a queue of twelve, and returns what it leaves.
func processCoarsely(ctx context.Context, s *scenario.Scenario, db *quiz.Database) ledger {
	GinkgoHelper()
	out, err := s.KubectlReading(ctx, pausing(s, "job.aggregate-responses-queue-coarse.yaml"), "apply", "-f", "-")
	Expect(err).NotTo(HaveOccurred())
	s.Prove("J-270 J-273", out, Equal("configmap/"+coarse+" created\njob.batch/"+coarse+" created\n"))
	job := s.Job(coarse)

	for ended := 0; ended < 6; ended += 3 {
		job.Await(ctx, "J-272 J-276", expect.SucceededPods(ended), expect.RunningPods(3))
		pods := job.Running()
		haveInHand(ctx, s, 1, pods...)
		goOn(ctx, s, 1, pods...)
	}
	job.Await(ctx, "J-264 J-271 J-276", expect.Condition(batchv1.JobComplete), expect.SucceededPods(6))
	after := read(ctx, db)

	job.Prove("J-270", expect.AskedFor(6, 3))
	job.Prove("J-272 J-276", expect.RanAtOnce(3), expect.RanAtMost(3))
	job.Prove("J-265 J-276", expect.CreatedPods(6), expect.CountedSuccesses(6), expect.CountedFailures(0))
	s.Prove("J-268 J-271", slices.Concat(after.ids(), itemIDs(after.Queue)), ConsistOf(itemIDs(items(1, 12))))
	s.Prove("J-271", after.Queue, HaveLen(6))
	s.Prove("J-264 J-265 J-275", after.by(), And(HaveLen(6), HaveEach(HaveLen(1))))
	s.Prove("J-277", after.Queue, ConsistOf(items(7, 12)))
	s.Prove("J-274", after.months(), Equal(map[string]int{
		"2022-01": 2, "2022-02": 3, "2022-03": 4, "2022-04": 5, "2022-05": 6, "2022-06": 7,
	}))
	s.Prove("J-274 J-275", after.Days, Equal(counted(2022, time.February, time.July)))

	logs := map[string][]string{}
	for _, pod := range job.History().Pods() {
		log, err := s.Kubectl(ctx, "logs", pod.Name)
		Expect(err).NotTo(HaveOccurred())
		logs[pod.Name] = logged(log)
	}
	s.Prove("J-278", logs, Equal(after.by()))

	// No object that the API server has shown says which items there are, and no pod was given one.
	resources, err := s.Clients().Discovery().ServerResourcesForGroupVersion(batchv1.SchemeGroupVersion.String())
	Expect(err).NotTo(HaveOccurred())
	for _, resource := range resources.APIResources {
		s.Prove("J-263", resource.Name, Or(HavePrefix("jobs"), HavePrefix("cronjobs")))
	}
	s.Prove("J-263", mentioned(s.History(), after.ids()), BeEmpty())
	job.Prove("J-263", expect.MadeItsPodsAlike(6))

	out, err = s.Kubectl(ctx, "delete", "job", coarse)
	Expect(err).NotTo(HaveOccurred())
	s.Prove("J-279", strings.Fields(out), ContainElements(`"`+coarse+`"`, "deleted"))
	job.Await(ctx, "J-279", expect.NoJob(), expect.NoPods())
	job.Prove("J-279", expect.WentBeforeItsPods())
	return after
}

// itemIDs names items.
func itemIDs(items []item) []string {
	var ids []string
	for _, item := range items {
		ids = append(ids, item.ID)
	}
	return ids
}

// mentioned names the objects of which some version holds one of the words.
func mentioned(recorded *history.History, words []string) []string {
	var names []string
	for _, version := range recorded.Versions() {
		for _, word := range words {
			if bytes.Contains(version.Object, []byte(word)) {
				names = append(names, version.Kind+" "+version.Name+": "+word)
			}
		}
	}
	return names
}
