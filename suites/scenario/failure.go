package scenario

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/jobproof/jobproof/reports/history"
)

// stated says what claims state, and where.
func (s *Scenario) stated(ids []string) string {
	var b strings.Builder
	for _, id := range ids {
		claim, _ := s.claims.Get(id)
		fmt.Fprintf(&b, "%s  %s\n       (%s)\n", id, claim.Proves(), claim.Place)
	}
	return b.String()
}

// explain says in full what is wrong with what was stated: what was expected and seen, the object that shows it, and the
// lines of the history around it. job is the name of the Job in question, or empty.
func (s *Scenario) explain(stated, message, job string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", stated, indent(message))
	h, err := s.history()
	if err != nil {
		fmt.Fprintf(&b, "\n  the history cannot be read: %v\n", err)
		return b.String()
	}
	cited := citations(h, message)
	if v, found := offender(h, s.Job(job).in(h), cited); found {
		fmt.Fprintf(&b, "\n  %s/%s at %+.3fs:\n%s\n", strings.ToLower(v.Kind), v.Name, v.Seen.Sub(h.Start).Seconds(),
			indent(indent(objectYAML(v))))
	}
	fmt.Fprintf(&b, "\n  history:\n")
	for _, entry := range handful(h, s.Job(job).in(h), cited) {
		fmt.Fprintf(&b, "    %s\n", entry)
	}
	fmt.Fprintf(&b, "  all of it: %s\n", s.path)
	return b.String()
}

// citation is how a matcher's message names the version that speaks against it.
var citation = regexp.MustCompile(`\(rv (\d+)\)`)

// citations returns the places in the history of the versions that a message cites as "(rv 123)".
func citations(h *history.History, message string) []int {
	var places []int
	for _, match := range citation.FindAllStringSubmatch(message, -1) {
		rv, err := strconv.ParseUint(match[1], 10, 64)
		if err != nil {
			continue
		}
		for i, v := range h.Versions() {
			if v.RV == rv {
				places = append(places, i)
			}
		}
	}
	return places
}

// offender is the version to show: the first that is cited, else the last of the Job.
func offender(h *history.History, job *history.Job, cited []int) (history.Version, bool) {
	if len(cited) > 0 {
		return h.Versions()[cited[0]], true
	}
	if versions := job.Versions(); len(versions) > 0 {
		return versions[len(versions)-1], true
	}
	return history.Version{}, false
}

// How many lines of a history belong to a failure: those before and after what is cited, or the last ones.
const (
	linesBefore = 4
	linesAfter  = 2
	linesLast   = 15
)

// handful picks the few entries that matter: those around what is cited, else the last about the Job and its pods, or
// about anything but nodes if there is no such Job.
func handful(h *history.History, job *history.Job, cited []int) []history.Entry {
	about := map[string]bool{job.UID: true}
	for _, pod := range job.Pods() {
		about[pod.UID] = true
	}
	var story []history.Entry
	for _, entry := range h.Story() {
		v := h.Versions()[entry.Index]
		matters := about[v.UID] || v.Event() != nil && about[string(v.Event().InvolvedObject.UID)]
		if matters || job.UID == "" && v.Kind != history.Nodes.Name {
			story = append(story, entry)
		}
	}
	if len(cited) == 0 {
		return story[max(0, len(story)-linesLast):]
	}
	keep := map[int]bool{}
	for _, at := range cited {
		next := 0
		for next < len(story) && story[next].Index < at {
			next++
		}
		for i := max(0, next-linesBefore); i <= min(len(story)-1, next+linesAfter); i++ {
			keep[i] = true
		}
	}
	var kept []history.Entry
	for i, entry := range story {
		if keep[i] {
			kept = append(kept, entry)
		}
	}
	return kept
}

// objectYAML prints an object without its managedFields.
func objectYAML(v history.Version) string {
	var object map[string]any
	if err := json.Unmarshal(v.Object, &object); err != nil {
		return err.Error()
	}
	if metadata, is := object["metadata"].(map[string]any); is {
		delete(metadata, "managedFields")
	}
	text, err := yaml.Marshal(object)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text))
}

// indent moves every line to the right.
func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// sentence is a message on one line, cut where it becomes an essay.
func sentence(message string) string {
	const longest = 300
	text := []rune(strings.Join(strings.Fields(message), " "))
	if len(text) > longest {
		return string(text[:longest]) + "…"
	}
	return string(text)
}
