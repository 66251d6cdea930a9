package kubectl

import (
	"reflect"
	"testing"
)

func TestReadLogs(t *testing.T) {
	lines, err := ReadLogs("[pod/fetch-pages-k2m9q/init] ready: [1] \n[pod/fetch-pages-k2m9q/import] \n")
	want := []LogLine{{"fetch-pages-k2m9q", "init", "ready: [1] "}, {"fetch-pages-k2m9q", "import", ""}}
	if err != nil || !reflect.DeepEqual(lines, want) {
		t.Errorf("read %q, %v", lines, err)
	}
	if _, err := ReadLogs("[pod/fetch-pages-k2m9q/init] one\ntwo\n"); err == nil {
		t.Error("a line without a source was read")
	}
}

func TestReadEvents(t *testing.T) {
	rows, err := ReadEvents(ReadDescription(`Events:
  Type    Reason            Age                From            Message
  ----    ------            ----               ----            -------
  Normal  SuccessfulCreate  5m10s              job-controller  Created pod: fetch-pages-k2m9q
  Normal  Completed         3s (x2 over 7m2s)  job-controller  Job completed
`))
	if err != nil || len(rows) != 2 {
		t.Fatalf("read %v, %v", rows, err)
	}
	want := map[string]string{"Type": "Normal", "Reason": "SuccessfulCreate", "Age": "5m10s", "From": "job-controller",
		"Message": "Created pod: fetch-pages-k2m9q"}
	if !reflect.DeepEqual(rows[0], want) || rows[1]["Age"] != "3s (x2 over 7m2s)" || rows[1]["Message"] != "Job completed" {
		t.Errorf("read %v", rows)
	}
	if _, err := ReadEvents(ReadDescription("Events:  <none>\n")); err == nil {
		t.Error("no table was read as one")
	}
}
