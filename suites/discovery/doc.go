// Package discovery proves section 17.1.6, "Communication between Job Pods": with a headless Service whose name is their
// subdomain, the pods of an Indexed Job find and reach each other by names that they can work out.
//
// Names are looked up with busybox's nslookup, fully qualified and with a dot at the end, so that neither the search
// list of /etc/resolv.conf nor /etc/hosts takes part; that short names work through the search list is shown with ping
// and wget, which resolve names as other programs do.
package discovery
