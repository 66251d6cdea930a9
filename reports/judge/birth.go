package judge

import (
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
)

// birth is about what a pod is when it is created.
var birth = []Invariant{
	{
		ID: "P01",
		Says: "Every pod is created with the tracking finalizer, a controller reference to its Job that blocks the Job's deletion, " +
			"the four labels that name the Job, and a name that begins with the Job's and, if that is Indexed, the index.",
		Source: "pkg/controller/job/job_controller.go:1861, 1902-1916, manageJob; pkg/controller/job/indexed_job_utils.go:494-501; " +
			"pkg/controller/controller_utils.go:512-590; pkg/registry/batch/job/strategy.go:206-255, generateSelector",
		Exceptions: []string{
			"a Job with manualSelector has the labels that its user chose",
			"1.37 lets the labels be taken out of the template of a Job that is suspended",
			"a long name of a Job is cut, so that the pod's has at most 63 characters",
		},
		Pod: atBirth(bornWell),
	},
	{
		ID: "P02",
		Says: "A pod of an Indexed Job is created with a completion index below the completions, the same in its annotation, its " +
			"label and at the end of its hostname, and with JOB_COMPLETION_INDEX in every container and init container.",
		Source: "pkg/controller/job/indexed_job_utils.go:242-273, 453-492; " +
			"pkg/controller/job/job_controller.go:1834-1914, manageJob",
		Exceptions: []string{
			"an index between the new and the old completions, created before the controller saw them lowered",
			"a JOB_COMPLETION_INDEX of the template's own is kept, whatever it says",
			"a container that a webhook adds need not have the variable",
		},
		Across: true, Memory: true, OneController: true,
		Job: noteOutlook, Pod: atBirth(bornWithIndex),
	},
	{
		ID:   "P25",
		Says: "A pod is created with all that the Job's template says, and perhaps more.",
		Source: "pkg/controller/job/job_controller.go:1857-1916, manageJob; " +
			"pkg/controller/controller_utils.go:567-590, GetPodFromTemplate",
		Exceptions: []string{
			"what the controller, the API server's defaults, its admission plugins or webhooks add",
			"what a webhook changes that adds a label, an annotation or a container too",
			"the hostname and the completion index of an Indexed Job's pod, and the failure counts of its index",
			"imagePullPolicy: Always, by admission plugin AlwaysPullImages",
			"the template of a Job that was suspended has changed, and the controller did not know yet",
		},
		Across: true, Memory: true, OneController: true,
		Job: noteOutlook, Pod: atBirth(bornFromTemplate),
	},
}

// jobLabels are those that the API server puts into the template of a Job.
var jobLabels = [...]string{batchv1.JobNameLabel, "job-name", batchv1.ControllerUidLabel, "controller-uid"}

func bornWell(j *Job, p *Pod) Answer {
	now := p.Now
	switch {
	case !now.Tracked:
		return Broken("it is created without the finalizer %s", batchv1.JobTrackingFinalizer)
	case now.OwnerKind != "Job" || now.OwnerName != j.Name:
		return Broken("it is created for the %s %s with the uid of the Job %s", now.OwnerKind, now.OwnerName, j.Name)
	case !now.BlockOwnerDeletion:
		return Broken("its controller reference does not block the deletion of the Job")
	}
	for i, label := range jobLabels {
		want := j.Name
		if i >= 2 {
			want = j.UID
		}
		if j.Now.Spec.Template.Labels[label] == want && now.Labels[label] != want {
			return Broken("it is created with the label %s=%q, and that of the Job is %q", label, now.Labels[label], want)
		}
	}
	index := -1
	if j.Now.Indexed() {
		index = now.Index
	}
	stem := podStem(j.Name, index)
	return Never(!strings.HasPrefix(p.Name, stem) || len(p.Name) != len(stem)+generatedLength, func() string {
		return "its name is not " + stem + " and five more characters"
	})
}

// The longest name that the API server generates and the random characters at its end
// (apiserver/pkg/storage/names/generate.go).
const (
	longestGenerated = 63
	generatedLength  = 5
)

// podStem is what the names of a Job's pods begin with; index is -1 unless the Job is Indexed.
func podStem(job string, index int) string {
	const room = longestGenerated - generatedLength
	end := "-"
	if index >= 0 {
		end = "-" + strconv.Itoa(index) + "-"
	}
	if stem := job + end; len(stem) <= room {
		return stem
	}
	if index < 0 {
		return (job + end)[:room]
	}
	return job[:room-len(end)] + end
}

func bornWithIndex(j *Job, p *Pod) Answer {
	o := j.outlook()
	if !j.Now.Indexed() || !o.open {
		return Answer{}
	}
	now := p.Now
	annotation := now.Annotations[batchv1.JobCompletionIndexAnnotation]
	switch {
	case now.Index < 0:
		return Broken("it is created with the completion index %q", annotation)
	case now.Index >= o.completions:
		return Broken("it is created with the completion index %d, and there are %d completions", now.Index, o.completions)
	case now.Labels[batchv1.JobCompletionIndexAnnotation] != annotation:
		return Broken("its annotation says index %s and its label %q", annotation, now.Labels[batchv1.JobCompletionIndexAnnotation])
	case now.Hostname != j.Name+"-"+annotation:
		return Broken("its hostname is %q, and its completion index is %s", now.Hostname, annotation)
	}
	wrong := o.templates[len(o.templates)-1].withoutIndex(now)
	return Never(wrong != "", func() string { return wrong })
}

func bornFromTemplate(j *Job, p *Pod) Answer {
	templates, wrong := j.outlook().templates, ""
	if len(templates) == 0 {
		return Answer{} // P08 and P09 are about such a Job
	}
	for _, t := range templates {
		if wrong = t.departs(p.Now, j.Now.Indexed()); wrong == "" {
			return Held
		}
	}
	breach := Broken("%s", wrong)
	if added := templates[len(templates)-1].added(p.Now); added != "" {
		breach.unsure = "a webhook has changed it: it has " + added
	}
	return breach
}
