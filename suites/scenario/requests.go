package scenario

import (
	"net/http"
	"sync/atomic"
)

// counter counts the requests that this process sends to the API server.
type counter struct{ sent atomic.Int64 }

// wrap returns a transport that counts.
func (c *counter) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(request *http.Request) (*http.Response, error) {
		c.sent.Add(1)
		return next.RoundTrip(request)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (rt roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return rt(request) }
