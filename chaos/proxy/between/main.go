// Command between is a proxy in front of an API server, on its machine. It lets everything pass, except what the rules in
// its folder pick (package rules).
//
// To those who call it, it is the API server: its certificate is for the same names, signed by the cluster's own authority.
// To the API server it is the caller: it passes on a token as it is, and names a caller who has shown a certificate the way
// that an aggregation layer does, with the front proxy's certificate (--requestheader-allowed-names of kube-apiserver).
package main

import (
	"crypto/tls"
	"flag"
	"log"
	"net/http"
	"time"
)

func main() {
	log.SetFlags(log.LstdFlags | log.Lmicroseconds)
	pki := flag.String("pki", "/etc/kubernetes/pki", "the folder of the cluster's certificates and keys, as kubeadm fills it")
	dir := flag.String("rules", "", "the folder of the rules")
	listen := flag.String("listen", "", "the address to listen on")
	to := flag.String("to", "", "the address of the API server")
	flag.Parse()

	files, err := readPKI(*pki)
	if err != nil {
		log.Fatal(err)
	}
	certificate, err := files.certificate(time.Now())
	if err != nil {
		log.Fatal(err)
	}
	proxy := newProxy(*to, files, &book{dir: *dir, picked: map[string]int{}})
	server := &http.Server{
		Addr: *listen, Handler: proxy, ErrorLog: log.Default(),
		TLSConfig: &tls.Config{
			Certificates: []tls.Certificate{certificate}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: files.authorities,
		},
	}
	log.Fatal(server.ListenAndServeTLS("", ""))
}
