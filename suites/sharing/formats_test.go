package sharing

import (
	"maps"
	"testing"
)

func TestBytesOf(t *testing.T) {
	want := map[string]int{"data.csv": 897118, "data.avro": 510826}
	if got, err := bytesOf("data.csv 897118\ndata.avro 510826\n"); err != nil || !maps.Equal(got, want) {
		t.Errorf("read %v, %v", got, err)
	}
	for _, listing := range []string{"data.csv\n", "data.csv many\n", "\n"} {
		if got, err := bytesOf(listing); err == nil {
			t.Errorf("read %v of %q", got, listing)
		}
	}
}
