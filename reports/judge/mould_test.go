package judge

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

// mould is the text of an object with slots for what differs.
type mould struct {
	literal []string
	slots   []slot // slot i stands behind literal i
}

type slot byte

const (
	podName slot = iota + 1
	podUID
	jobName
	jobUID
	indexText
	rvText
	birthTime
	nowTime
	parallelismText
	modeText
)

var (
	timestamp = regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"`)
	marks     = regexp.MustCompile(`@\d\d@`)
)

func (s slot) mark() string { return fmt.Sprintf("@%02d@", s) }

// newMould makes a mould of a recorded version of a pod or a Job. A pod becomes one of an Indexed Job if it is to be.
func newMould(b *testing.B, v, pod, job history.Version, indexed bool) mould {
	b.Helper()
	object, err := tree.Parse(v.Object)
	if err != nil {
		b.Fatal(err)
	}
	set := func(path, value string) {
		p, err := tree.ParsePath(path)
		if err == nil {
			err = p.Merge(object, tree.ScalarOf(value))
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	set("metadata.resourceVersion", rvText.mark())
	switch {
	case v.Kind == history.Pods.Name && !indexed:
		set("metadata.generateName", jobName.mark()+"-")
	case v.Kind == history.Pods.Name:
		const index = "[batch.kubernetes.io/job-completion-index]"
		set("metadata.labels"+index, indexText.mark())
		set("metadata.annotations"+index, indexText.mark())
		set("metadata.generateName", jobName.mark()+"-"+indexText.mark()+"-")
		set("spec.hostname", jobName.mark()+"-"+indexText.mark())
		set("spec.containers[0].env[+].name", "JOB_COMPLETION_INDEX")
		set("spec.containers[0].env[JOB_COMPLETION_INDEX].valueFrom.fieldRef.fieldPath", "metadata.labels['batch.kubernetes.io/job-completion-index']")
	default:
		set("spec.parallelism", parallelismText.mark())
		set("spec.completions", strconv.Itoa(crowdSize))
		set("spec.completionMode", modeText.mark())
		object.Put("status", tree.ScalarOf(""))
	}
	text := strings.NewReplacer(
		pod.Name, podName.mark(), pod.UID, podUID.mark(), `"`+job.Name+`"`, `"`+jobName.mark()+`"`, job.UID, jobUID.mark(),
		`"`+parallelismText.mark()+`"`, parallelismText.mark(), `"completions":"`+strconv.Itoa(crowdSize)+`"`, `"completions":`+strconv.Itoa(crowdSize),
	).Replace(object.String())
	birth := tree.Path{{Name: "metadata"}, {Name: "creationTimestamp"}}.In(object).String()
	text = timestamp.ReplaceAllStringFunc(text, func(at string) string {
		if at == birth {
			return `"` + birthTime.mark() + `"`
		}
		return `"` + nowTime.mark() + `"`
	})
	text = strings.TrimSuffix(text, `""}`) // of a Job, whose status follows
	t := mould{literal: marks.Split(text, -1)}
	for _, mark := range marks.FindAllString(text, -1) {
		n, _ := strconv.Atoi(mark[1:3])
		t.slots = append(t.slots, slot(n))
	}
	return t
}

// fill writes a mould's text.
func (c *crowd) fill(text []byte, t *mould, p *bigPod) []byte {
	now := c.now.Format(time.RFC3339)
	for i, s := range t.slots {
		text = append(text, t.literal[i]...)
		switch s {
		case podName:
			text = append(text, p.name...)
		case podUID:
			text = append(text, p.uid...)
		case jobName:
			text = append(text, c.job.name...)
		case jobUID:
			text = append(text, c.job.uid...)
		case indexText:
			text = strconv.AppendInt(text, int64(p.index), 10)
		case rvText:
			text = strconv.AppendUint(text, c.rv, 10)
		case birthTime:
			text = append(text, p.birth...)
		case nowTime:
			text = append(text, now...)
		case parallelismText:
			text = strconv.AppendInt(text, int64(c.job.parallelism), 10)
		case modeText:
			text = append(text, map[bool]string{true: "Indexed", false: "NonIndexed"}[c.job.indexed]...)
		}
	}
	return append(text, t.literal[len(t.slots)]...)
}
