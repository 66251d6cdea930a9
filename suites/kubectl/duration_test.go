package kubectl

import (
	"testing"
	"time"
)

func TestReadDuration(t *testing.T) {
	for cell, want := range map[string]time.Duration{
		"0s": 0, "27s": 27 * time.Second, "2m46s": 166 * time.Second, "115s": 115 * time.Second, "12m": 12 * time.Minute,
		"3d4h": 76 * time.Hour, "1y10d": 375 * 24 * time.Hour,
	} {
		if got, err := ReadDuration(cell); err != nil || got != want {
			t.Errorf("%s is %v (%v), want %v", cell, got, err, want)
		}
	}
	for _, cell := range []string{"", "<none>", "<unknown>", "12", "s", "5m ago"} {
		if got, err := ReadDuration(cell); err == nil {
			t.Errorf("%q is %v", cell, got)
		}
	}
}

func TestReadRestarts(t *testing.T) {
	for cell, want := range map[string]struct {
		times int
		ago   time.Duration
	}{
		"0": {}, "3": {times: 3}, "2 (20s ago)": {2, 20 * time.Second}, "11 (2m3s ago)": {11, 123 * time.Second},
	} {
		times, ago, err := ReadRestarts(cell)
		if err != nil || times != want.times || ago != want.ago {
			t.Errorf("%s is %d, %v (%v)", cell, times, ago, err)
		}
	}
	for _, cell := range []string{"", "two", "1 (ago)", "1 (x ago)", "-1"} {
		if times, ago, err := ReadRestarts(cell); err == nil {
			t.Errorf("%q is %d, %v", cell, times, ago)
		}
	}
}
