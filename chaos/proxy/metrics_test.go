package proxy

import "testing"

func TestWhatTheControllerManagerHeard(t *testing.T) {
	h, err := parse(`# TYPE rest_client_requests_total counter
rest_client_requests_total{code="200",host="172.18.0.2:6443",method="DELETE"} 7
rest_client_requests_total{code="500",host="172.18.0.2:6443",method="DELETE"} 2
rest_client_requests_total{code="500",host="127.0.0.1:6443",method="DELETE"} 1
rest_client_request_duration_seconds_sum{host="172.18.0.2:6443",verb="PATCH"} 3.5
job_controller_stale_sync_skips_total{group="",resource="pods"} 4
job_controller_stale_sync_skips_total{group="batch",resource="jobs"} 1
`)
	if err != nil {
		t.Fatal(err)
	}
	if h.answers["500 DELETE"] != 3 || h.answers["200 DELETE"] != 7 || h.seconds["PATCH"] != 3.5 || h.stale != 5 {
		t.Errorf("heard %+v", h)
	}
	if _, err := parse(`rest_client_requests_total{code="200",host="x",method="GET"} many` + "\n"); err == nil {
		t.Error("many is no number")
	}
}

func TestSourcesAreWhole(t *testing.T) {
	files, sum, err := read()
	if err != nil || len(sum) != 12 {
		t.Fatal(sum, err)
	}
	for _, name := range []string{"chaos/proxy/between/main.go", "chaos/proxy/rules/rule.go"} {
		if len(files[name]) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
	if files["chaos/proxy/between/proxy_test.go"] != nil {
		t.Error("a test is no source of a program")
	}
}
