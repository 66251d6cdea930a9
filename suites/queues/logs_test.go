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
		{"Fetching work items from queue...\nNo work item found. Processing is complete.\n", nil},
		{"Found work item:\n  Year:  2022\n  Month: 7\nDone.\n", []string{"2022-07"}},
		{
			"Found work item:\n  Year:  2022\n  Month: 12\nDone.\nFound work item:\n  Year:  2023\n  Month: 1\n",
			[]string{"2022-12", "2023-01"},
		},
		{
			"Found work item:\n  Year:  2022\nMongoServerError\nFound work item:\n  Year:  2022\n  Month: 3\nDone.\n",
			[]string{"2022-03"},
		},
	} {
		if got := logged(test.log); !slices.Equal(got, test.want) {
			t.Errorf("%q names %q, want %q", test.log, got, test.want)
		}
	}
}
