package plan

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/catalogue"
	"github.com/jobproof/jobproof/fixtures/claims"
	"github.com/jobproof/jobproof/fixtures/jobs"
)

var nameForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// registry is that of all claims; what is faulty in it ends the specs that name it.
var registry = sync.OnceValue(func() *claims.Registry {
	registry, _ := claims.Load()
	return registry
})

// checker looks for the first thing that is wrong with a plan.
type checker struct {
	*Plan
	jobs map[string]*batchv1.Job
	err  error
}

// Check returns what is wrong with a plan, where it stands, and what would be right.
func (p *Plan) Check() error {
	c := &checker{Plan: p, jobs: map[string]*batchv1.Job{}}
	c.head()
	for i, step := range p.Steps {
		c.step(i, step)
	}
	if len(p.Ends) == 0 {
		c.wrong("ends", "it has no ends: say what each Job must come to, as in ends: [{job: %s, condition: Complete}]", c.anyJob())
	}
	for i, end := range p.Ends {
		c.end(fmt.Sprintf("ends[%d]", i), end)
	}
	return c.err
}

func (c *checker) wrong(path, format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%s: %s", c.At(path), fmt.Sprintf(format, args...))
	}
}

// among makes sure that a word is one that there is.
func (c *checker) among(path, what, word string, known []string) {
	if !slices.Contains(known, word) {
		c.wrong(path, "there is no %s %q: %s", what, word, catalogue.Suggest(word, known))
	}
}

func (c *checker) head() {
	if !nameForm.MatchString(c.Name) {
		c.wrong("plan", "%q is not a name: small letters, digits and single dashes", c.Name)
	}
	if file := strings.TrimSuffix(filepath.Base(c.file), ".yaml"); c.file != "" && file != c.Name && !strings.HasPrefix(file, c.Name+".") {
		c.wrong("plan", "the plan is called %s and its file %s: name one after the other", c.Name, filepath.Base(c.file))
	}
	if c.Says == "" {
		c.wrong("says", "it says nothing: write in one sentence what it is about")
	}
	if c.Profile != "" {
		c.among("profile", "profile", string(c.Profile), words(Profiles))
	}
	if len(c.Claims) == 0 {
		c.wrong("claims", "it names no claim: give the ids of those that its ends prove, as in claims: [J-166]")
	}
	registry := registry()
	for i, id := range c.Claims {
		switch claim, known := registry.Get(id); {
		case !known:
			c.wrong(fmt.Sprintf("claims[%d]", i), "%s", registry.Lacks(id))
		case claim.Unprovable != "":
			c.wrong(fmt.Sprintf("claims[%d]", i), "%s cannot be shown on any cluster: %s", id, claim.Unprovable)
		}
	}
	if len(c.Jobs) == 0 {
		c.wrong("jobs", "it has no jobs: give manifests of fixtures/jobs")
	}
	for i, manifest := range c.Jobs {
		c.manifest(fmt.Sprintf("jobs[%d]", i), manifest)
	}
}

func (c *checker) manifest(path, manifest string) {
	found, err := jobsOf(manifest)
	if err != nil {
		files, _ := fs.Glob(jobs.FS, "*.yaml")
		c.wrong(path, "there is no manifest %q in fixtures/jobs: %s", manifest, catalogue.Suggest(manifest, files))
		return
	}
	if len(found) == 0 {
		c.wrong(path, "%s holds no Job", manifest)
	}
	for _, job := range found {
		if c.jobs[job.Name] != nil {
			c.wrong(path, "%s holds a Job %s, and so does another manifest of the plan", manifest, job.Name)
		}
		c.jobs[job.Name] = job
	}
}

func (c *checker) anyJob() string {
	for _, name := range slices.Sorted(maps.Keys(c.jobs)) {
		return name
	}
	return "name"
}

// job returns the Job that a mapping is about, or nil, and says so, if the plan has none of that name.
func (c *checker) job(path, name string) *batchv1.Job {
	if name == "" {
		c.wrong(path, "it names no Job: add job: %s", c.anyJob())
		return nil
	}
	c.among(path+".job", "Job", name, slices.Sorted(maps.Keys(c.jobs)))
	return c.jobs[name]
}

func (c *checker) index(path string, index *int, job *batchv1.Job) {
	switch {
	case index == nil || job == nil:
	case !indexed(job):
		c.wrong(path+".index", "no pod of the Job %s has an index: its completionMode is not Indexed", job.Name)
	case *index < 0 || *index >= c.most(job):
		c.wrong(path+".index", "no pod of the Job %s has the index %d: there are 0 to %d", job.Name, *index, c.most(job)-1)
	}
}

// most is how many completions a Job may have in the course of the plan, scaled up or not.
func (c *checker) most(job *batchv1.Job) int {
	return max(completions(job), c.scaled(job, Completions))
}

// mostActive is the largest parallelism that a Job has in the course of the plan.
func (c *checker) mostActive(job *batchv1.Job) int {
	most := 1
	if job.Spec.Parallelism != nil {
		most = int(*job.Spec.Parallelism)
	}
	return max(most, c.scaled(job, Parallelism))
}

// scaled is the largest figure that a step of the plan scales a Job to; 0 if none does.
func (c *checker) scaled(job *batchv1.Job, figure string) (most int) {
	for _, step := range c.Steps {
		if n, err := strconv.Atoi(step.With[figure]); err == nil && step.Act == Scale && step.selector().Job == job.Name {
			most = max(most, n)
		}
	}
	return most
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, word := range list {
		out[i] = string(word)
	}
	return out
}
