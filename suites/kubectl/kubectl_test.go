package kubectl

import (
	"reflect"
	"testing"
)

func TestReadTable(t *testing.T) {
	table, err := ReadTable(`NAME                       READY   STATUS      RESTARTS      AGE
count-words-x8w2d          1/1     Running     2 (20s ago)   27s
suspended                                      0             3s
`)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"NAME", "READY", "STATUS", "RESTARTS", "AGE"}; !reflect.DeepEqual(table.Columns, want) {
		t.Errorf("columns %q", table.Columns)
	}
	row, err := table.Row("count-words-x8w2d")
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
	described := ReadDescription(`Name:             fetch-pages
Labels:           app=page
                  task=init
Annotations:      <none>
Start Time:       Mon, 16 Nov 2026 09:08:07 +0000
Pods Statuses:    0 Active (0 Ready) / 1 Succeeded / 0 Failed
Pod Template:
  Labels:  app=page
  Init Containers:
   init:
    Image:      busybox:1
  Containers:
   import:
    Image:      busybox:1
Events:
  Type    Reason            Age    From            Message
  ----    ------            ----   ----            -------
  Normal  SuccessfulCreate  5m10s  job-controller  Created pod: fetch-pages-k2m9q
`)
	for _, test := range []struct {
		path []string
		want string
	}{
		{[]string{"Name"}, "fetch-pages"},
		{[]string{"Start Time"}, "Mon, 16 Nov 2026 09:08:07 +0000"},
		{[]string{"Pod Template", "Containers", "import", "Image"}, "busybox:1"},
		{[]string{"Pod Template", "Init Containers", "init", "Image"}, "busybox:1"},
		{[]string{"Pod Template", "Labels"}, "app=page"},
		{[]string{"Completed At"}, ""},
	} {
		if got := described.ValueOf(test.path...); got != test.want {
			t.Errorf("%v is %q, want %q", test.path, got, test.want)
		}
	}
	if got := described.ValuesOf("Labels"); !reflect.DeepEqual(got, []string{"app=page", "task=init"}) {
		t.Errorf("labels %q", got)
	}
	if got := described.ValuesOf("Events"); len(got) != 3 || got[2] != "Normal  SuccessfulCreate  5m10s  job-controller  Created pod: fetch-pages-k2m9q" {
		t.Errorf("events %q", got)
	}
}
