// Command golden records the golden histories of package judge: it plays the scenes of reports/judge/testdata/scenes on
// real clusters and keeps what was seen, sealed, in reports/judge/testdata/legal.
//
// A scene does something legal that the specs of the suite do not do, often something that looks like a breach. Each has a
// namespace of its own, so that many are played at once. When all are over each is sealed and judged.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = `Usage: go run ./hack/golden, with options as variables (make golden VERSION=v1.36.3)

It makes a cluster of VERSION, plays the scenes on it, writes their histories into
reports/judge/testdata/legal/<version>, judges them, and removes the cluster.

Options
  VERSION=v1.36.3           Kubernetes version of the cluster; several are separated by spaces
  SCENES='policy-*'         only the scenes whose names fit; several patterns are separated by spaces
  CLUSTER=<name>            play on a cluster that was kept, whatever its version, and leave it
  KEEP=1                    keep the cluster that was made
  PROCS=8                   how many scenes are played at once

Exit status
  0 all recorded and none has a finding, 1 the judge has a finding, 2 a scene was not as it says, or there was no cluster
`

// Exit statuses.
const (
	silent = iota
	found
	failed
)

func main() {
	if len(os.Args) > 1 {
		fmt.Print(usage)
		if help := os.Args[1]; help == "-h" || help == "--help" || help == "help" {
			os.Exit(silent)
		}
		os.Exit(failed)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code, err := do(ctx)
	stop()
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "golden: interrupted")
	case err != nil:
		fmt.Fprintln(os.Stderr, "golden:", err)
	}
	os.Exit(code)
}

// do plays the scenes that are asked for on the clusters that are asked for and returns the exit status.
func do(ctx context.Context) (code int, err error) {
	options, err := readOptions(os.Getenv)
	if err != nil {
		return failed, err
	}
	root, err := root()
	if err != nil {
		return failed, err
	}
	scenes, err := load(root)
	if err != nil {
		return failed, err
	}
	if scenes, err = options.chosen(scenes); err != nil {
		return failed, err
	}
	host, err := attach(ctx, root)
	if err != nil {
		return failed, err
	}
	defer func() { err = errors.Join(err, host.release()) }()
	clusters := []source{host.kept(options.cluster)}
	if options.cluster == "" {
		clusters = nil
		for _, version := range options.versions {
			clusters = append(clusters, host.made(version, options.keep))
		}
	}
	for _, cluster := range clusters {
		worse, err := play(ctx, host, cluster, scenes, options.procs)
		if code = max(code, worse); err != nil {
			return failed, err
		}
	}
	return code, nil
}

// play plays the scenes on one cluster.
func play(ctx context.Context, host *host, from source, scenes []*Scene, procs int) (code int, err error) {
	c, done, err := from(ctx)
	if err != nil {
		return failed, err
	}
	defer func() { err = errors.Join(err, done()) }()
	theatre, err := open(c, host)
	if err != nil {
		return failed, err
	}
	defer theatre.close()
	return theatre.season(ctx, scenes, procs)
}
