package kubectl

import (
	"reflect"
	"testing"
)

func TestReadLogs(t *testing.T) {
	lines, err := ReadLogs("[pod/quiz-init-xpl8d/init] ready: [1] \n[pod/quiz-init-xpl8d/import] \n")
	want := []LogLine{{"quiz-init-xpl8d", "init", "ready: [1] "}, {"quiz-init-xpl8d", "import", ""}}
	if err != nil || !reflect.DeepEqual(lines, want) {
		t.Errorf("read %q, %v", lines, err)
	}
	if _, err := ReadLogs("[pod/quiz-init-xpl8d/init] one\ntwo\n"); err == nil {
		t.Error("a line without a source was read")
	}
}

func TestReadEvents(t *testing.T) {
	rows, err := ReadEvents(ReadDescription(`Events:
  Type    Reason            Age                From            Message
  ----    ------            ----               ----            -------
  Normal  SuccessfulCreate  7m33s              job-controller  Created pod: quiz-init-xpl8d
  Normal  Completed         3s (x2 over 7m2s)  job-controller  Job completed
`))
	if err != nil || len(rows) != 2 {
		t.Fatalf("read %v, %v", rows, err)
	}
	want := map[string]string{"Type": "Normal", "Reason": "SuccessfulCreate", "Age": "7m33s", "From": "job-controller",
		"Message": "Created pod: quiz-init-xpl8d"}
	if !reflect.DeepEqual(rows[0], want) || rows[1]["Age"] != "3s (x2 over 7m2s)" || rows[1]["Message"] != "Job completed" {
		t.Errorf("read %v", rows)
	}
	if _, err := ReadEvents(ReadDescription("Events:  <none>\n")); err == nil {
		t.Error("no table was read as one")
	}
}
