package proxy

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/jobproof/jobproof/fixtures/cluster"
)

// heard is what the controller manager itself has heard in answer to its requests, since it started: the observer of what the
// program does to them.
type heard struct {
	answers map[string]float64 // by code and method: "500 DELETE"
	seconds map[string]float64 // spent waiting for answers, by method
	stale   float64            // syncs of Jobs that were put off because a watch is behind
}

// Metrics of the controller manager (k8s.io/component-base v0.37.0, metrics/prometheus/restclient/metrics.go, and
// k8s.io/kubernetes v1.37.0, pkg/controller/job/metrics/metrics.go).
var (
	answered = regexp.MustCompile(`(?m)^rest_client_requests_total\{code="([^"]*)",.*method="(\w+)"\} (\S+)$`)
	waited   = regexp.MustCompile(`(?m)^rest_client_request_duration_seconds_sum\{.*verb="(\w+)"\} (\S+)$`)
	putOff   = regexp.MustCompile(`(?m)^job_controller_stale_sync_skips_total\{.*\} (\S+)$`)
)

// hear asks the controller manager for its metrics.
func hear(ctx context.Context, c *cluster.Cluster) (heard, error) {
	text, err := c.ControllerMetricsText(ctx)
	if err != nil {
		return heard{}, err
	}
	return parse(text)
}

func parse(text string) (heard, error) {
	h := heard{answers: map[string]float64{}, seconds: map[string]float64{}}
	var failed error
	number := func(text string) float64 {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			failed = fmt.Errorf("metrics of the controller manager: %w", err)
		}
		return n
	}
	for _, sample := range answered.FindAllStringSubmatch(text, -1) {
		h.answers[sample[1]+" "+sample[2]] += number(sample[3])
	}
	for _, sample := range waited.FindAllStringSubmatch(text, -1) {
		h.seconds[sample[1]] += number(sample[2])
	}
	for _, sample := range putOff.FindAllStringSubmatch(text, -1) {
		h.stale += number(sample[1])
	}
	return h, failed
}

// methods are the HTTP methods of the verbs of the API.
var methods = map[string]string{
	"get": "GET", "list": "GET", "watch": "GET", "create": "POST", "update": "PUT", "patch": "PATCH",
	"delete": "DELETE", "deletecollection": "DELETE",
}

// method is the HTTP method of a verb; of one that is not known, the verb itself.
func method(verb string) string {
	if known := methods[verb]; known != "" {
		return known
	}
	return strings.ToUpper(verb)
}
