package main

import (
	"strings"
	"testing"

	"github.com/jobproof/jobproof/suites/scenario"
)

func TestStormOptions(t *testing.T) {
	for _, c := range []struct {
		minutes, seed string
		want          scenario.Storm
		wrong         string
	}{
		{"3", "7", scenario.Storm{Minutes: 3, Seed: 7}, ""},
		{"", "18446744073709551615", scenario.Storm{Minutes: 10, Seed: 18446744073709551615}, ""},
		{"0", "7", scenario.Storm{}, "MINUTES=0"},
		{"241", "7", scenario.Storm{}, "MINUTES=241"},
		{"ten", "7", scenario.Storm{}, "MINUTES=ten"},
		{"10", "-1", scenario.Storm{}, "SEED=-1"},
	} {
		got, err := stormOptions(c.minutes, c.seed)
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("MINUTES=%q SEED=%q: error is %v", c.minutes, c.seed, err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("MINUTES=%q SEED=%q: %+v, %v", c.minutes, c.seed, got, err)
		}
		if again, err := scenario.ParseStorm(got.String()); err != nil || again != got {
			t.Errorf("%+v is read as %+v, %v", got, again, err)
		}
	}
}
