package indexed

import (
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/quiz"
	"github.com/jobproof/jobproof/suites/scenario"
)

// shells is for twelve pods that each start the database's shell.
var shells = scenario.Bound{Limit: 6 * time.Minute, Origin: "a start of the shell takes up to 1.6 s of a core " +
	"(measured), twelve on one core 20 s; on top of Replacement and rounded up"}

// perMonth is how many days of a month have responses.
var perMonth = strconv.Itoa(len(quiz.Days(2020)) / months)

// statistic is how the database's shell prints a document of a day, and shown how many it prints of those it finds
// (displayBatchSize, among the settings of mongosh).
const (
	statistic = `_id: ISODate\(['"]2020-\d\d-\d\dT00:00:00.000Z['"]\),\s+` +
		`totalCount: \d+,\s+correctCount: \d+,\s+incorrectCount: \d+`
	shown = 20
)

var _ = Describe("The responses of a year", func() {
	It("are aggregated by a Job a month or by an index a month, with the same result", scenario.Slow,
		scenario.Claims("J-222", "J-223", "J-224", "J-225", "J-226", "J-231", "J-232", "J-235", "J-236", "J-237",
			"J-239", "J-244", "J-246", "J-258"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			db := quiz.Start(ctx, s)
			Expect(db.Seed(ctx, 2020)).To(Equal(db.Seed(ctx, 2021)))

			script, err := jobs.Read("cm.aggregate-responses.yaml")
			Expect(err).NotTo(HaveOccurred())
			out, err := s.KubectlReading(ctx, script, "apply", "-f", "-")
			Expect(err).NotTo(HaveOccurred(), out)
			s.Prove("J-225", out, Equal("configmap/aggregate-responses created\n"))
			texts, err := s.Clients().CoreV1().ConfigMaps(s.Namespace()).Get(ctx, "aggregate-responses", metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-224", texts.Data, HaveKeyWithValue("script.js",
				And(ContainSubstring(`process.env["YEAR"]`), ContainSubstring(`process.env["MONTH"]`))))

			// 2020, by twelve Jobs.
			template, err := jobs.Read("job.aggregate-responses-2020.tmpl.yaml")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-231", s.Try(ctx, template), expect.Refused("metadata.name"))
			s.Prove("J-231", string(template), ContainSubstring("completionMode: NonIndexed"))
			here := strings.NewReplacer(".kiada.svc", "."+s.Namespace()+".svc")
			var lines []string
			for month := 1; month <= months; month++ {
				manifest := here.Replace(string(render(strconv.Itoa(month))))
				out, err := s.KubectlReading(ctx, []byte(manifest), "apply", "-f", "-")
				Expect(err).NotTo(HaveOccurred(), out)
				lines = append(lines, strings.TrimSpace(out))
			}
			s.Prove("J-231 J-232", lines, Equal(created("")))
			for month := 1; month <= months; month++ {
				job := s.Job(name(month))
				job.Within(shells).Await(ctx, "J-223 J-224", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
				job.Prove("J-226 J-235", expect.CreatedPods(1))
				job.Prove("J-223 J-226", expect.ToldItsContainers("updater", expect.Values{
					"year":  func(int) string { return "2020" },
					"month": func(int) string { return strconv.Itoa(month) },
					"days":  func(int) string { return perMonth },
				}))
			}
			s.Prove("J-239", s.Live().Jobs(), HaveLen(months))
			s.Prove("J-222 J-223 J-226 J-236", db.DailyStatistics(ctx, 2020), Equal(quiz.Days(2020)))
			printed := db.Eval(ctx, "db.statistics.find()")
			s.Prove("J-236", printed, MatchRegexp(statistic))
			s.Prove("J-236", strings.Count(printed, "_id:"), Equal(shown))

			out, err = s.Kubectl(ctx, "delete", "jobs", "-l", "app=aggregate-responses")
			Expect(err).NotTo(HaveOccurred(), out)
			s.Prove("J-237", out, Equal("No resources found\n"))
			s.Prove("J-237", s.Live().Jobs(), HaveLen(months))

			// 2021, by twelve indexes.
			s.Apply(ctx, "job.aggregate-responses-2021-indexed.yaml", quiz.Here(s))
			job := s.Job("aggregate-responses-2021")
			job.Within(shells).Await(ctx, "J-244", expect.Condition(batchv1.JobComplete), expect.SucceededPods(months))
			job.Prove("J-244", expect.AskedFor(months, 3), expect.CreatedOnePodForEachIndex(months))
			job.Prove("J-246", expect.AddedTheIndexVariable(), expect.ToldItsContainers("updater", expect.Values{
				"year":  func(int) string { return "2021" },
				"month": func(index int) string { return strconv.Itoa(index + 1) },
				"days":  func(int) string { return perMonth },
			}))
			s.Prove("J-246", month(job.History().First()), Equal("unset"))
			s.Prove("J-239", s.Live().Jobs(), HaveLen(months+1))
			s.Prove("J-222 J-246", db.DailyStatistics(ctx, 2021), Equal(quiz.Days(2021)))

			// The deletion that left the twelve takes the one, and its pods with it.
			out, err = s.Kubectl(ctx, "delete", "jobs", "-l", "app=aggregate-responses")
			Expect(err).NotTo(HaveOccurred(), out)
			s.Prove("J-237", out, HavePrefix(`job.batch "aggregate-responses-2021" deleted`))
			job.Await(ctx, "J-258", expect.NoJob(), expect.NoPods())
			s.Prove("J-237", s.Live().Jobs(), HaveLen(months))
		})
})
