package expect

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// CreatedOnePodForEachIndex expects exactly one pod for each index from 0 to n-1 and none besides.
func CreatedOnePodForEachIndex(n int) types.GomegaMatcher {
	return past(fmt.Sprintf("have created one pod for each index from 0 to %d", n-1), func(job *history.Job) error {
		var indexes []int
		for _, pod := range job.Pods() {
			indexes = append(indexes, pod.Index)
		}
		slices.Sort(indexes)
		for i := range max(n, len(indexes)) {
			if i >= len(indexes) || i >= n || indexes[i] != i {
				return fmt.Errorf("the indexes were %v", indexes)
			}
		}
		return nil
	})
}

// NamedItsPodsByIndex expects the name of every pod to be the Job's, the index and five random characters, and its
// hostname to be the Job's and the index.
func NamedItsPodsByIndex() types.GomegaMatcher {
	return past("have named its pods by their index", func(job *history.Job) error {
		for _, pod := range job.Pods() {
			hostname := fmt.Sprintf("%s-%d", job.Name, pod.Index)
			pattern := "^" + regexp.QuoteMeta(hostname) + "-[a-z0-9]{5}$"
			if !regexp.MustCompile(pattern).MatchString(pod.Name) {
				return fmt.Errorf("%s does not match %s", pod.Name, pattern)
			}
			if got := pod.First().Spec.Hostname; got != hostname {
				return fmt.Errorf("the hostname of %s was %q", pod.Name, got)
			}
		}
		return nil
	})
}

// MarkedItsPodsWithTheIndex expects every pod to have been created with its index in the annotation
// batch.kubernetes.io/job-completion-index and in the label of the same name.
func MarkedItsPodsWithTheIndex() types.GomegaMatcher {
	return past("have marked every pod with its index", func(job *history.Job) error {
		for _, life := range job.Pods() {
			pod := life.First()
			annotation, label := pod.Annotations[batchv1.JobCompletionIndexAnnotation], pod.Labels[batchv1.JobCompletionIndexAnnotation]
			if _, err := strconv.Atoi(annotation); err != nil || annotation != label {
				return fmt.Errorf("%s was created with annotation %q and label %q", pod.Name, annotation, label)
			}
		}
		return nil
	})
}

// IndexVariable is the environment variable in which containers find their index.
const IndexVariable = "JOB_COMPLETION_INDEX"

// AddedTheIndexVariable expects the variable JOB_COMPLETION_INDEX to be in every container of every pod, init containers
// included, and in none of the Job's pod template.
func AddedTheIndexVariable() types.GomegaMatcher {
	return past("have added "+IndexVariable+" to its pods, not to its template", func(job *history.Job) error {
		if template := job.First().Spec.Template.Spec; len(without(template)) != len(containers(template)) {
			return fmt.Errorf("the template has it")
		}
		for _, pod := range job.Pods() {
			if left := without(pod.First().Spec); len(left) > 0 {
				return fmt.Errorf("%s was created without it in %s", pod.Name, list(left))
			}
		}
		return nil
	})
}

func containers(spec corev1.PodSpec) []corev1.Container {
	return slices.Concat(spec.InitContainers, spec.Containers)
}

// without names the containers that lack the variable.
func without(spec corev1.PodSpec) []string {
	var lack []string
	for _, c := range containers(spec) {
		if !slices.ContainsFunc(c.Env, func(env corev1.EnvVar) bool { return env.Name == IndexVariable }) {
			lack = append(lack, c.Name)
		}
	}
	return lack
}

// Values says what each key of a container's last words stands for, given the index of its pod.
type Values map[string]func(index int) string

// ToldItsContainers expects the last words of a container of every pod to be lines of the form key=value with these
// keys, each with the value that is given for the pod's index.
func ToldItsContainers(container string, values Values) types.GomegaMatcher {
	keys := slices.Sorted(maps.Keys(values))
	says := fmt.Sprintf("have told container %s of every pod the right %s", container, list(keys))
	return past(says, func(job *history.Job) error {
		for _, pod := range job.Pods() {
			ends := terminations(pod, container)
			if len(ends) == 0 {
				return fmt.Errorf("nobody saw container %s of %s end", container, pod.Name)
			}
			said := map[string]string{}
			for line := range strings.Lines(ends[len(ends)-1].Message) {
				key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				said[key] = value
			}
			for _, key := range keys {
				if want := values[key](pod.Index); said[key] != want {
					return fmt.Errorf("in %s it found %s=%s instead of %s", pod.Name, key, said[key], want)
				}
			}
		}
		return nil
	})
}

// TookTheLowestIndexesFirst expects that no index was passed over: when a pod was created for an index, every lower one
// already had its pod or got it in the same pass of the controller, which writes the Job's status between two passes.
func TookTheLowestIndexesFirst() types.GomegaMatcher {
	return past("have taken the lowest indexes first", func(job *history.Job) error {
		first := map[int]history.PodLife{} // the first pod of each index
		for _, pod := range job.Pods() {
			if _, known := first[pod.Index]; !known {
				first[pod.Index] = pod
			}
		}
		versions := job.History().Versions()
		for higher, early := range first {
			for lower, late := range first {
				if lower > higher || !early.Created.Before(late.Created) {
					continue
				}
				for _, between := range versions[early.Created.Index:late.Created.Index] {
					if between.UID == job.UID {
						return fmt.Errorf("%s was created %s, before %s %s", early.Name, at(job, early.Created),
							late.Name, at(job, late.Created))
					}
				}
			}
		}
		return nil
	})
}

// CompletedIndexes expects status.completedIndexes to have ended as given, and in every version to have been written in
// the shortest form, to have held as many indexes as status.succeeded counts, none that it did not hold for good, and
// none without a pod of that index that had succeeded.
func CompletedIndexes(end string) types.GomegaMatcher {
	return past(fmt.Sprintf("have completed the indexes %q, as their pods succeeded", end), func(job *history.Job) error {
		succeeded := map[int]history.Step{}
		for _, pod := range job.Pods() {
			if _, known := succeeded[pod.Index]; !known && pod.Phase == corev1.PodSucceeded {
				succeeded[pod.Index] = pod.Finished
			}
		}
		type status struct {
			indexes string
			count   int32
		}
		readings := history.Changes(job, func(j *batchv1.Job) status {
			return status{j.Status.CompletedIndexes, j.Status.Succeeded}
		})
		before := map[int]bool{}
		for _, reading := range readings {
			written := reading.Value.indexes
			indexes, err := ParseIndexes(written)
			switch {
			case err != nil:
				return fmt.Errorf("it wrote %q %s: %w", written, at(job, reading.Step), err)
			case FormatIndexes(indexes) != written:
				return fmt.Errorf("it wrote %q for %q %s", written, FormatIndexes(indexes), at(job, reading.Step))
			case int(reading.Value.count) != len(indexes):
				return fmt.Errorf("it counted %d while it wrote %q %s", reading.Value.count, written, at(job, reading.Step))
			}
			for _, index := range indexes {
				if done := succeeded[index]; !done.Before(reading.Step) {
					return fmt.Errorf("it wrote %q %s and index %d succeeded %s", written, at(job, reading.Step), index, at(job, done))
				}
				delete(before, index)
			}
			if len(before) > 0 {
				return fmt.Errorf("it took back %v %s", slices.Sorted(maps.Keys(before)), at(job, reading.Step))
			}
			for _, index := range indexes {
				before[index] = true
			}
		}
		if last := readings[len(readings)-1].Value.indexes; last != end {
			return fmt.Errorf("it ended with %q", last)
		}
		return nil
	})
}
