// Package proxy holds the faults that count, delay or answer single requests of the Job controller. They put a program of ours
// between the controller manager and the API server.
//
// The program (between) runs in the control plane's machine, beside the API server. There the kernel turns every new
// connection to the API server's port aside to it, and the connections that the controller manager has are closed once, so
// that it dials again; the controller manager itself is neither restarted nor told. What the program knows of a request it
// has from its path, and from the name in its token; it speaks to the API server for whoever called it. What it shall do to
// which requests stands in files (rules), one for each fault; when the last is removed, all is as it was.
package proxy
