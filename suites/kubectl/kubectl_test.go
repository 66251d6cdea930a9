package kubectl

import (
	"reflect"
	"testing"
)

func TestReadTable(t *testing.T) {
	table, err := ReadTable(`NAME                       READY   STATUS      RESTARTS      AGE
generate-responses-7kqw4   1/1     Running     2 (20s ago)   27s
suspended                                      0             3s
`)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"NAME", "READY", "STATUS", "RESTARTS", "AGE"}; !reflect.DeepEqual(table.Columns, want) {
		t.Errorf("columns %q", table.Columns)
	}
	row, err := table.Row("generate-responses-7kqw4")
	if err != nil || row["RESTARTS"] != "2 (20s ago)" || row["AGE"] != "27s" {
		t.Errorf("row %v, %v", row, err)
	}
	if got := table.Column("STATUS"); !reflect.DeepEqual(got, []string{"Running", ""}) {
		t.Errorf("column %q", got)
	}
	if _, err := table.Row("other"); err == nil {
		t.Error("a row that is not there")
	}
	if _, err := ReadTable("No resources found in kiada namespace.\n"); err == nil {
		t.Error("a sentence was taken for a table")
	}
}

func TestReadDescription(t *testing.T) {
	described := ReadDescription(`Name:             quiz-init
Labels:           app=quiz
                  task=init
Annotations:      <none>
Start Time:       Sun, 02 Oct 2022 12:17:59 +0200
Pods Statuses:    0 Active (0 Ready) / 1 Succeeded / 0 Failed
Pod Template:
  Labels:  app=quiz
  Init Containers:
   init:
    Image:      mongo:5
  Containers:
   import:
    Image:      mongo:5
Events:
  Type    Reason            Age    From            Message
  ----    ------            ----   ----            -------
  Normal  SuccessfulCreate  7m33s  job-controller  Created pod: quiz-init-xpl8d
`)
	for _, test := range []struct {
		path []string
		want string
	}{
		{[]string{"Name"}, "quiz-init"},
		{[]string{"Start Time"}, "Sun, 02 Oct 2022 12:17:59 +0200"},
		{[]string{"Pod Template", "Containers", "import", "Image"}, "mongo:5"},
		{[]string{"Pod Template", "Init Containers", "init", "Image"}, "mongo:5"},
		{[]string{"Pod Template", "Labels"}, "app=quiz"},
		{[]string{"Completed At"}, ""},
	} {
		if got := described.ValueOf(test.path...); got != test.want {
			t.Errorf("%v is %q, want %q", test.path, got, test.want)
		}
	}
	if got := described.ValuesOf("Labels"); !reflect.DeepEqual(got, []string{"app=quiz", "task=init"}) {
		t.Errorf("labels %q", got)
	}
	if got := described.ValuesOf("Events"); len(got) != 3 || got[2] != "Normal  SuccessfulCreate  7m33s  job-controller  Created pod: quiz-init-xpl8d" {
		t.Errorf("events %q", got)
	}
}
