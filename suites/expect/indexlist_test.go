package expect

import (
	"slices"
	"testing"
)

func TestIndexesReadAndWriteTheSame(t *testing.T) {
	for text, indexes := range map[string][]int{
		"":          nil,
		"0":         {0},
		"0,1":       {0, 1},
		"0-2":       {0, 1, 2},
		"1,3-5,7":   {1, 3, 4, 5, 7},
		"0,1,9-11":  {0, 1, 9, 10, 11},
		"0-11":      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
		"2,3,10,12": {2, 3, 10, 12},
	} {
		read, err := ParseIndexes(text)
		if err != nil || !slices.Equal(read, indexes) {
			t.Errorf("%q read as %v, %v", text, read, err)
		}
		slices.Reverse(indexes)
		if got := FormatIndexes(append(indexes, indexes...)); got != text {
			t.Errorf("%v written as %q, want %q", indexes, got, text)
		}
	}
}

func TestOtherFormsOfIndexesAreRead(t *testing.T) {
	for text, canonical := range map[string]string{"0-1": "0,1", "3,1": "1,3", "1,1": "1", "0,1,2": "0-2", "4-4": "4"} {
		read, err := ParseIndexes(text)
		if err != nil || FormatIndexes(read) != canonical {
			t.Errorf("%q read as %v, %v, written as %q", text, read, err, FormatIndexes(read))
		}
	}
}

func TestWhatIsNoIndexIsRefused(t *testing.T) {
	for _, text := range []string{"x", "1,", "-1", "2-1", "1-", "0 1"} {
		if read, err := ParseIndexes(text); err == nil {
			t.Errorf("%q read as %v", text, read)
		}
	}
}
