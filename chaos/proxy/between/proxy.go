package main

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
	"time"

	"github.com/jobproof/jobproof/chaos/proxy/rules"
)

// How the API server is told who called (--requestheader-username-headers and -group-headers, as kubeadm sets them).
const (
	userHeader  = "X-Remote-User"
	groupHeader = "X-Remote-Group"
)

// proxy passes requests on.
type proxy struct {
	book *book
	pass *httputil.ReverseProxy
}

func newProxy(to string, files *pki, b *book) *proxy {
	transport := func(certificates ...tls.Certificate) http.RoundTripper {
		return &http.Transport{
			TLSClientConfig:   &tls.Config{RootCAs: files.authorities, ServerName: "kubernetes", Certificates: certificates},
			ForceAttemptHTTP2: true,
		}
	}
	plain, front := transport(), transport(files.front)
	pass := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "https", to
			for name := range r.Out.Header {
				if strings.HasPrefix(name, "X-Remote-") { // nobody names himself
					r.Out.Header.Del(name)
				}
			}
			if r.In.Header.Get("Authorization") != "" || len(r.In.TLS.PeerCertificates) == 0 {
				return
			}
			subject := r.In.TLS.PeerCertificates[0].Subject
			r.Out.Header.Set(userHeader, subject.CommonName)
			r.Out.Header[groupHeader] = subject.Organization
		},
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Header.Get(userHeader) != "" {
				return front.RoundTrip(r)
			}
			return plain.RoundTrip(r)
		}),
		FlushInterval: -1,
		ErrorLog:      log.Default(),
	}
	pass.ModifyResponse = func(response *http.Response) error {
		if q := about(response.Request); q.Verb == "watch" {
			response.Body = late(response.Body, func() time.Duration { return b.delay(q) })
		}
		return nil
	}
	return &proxy{b, pass}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (rt roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return rt(r) }

// ServeHTTP passes a request on, unless a rule picks it.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := about(r)
	if q.Verb == "create" {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		q.Body, r.Body = body, io.NopCloser(bytes.NewReader(body))
	}
	rule := p.book.pick(q)
	if rule == nil || q.Verb == "watch" && rule.Code == 0 {
		p.pass.ServeHTTP(w, r)
		return
	}
	log.Printf("%s %s of %s: code %d, lost %v, delay %v", r.Method, r.URL.Path, q.User, rule.Code, rule.Lost, rule.Delay)
	select {
	case <-time.After(rule.Delay):
	case <-r.Context().Done():
		return
	}
	switch {
	case rule.Code == 0:
		p.pass.ServeHTTP(w, r)
		return
	case rule.Lost:
		p.pass.ServeHTTP(&nowhere{http.Header{}}, r)
	}
	answer(w, rule.Code)
}

// about says what a request is about and who asks.
func about(r *http.Request) *rules.Request {
	watch, _ := strconv.ParseBool(r.URL.Query().Get("watch"))
	q := rules.Read(r.Method, r.URL.Path, watch)
	q.User = user(r)
	return &q
}

// user is the name in a request's token or certificate. Whether the token is good is for the API server to say.
func user(r *http.Request) string {
	token, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if parts := strings.Split(token, "."); is && len(parts) == 3 {
		var claims struct {
			Subject string `json:"sub"`
		}
		if text, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil && json.Unmarshal(text, &claims) == nil {
			return claims.Subject
		}
	}
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		return r.TLS.PeerCertificates[0].Subject.CommonName
	}
	return ""
}

// reasons are the API server's words for the codes that it is known for (k8s.io/apimachinery/pkg/apis/meta/v1, StatusReason).
var reasons = map[int]string{
	http.StatusForbidden: "Forbidden", http.StatusNotFound: "NotFound", http.StatusConflict: "Conflict",
	http.StatusTooManyRequests: "TooManyRequests", http.StatusInternalServerError: "InternalError",
	http.StatusServiceUnavailable: "ServiceUnavailable", http.StatusGatewayTimeout: "Timeout",
}

// answer answers as the API server would. To one that it has too much to do for, it says when to come again.
func answer(w http.ResponseWriter, code int) {
	w.Header().Set("Content-Type", "application/json")
	if code == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"chaos: answered by a proxy",`+
		`"reason":%q,"code":%d}`, reasons[code], code)
}

// nowhere is a response that nobody reads.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header          { return n.header }
func (*nowhere) Write(text []byte) (int, error) { return len(text), nil }
func (*nowhere) WriteHeader(int)                {}
