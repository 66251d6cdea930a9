// Package failures proves section 17.1.3, "Understanding how Job failures are handled": failures that the kubelet handles
// within a pod, failures for which the Job controller creates another pod, and Jobs that it gives up. Deadlines are in
// suites/deadlines.
package failures
