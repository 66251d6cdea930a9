package sharing

import (
	"math"
	"testing"
)

func TestFirstValue(t *testing.T) {
	const none = `{"status":"success","data":{"resultType":"vector","result":[]}}`
	for answer, want := range map[string]float64{
		`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795286318.1,"25231360"]}]}}`: 25231360,
		`{"status":"success","data":{"resultType":"vector","result":[
			{"metric":{"cpu":"0"},"value":[1,"0.25"]},{"metric":{"cpu":"1"},"value":[1,"3"]}]}}`: 0.25,
		none: math.NaN(),
	} {
		got, err := firstValue(answer)
		if err != nil || got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("value of %s is %v, %v", answer, got, err)
		}
	}
	for _, answer := range []string{
		"", "Bad Gateway", `{"status":"error","error":"parse error"}`,
		`{"status":"success","data":{"result":[{"value":[1,"much"]}]}}`,
	} {
		if got, err := firstValue(answer); err == nil {
			t.Errorf("%q has the value %v", answer, got)
		}
	}
}
