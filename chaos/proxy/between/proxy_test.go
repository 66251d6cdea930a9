package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority makes a certificate authority and a server's certificate for the names of an API server.
func authority(t *testing.T) *pki {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ca"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(signed)
	if err != nil {
		t.Fatal(err)
	}
	files := &pki{
		authorities: x509.NewCertPool(), authority: tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key, Leaf: leaf},
		server: &x509.Certificate{DNSNames: []string{"kubernetes"}, IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}},
	}
	files.authorities.AddCert(leaf)
	return files
}

// serve runs a handler behind a certificate of the authority and returns its address.
func serve(t *testing.T, files *pki, handler http.Handler) string {
	t.Helper()
	certificate, err := files.certificate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func token(user string) string {
	return "Bearer x." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"`+user+`"}`)) + ".y"
}

func TestProxy(t *testing.T) {
	files, dir := authority(t), t.TempDir()
	var seen []string
	api := serve(t, files, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Method+" "+r.URL.Path+" "+user(r)+r.Header.Get(userHeader))
		io.WriteString(w, "granted")
	}))
	address := serve(t, files, newProxy(api, files, &book{dir: dir, picked: map[string]int{}}))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: files.authorities}, ForceAttemptHTTP2: true}}
	ask := func(method, path, user string) (int, string) {
		t.Helper()
		request, err := http.NewRequest(method, "https://"+address+path, strings.NewReader("demo-"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", token(user))
		request.Header.Set(userHeader, "system:admin") // which nobody may say of himself
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text)
	}
	rule := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "one.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const pod = "/api/v1/namespaces/demo/pods/one"

	if code, text := ask("DELETE", pod, "jc"); code != 200 || text != "granted" || seen[0] != "DELETE "+pod+" jc" {
		t.Errorf("with no rule: %d %s, seen %q", code, text, seen)
	}
	rule(`{"user":"jc","verb":"delete","resource":"pods","namespace":"demo","code":500,"times":1}`)
	if code, text := ask("DELETE", pod, "gc"); code != 200 {
		t.Errorf("another user: %d %s", code, text)
	}
	if code, text := ask("DELETE", pod, "jc"); code != 500 || !strings.Contains(text, `"reason":"InternalError"`) || len(seen) != 2 {
		t.Errorf("the first: %d %s, seen %q", code, text, seen)
	}
	if code, text := ask("DELETE", pod, "jc"); code != 200 {
		t.Errorf("the second: %d %s", code, text)
	}
	if picked, err := os.ReadFile(filepath.Join(dir, "one.picked")); err != nil || string(picked) != "1" {
		t.Errorf("picked %s, %v", picked, err)
	}
	if err := os.Rename(filepath.Join(dir, "one.json"), filepath.Join(dir, "gone")); err != nil {
		t.Fatal(err)
	}
	seen = nil
	if err := os.WriteFile(filepath.Join(dir, "two.json"), []byte(`{"verb":"create","prefix":"demo-","code":504,"lost":true}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _ := ask("POST", "/api/v1/namespaces/demo/pods", "jc"); code != 504 || len(seen) != 1 {
		t.Errorf("lost: %d, seen %q", code, seen)
	}
}

func TestLateKeepsTheOrder(t *testing.T) {
	read, write := io.Pipe()
	delays := []time.Duration{50 * time.Millisecond, 0, 0}
	body := late(read, func() time.Duration {
		next := delays[0]
		delays = delays[1:]
		return next
	})
	started := time.Now()
	go func() {
		io.WriteString(write, "one ")
		io.WriteString(write, "two")
		write.Close()
	}()
	text, err := io.ReadAll(body)
	if err != nil || string(text) != "one two" {
		t.Errorf("read %q, %v", text, err)
	}
	if took := time.Since(started); took < 50*time.Millisecond {
		t.Errorf("it came after %v", took)
	}
	if err := body.Close(); err != nil {
		t.Error(err)
	}
}
