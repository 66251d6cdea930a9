package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"
)

// life is how long the proxy's certificate is valid: longer than any run.
const life = 24 * time.Hour

// pki is what the proxy needs of a cluster's certificates and keys.
type pki struct {
	authorities *x509.CertPool  // who sign the API server's certificate and those of its callers
	authority   tls.Certificate // one of them, with its key
	server      *x509.Certificate
	front       tls.Certificate // which the API server believes when it names another caller
}

func readPKI(dir string) (*pki, error) {
	in := func(name string) string { return filepath.Join(dir, name) }
	files := &pki{authorities: x509.NewCertPool()}
	var err error
	if files.authority, err = tls.LoadX509KeyPair(in("ca.crt"), in("ca.key")); err != nil {
		return nil, err
	}
	files.authorities.AddCert(files.authority.Leaf)
	if files.front, err = tls.LoadX509KeyPair(in("front-proxy-client.crt"), in("front-proxy-client.key")); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(in("apiserver.crt"))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no certificate", in("apiserver.crt"))
	}
	files.server, err = x509.ParseCertificate(block.Bytes)
	return files, err
}

// certificate makes a key and signs a certificate with the names of the API server's.
func (p *pki) certificate(now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "kube-apiserver"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: p.server.DNSNames, IPAddresses: p.server.IPAddresses,
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, p.authority.Leaf, key.Public(), p.authority.PrivateKey.(crypto.Signer))
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}, nil
}
