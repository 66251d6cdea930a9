package queues

import (
	"slices"
	"testing"
)

func TestLoggedNamesWhatALogSaysWasFound(t *testing.T) {
	for _, test := range []struct {
		log  string
		want []string
	}{
		{"", nil},
		{"Taking items from the queue.\nThe queue is empty.\n", nil},
		{"Took year 2022, month 7.\nDone.\n", []string{"2022-07"}},
		{
			"Took year 2022, month 12.\nDone.\nTook year 2023, month 1.\n",
			[]string{"2022-12", "2023-01"},
		},
		{
			"Took year 2022, mon\nMongoServerError\nTook year 2022, month 3.\nDone.\n",
			[]string{"2022-03"},
		},
	} {
		if got := logged(test.log); !slices.Equal(got, test.want) {
			t.Errorf("%q names %q, want %q", test.log, got, test.want)
		}
	}
}
